"""`retrorig info`: what a rig is and does."""

from __future__ import annotations

from retrorig import connect
from retrorig.cli.options import JsonOption, PortOption
from retrorig.cli.output import print_facts, print_json


def info(port: PortOption = None, as_json: JsonOption = False) -> None:
    """Show a rig's identity, state and losses; a running set goes on undisturbed.

    Example: retrorig info --port /dev/ttyUSB0
    """
    with connect(port) as rig:
        facts = {**rig.hello(), **rig.info()} if as_json else rig.described()
    facts.pop("ok", None)
    print_json(facts) if as_json else print_facts(facts)
