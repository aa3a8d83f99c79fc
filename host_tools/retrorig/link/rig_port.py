"""Finds and opens the port of the one rig among several ports."""

from __future__ import annotations

from collections.abc import Callable

from retrorig.discovery.candidates import UsbPort, candidates
from retrorig.discovery.trouble import nothing_found
from retrorig.errors import NoRigError, RetrorigError
from retrorig.link.client import RigClient
from retrorig.link.ports import Port, open_port
from retrorig.link.relayed import relayed

BRIEF_TRIES = 3
"""A second and a half: a rig that runs answers the first."""


def open_rig(url: str | None) -> Port:
    """Open the port `url`, or that of the only rig; one that `retrorig watch` has is used through it."""
    return _open_watched(url or find_rig(_open_watched))


def _open_watched(url: str) -> Port:
    return relayed(url) or open_port(url)


def find_rig(open_url: Callable[[str], Port]) -> str:
    """The port of the only rig; NoRigError explains none or several.

    A lone candidate is taken without asking, as the command that wants it will. Of several each is greeted.
    """
    ports = candidates()
    if not ports:
        raise NoRigError(nothing_found())
    if len(ports) == 1:
        return ports[0].device
    asked = [(port, *_ask(port, open_url)) for port in ports]
    rigs = [(port, rig) for port, rig, _ in asked if rig]
    if len(rigs) == 1:
        return rigs[0][0].device
    if rigs:
        listed = ", ".join(f"{port.device} is rig {rig}" for port, rig in rigs)
        raise NoRigError(f"There are several rigs ({listed}): choose one with --port.")
    reasons = "; ".join(f"{port.device}: {reason.rstrip('.')}" for port, _, reason in asked)
    names = ", ".join(port.device for port in ports)
    raise NoRigError(f"None of {names} answers as a rig ({reasons}): choose one with --port.")


def _ask(port: UsbPort, open_url: Callable[[str], Port]) -> tuple[str, str]:
    """(the rig's id, "") or ("", why there is none)."""
    try:
        client = RigClient(open_url(port.device))
    except RetrorigError as error:
        return "", str(error)
    try:
        return str(client.request("hello", tries=BRIEF_TRIES).get("rig", "?")), ""
    except RetrorigError as error:
        return "", str(error)
    finally:
        client.close()
