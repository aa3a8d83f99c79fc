"""`retrorig tare`: zero force is what the line pulls now."""

from __future__ import annotations

from contextlib import closing

from retrorig.cli.options import JsonOption, PortOption
from retrorig.cli.output import notify, print_json
from retrorig.link.client import RigClient
from retrorig.link.rig_port import open_rig


def tare(port: PortOption = None, as_json: JsonOption = False) -> None:
    """Take the present pull as zero force; let the line hang slack before.

    Example: retrorig tare
    """
    from retrorig.calibration.taring import tared

    with closing(RigClient(open_rig(port))) as client:
        client.hello()
        found = tared(client)
    if as_json:
        print_json(vars(found))
        return
    notify(f"Zero force is code {found.zero} now.")
    if found.warning:
        notify(found.warning)
