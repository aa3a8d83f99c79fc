"""`retrorig tare`: takes the present pull as zero force."""

from __future__ import annotations

from retrorig import connect
from retrorig.cli.options import JsonOption, PortOption
from retrorig.cli.output import notify, print_json


def tare(port: PortOption = None, as_json: JsonOption = False) -> None:
    """Take the present pull as zero force; let the line hang slack before.

    Example: retrorig tare
    """
    with connect(port) as rig:
        found = rig.tare()
    if as_json:
        print_json(vars(found))
        return
    notify(f"Zero force is code {found.zero} now.")
    if found.warning:
        notify(found.warning)
