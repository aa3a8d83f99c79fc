"""What the host may ask to set the rig up: its calibration, its settings, and what the sensors read.

commands.py loads this for the moment when one of its verbs is asked. A calibration, or several settings, come as a
piece of JSON by `put` (plan_commands.py) and are stored as a whole or not at all.
"""

import json

from rigcore import TYPE_CHECKING, protocol
from rigcore.motion import Geometry
from rigcore.plausibility import Plausibility
from rigcore.protocol import RequestError

from .transient import collect_now, transient_import
from .view import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from rigcore.average import CodeAverage

    from .commands import Answer, Verbs
    from .plan_store import PlanStore
    from .rig import Rig
    from .settings import Settings


def calibration(present: "Answer") -> "Answer":
    return {"calibration": present}


def calibration_save(rig: "Rig", plans: "PlanStore", crc: str) -> "Answer":
    """Check the calibration that was put, store it and go on with it."""
    given = _whole(plans, crc)
    values = {key: given.get(key) for key in rig.calibration}
    problem = transient_import("rigcore.calibration").problem(values)
    if problem:
        raise RequestError(protocol.ERR_ARGUMENT, problem)
    values["direction"] = values["direction"] or 1
    _write(rig, lambda keep: transient_import("app.store").keep_calibration(values, keep))
    go_on_with(rig, values)
    return calibration(values)


def go_on_with(rig: "Rig", values: "dict[str, Any]") -> None:
    """Another calibration is valid; only at standstill. The tare stays if the calibration's zero does."""
    text = json.dumps(values)
    collect_now()
    values = json.loads(text)  # it stays, what brought it goes
    if values["zero"] != rig.calibration["zero"]:
        rig.zero = values["zero"]
    rig.calibration = values
    rig.pulses.sign = values["direction"]
    rig.geometry = Geometry(values["counts_per_rev"], values["circumference_um"])
    rig.plausibility = Plausibility(rig.geometry)
    rig.session.use(rig.geometry)
    rig.set_scale()


def settings(stored: "Settings") -> "Answer":
    return {"settings": stored.all()}


def settings_save(rig: "Rig", plans: "PlanStore", stored: "Settings", crc: str) -> "Answer":
    """Check the settings that were put, store them and answer with all of them."""
    _change(rig, stored, _whole(plans, crc))
    return settings(stored)


def setting(rig: "Rig", stored: "Settings", name: str, value: str = "") -> "Answer":
    """Read or change one setting; it is kept."""
    if value:
        _change(rig, stored, {name: value})
    return {name: stored.get(name)}


def raw(codes: "CodeAverage", counts: int, board_us: int, say: "Callable[[str], None]") -> "Answer":
    """What the sensors read, without a calibration: the mean of the latest conversions; the display shows it too."""
    code = codes.latest(codes.n) if codes.n else None
    say("Calibrating... code %s count %d" % (UNKNOWN if code is None else code, counts))
    return {
        "board_us": board_us,
        "counts": counts,
        "conversions": codes.n,
        "code": code,
        "spread": codes.spread(),
    }


VERBS: "Verbs" = {
    "calibration": (calibration, lambda rig: (rig.calibration,), 0, 0),
    "calibration-save": (calibration_save, lambda rig: (rig, rig.plans), 1, 1),
    "settings": (settings, lambda rig: (rig.settings,), 0, 0),
    "settings-save": (settings_save, lambda rig: (rig, rig.plans, rig.settings), 1, 1),
    "setting": (setting, lambda rig: (rig, rig.settings), 1, 2),
    "raw": (raw, lambda rig: (rig.codes, rig.pulses.total, rig.board_us(), rig.controls.say), 0, 0),
}


def _change(rig: "Rig", stored: "Settings", changes: "dict[str, Any]") -> None:
    schema = transient_import("rigcore.settings_schema")
    try:
        checked = schema.checked_settings(changes)
    except schema.SettingError as error:
        raise RequestError(protocol.ERR_ARGUMENT, error.args[0]) from None
    _write(rig, lambda keep: stored.change(checked, keep))


def _whole(plans: "PlanStore", crc: str) -> "dict[str, Any]":
    """The object whose pieces were put."""
    found = transient_import("app.upload").whole(plans, int(crc)) if crc.isdigit() else None
    if not isinstance(found, dict):
        raise RequestError(protocol.ERR_ARGUMENT, "What was sent arrived damaged; try again.")
    return found


def _write(rig: "Rig", write: "Callable[[Callable[[str, bytes], None]], None]") -> None:
    standstill = transient_import("app.standstill")
    standstill.require_standstill(rig)
    try:
        write(rig.plans.keep)
    except OSError:
        raise standstill.no_room() from None
