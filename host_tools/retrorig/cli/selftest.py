"""`retrorig selftest`: the virtual rig end to end on this computer."""

from __future__ import annotations

from dataclasses import asdict

from retrorig import FaultFoundError, run_selftest
from retrorig.cli.options import JsonOption
from retrorig.cli.output import print_json, progress

_WORDS = {True: "passed", False: "FAILED", None: "left out"}


def selftest(as_json: JsonOption = False) -> None:
    """Play a recording through the whole rig, without hardware, and check what comes out.

    Exit status 4 when a check fails. Needs Linux x86-64 or macOS arm64, half a minute and no network.

    Example: retrorig selftest
    """
    with progress("playing a recording") as report:
        checks = list(run_selftest(report))
    if as_json:
        print_json([asdict(check) for check in checks])
    else:
        width = max(len(check.name) for check in checks)
        for check in checks:
            print(f"{_WORDS[check.passed]:<8}  {check.name:<{width}}  {check.evidence}")
    failed = [check.name for check in checks if check.passed is False]
    if failed:
        raise FaultFoundError(f"{len(failed)} of {len(checks)} checks failed: {', '.join(failed)}.")
