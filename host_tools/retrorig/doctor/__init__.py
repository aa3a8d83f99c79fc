"""Judges each part of a connected rig: what was seen, the verdict, and the mend.

`examine` does all of it: `gather` asks the rig for facts, `judged` turns facts into verdicts and touches nothing.
"""

from retrorig.doctor.asking import Assistant, gather
from retrorig.doctor.examining import Examined, examine
from retrorig.doctor.judging import judged
from retrorig.doctor.verdict import Verdict, worst

__all__ = ["Assistant", "Examined", "Verdict", "examine", "gather", "judged", "worst"]
