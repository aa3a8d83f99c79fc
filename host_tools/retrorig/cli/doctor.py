"""`retrorig doctor`: each part of a rig judged, with the reason and the mend."""

from __future__ import annotations

import platform
import sys
from collections.abc import Sequence
from contextlib import closing
from dataclasses import asdict
from importlib.metadata import version
from typing import Annotated, Any

import typer

from retrorig import FaultFoundError
from retrorig.cli.options import JsonOption, PortOption
from retrorig.cli.output import print_json, progress
from retrorig.doctor import Verdict, gather, judged, worst
from retrorig.link.client import RigClient
from retrorig.link.rig_port import open_rig

SHORT_ID = 4
"""Digits of the rig's id in a text that may be pasted anywhere: enough to tell a few rigs apart."""


UnattendedOption = Annotated[
    bool, typer.Option("--unattended", help="Ask nobody to turn and pull; judge what can be seen without.")
]


def doctor(
    port: PortOption = None, unattended: UnattendedOption = False, as_json: JsonOption = False
) -> None:
    """Judge each part of a rig: what was seen, the verdict, and what to do.

    In a terminal somebody is asked to turn the roller and to pull the line. The text holds no names and no
    sets, so that it can be pasted into a bug report. Exit status 4 when a part fails.

    Example: retrorig doctor
    """
    guide = _Guide() if sys.stdin.isatty() and sys.stdout.isatty() and not (as_json or unattended) else None
    with closing(RigClient(open_rig(port))) as client:
        if guide:
            facts = gather(client, guide)
        else:
            with progress("asking the rig") as report:
                facts = gather(client, progress=report)
    verdicts = judged(facts)
    about = {
        "rig": facts.hello["rig"][:SHORT_ID] + "...",
        "board": facts.evidence["chip"],
        "program": f"retrorig {version('retrorig')} on {platform.system()}, Python {platform.python_version()}",
    }
    if as_json:
        print_json({**about, "verdict": worst(verdicts), "parts": [asdict(verdict) for verdict in verdicts]})
    else:
        _print_verdicts(about, verdicts)
    failed = [verdict.part for verdict in verdicts if verdict.level == "fail"]
    if failed:
        raise FaultFoundError(f"The doctor found a fault: {', '.join(failed)}; the mend stands beside it.")


class _Guide:
    """The person at this terminal."""

    def say(self, what_to_do: str) -> None:
        typer.prompt(
            f"{what_to_do} Enter begins", default="", show_default=False, prompt_suffix=" ", err=True
        )


def _print_verdicts(about: dict[str, Any], verdicts: Sequence[Verdict]) -> None:
    print(", ".join(f"{name} {value}" for name, value in about.items()))
    part_width = max(len(verdict.part) for verdict in verdicts)
    level_width = max(len(verdict.level) for verdict in verdicts)
    for verdict in verdicts:
        level = verdict.level.upper() if verdict.level == "fail" else verdict.level
        print(f"{verdict.part:<{part_width}}  {level:<{level_width}}  {verdict.evidence}")
        if verdict.mend:
            print(f"{'':<{part_width + level_width + 4}}-> {verdict.mend}")
