"""`retrorig doctor`: each part of a rig judged, with the reason and the mend."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import asdict
from typing import Annotated, Any

import typer

from retrorig import FaultFoundError
from retrorig.cli.options import JsonOption, PortOption
from retrorig.cli.output import print_json, progress
from retrorig.doctor import Verdict, examine

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
    if guide:
        found = examine(port, guide)
    else:
        with progress("asking the rig") as report:
            found = examine(port, progress=report)
    verdicts, about = found.verdicts, {"rig": found.rig, "board": found.board, "program": found.program}
    if as_json:
        print_json({**about, "verdict": found.worst, "parts": [asdict(verdict) for verdict in verdicts]})
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
