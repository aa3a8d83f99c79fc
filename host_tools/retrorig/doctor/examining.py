"""Examines a rig, from its port to the verdicts."""

from __future__ import annotations

import platform
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from importlib.metadata import version

from retrorig.doctor.asking import Assistant, gather
from retrorig.doctor.judging import judged
from retrorig.doctor.verdict import Verdict, worst
from retrorig.link.client import RigClient
from retrorig.link.rig_port import open_rig

SHORT_ID = 4
"""Digits of the rig's id in a text that may be pasted anywhere: enough to tell a few rigs apart."""


@dataclass(frozen=True)
class Examined:
    """What was examined, without names, and a verdict for each part."""

    rig: str
    board: str
    program: str
    verdicts: list[Verdict]

    @property
    def worst(self) -> str:
        """The worst level of all parts."""
        return worst(self.verdicts)


def examine(
    port: str | None = None,
    guide: Assistant | None = None,
    progress: Callable[[float, float], None] = lambda done, total: None,
) -> Examined:
    """Judge each part of the rig at a port, or of the only one. With a guide somebody turns the roller and pulls.

    NoRigError, LinkLostError or RigRefusedError when it can't be asked.
    """
    with closing(RigClient(open_rig(port))) as client:
        facts = gather(client, guide, progress)
    return Examined(
        facts.hello["rig"][:SHORT_ID] + "...",
        facts.evidence["chip"],
        f"retrorig {version('retrorig')} on {platform.system()}, Python {platform.python_version()}",
        list(judged(facts)),
    )
