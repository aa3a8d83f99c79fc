"""What the host may ask to set the rig up: its calibration, its settings, and what the sensors read.

commands.py loads this for the moment when one of its verbs is asked. A calibration, or several settings, come as a
piece of JSON by `put` (plan_commands.py) and are stored as a whole or not at all.
"""

from rigcore import protocol
from rigcore.protocol import RequestError

from .store import CALIBRATION_FILE
from .transient import transient_import
from .view import UNKNOWN


def calibration(rig):
    return {"calibration": rig.calibration}


def calibration_save(rig, crc):
    """Check the calibration that was put, store it and go on with it."""
    given = _whole(rig, crc)
    values = {key: given.get(key) for key in rig.calibration}
    problem = transient_import("rigcore.calibration").problem(values)
    if problem:
        raise RequestError(protocol.ERR_ARGUMENT, problem)
    values["direction"] = values["direction"] or 1
    _write(rig, lambda: transient_import("app.store").save(CALIBRATION_FILE, values))
    rig.calibrate(values)
    return calibration(rig)


def settings(rig):
    return {"settings": rig.settings.all()}


def settings_save(rig, crc):
    """Check the settings that were put, store them and answer with all of them."""
    return _change(rig, _whole(rig, crc))


def setting(rig, name, value=""):
    """Read or change one setting; it is kept."""
    if value:
        _change(rig, {name: value})
    name = transient_import("rigcore.settings_schema").RENAMED.get(name, name)
    return {name: rig.settings.get(name)}


def raw(rig):
    """What the sensors read, without a calibration: the mean of the latest conversions; the display shows it too."""
    codes, counts = rig.codes, rig.pulses.total
    code = codes.latest(codes.n) if codes.n else None
    rig.controls.say("Calibrating... code %s count %d" % (UNKNOWN if code is None else code, counts))
    return {
        "board_us": rig.board_us(),
        "counts": counts,
        "conversions": codes.n,
        "code": code,
        "spread": codes.spread(),
    }


VERBS = {
    "calibration": (calibration, 0, 0),
    "calibration-save": (calibration_save, 1, 1),
    "settings": (settings, 0, 0),
    "settings-save": (settings_save, 1, 1),
    "setting": (setting, 1, 2),
    "raw": (raw, 0, 0),
}


def _change(rig, changes):
    schema = transient_import("rigcore.settings_schema")
    try:
        checked = schema.checked(changes)
    except schema.SettingError as error:
        raise RequestError(protocol.ERR_ARGUMENT, error.args[0]) from None
    _write(rig, lambda: rig.settings.change(checked))
    return settings(rig)


def _whole(rig, crc):
    """The object whose pieces were put."""
    found = transient_import("app.upload").whole(rig, int(crc)) if crc.isdigit() else None
    if not isinstance(found, dict):
        raise RequestError(protocol.ERR_ARGUMENT, "What was sent arrived damaged; try again.")
    return found


def _write(rig, write):
    draft = transient_import("app.upload")
    draft.require_standstill(rig)
    try:
        write()
    except OSError:
        raise draft.no_room() from None
