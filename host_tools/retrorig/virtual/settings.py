"""Settings of a virtual rig: its true geometry, its parts' imperfections and faults (RIG.toml)."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from retrorig.errors import InputError
from retrorig.texts import read_toml
from rigcore.calibration import problem
from rigcore.vocabulary import CONVERTERS, DISPLAYS, HX711, SSD1306

FAULTS = {
    "adc": ("silent", "stuck", "floating", "disconnected", "lost_clock"),
    "encoder": ("a_dead", "b_dead", "swapped", "noise"),
    "oled": ("unplugged",),
}


@dataclass(frozen=True)
class Fault:
    """A part that fails between two times after power-on, seconds."""

    part: str
    kind: str
    from_s: float = 0.0
    to_s: float = float("inf")


def kinds_present(faults: tuple[Fault, ...], part: str, t_s: float) -> frozenset[str]:
    """The kinds of fault that a part has at a time after power-on."""
    return frozenset(f.kind for f in faults if f.part == part and f.from_s <= t_s < f.to_s)


@dataclass(frozen=True)
class Calibration:
    """The calibration stored on the rig; None stands for the true value."""

    circumference_um: int | None = None
    counts_per_rev: int | None = None
    zero: int | None = None
    scale_nn: int | None = None


@dataclass(frozen=True)
class RigSettings:
    """The truth about a virtual rig. Defaults are an ordinary, healthy one.

    `rate_hz` is the converter's true rate; None lets the seed choose 82.9 to 93.7 Hz, as measured on real
    HX711 modules sold as 80 Hz. `drift_n_per_hour` moves the zero. `dither_counts` is the belt's trembling at
    standstill, in encoder counts.
    """

    circumference_mm: float = 250.0
    counts_per_rev: int = 2400
    counts_per_n: float = 2147.0
    offset_code: int = 35000
    noise_nv: float = 90.0
    rate_hz: float | None = None
    drift_n_per_hour: float = 2.0
    dither_counts: float = 0.3
    display: str = SSD1306
    converter: str = HX711
    chip: str = "esp32"
    flash_mb: int = 4
    setlog: bool = True
    heap_kb: int = 272  # the chip's 160 KB in words of 64 bits, and 31 KB for the simulated modules
    faults: tuple[Fault, ...] = ()
    calibration: Calibration = field(default_factory=Calibration)

    def __post_init__(self) -> None:
        _check_range("circumference_mm", self.circumference_mm, 20, 5000)
        _check_range("counts_per_rev", self.counts_per_rev, 4, 100_000)
        _check_range("counts_per_n", abs(self.counts_per_n), 0.01, 1e6)
        _check_range("offset_code", self.offset_code, -(1 << 23), (1 << 23) - 1)
        _check_range("noise_nv", self.noise_nv, 0, 1e6)
        _check_range("dither_counts", self.dither_counts, 0, 100)
        _check_range("heap_kb", self.heap_kb, 64, 4096)
        why = problem(self.board_calibration())
        if why:
            raise InputError(f"No board can be calibrated for this rig: {why[0].lower()}{why[1:]}")
        if self.rate_hz is not None:
            _check_range("rate_hz", self.rate_hz, 5, 400)
        if self.converter not in CONVERTERS:
            raise InputError(f"converter is {self.converter!r}; it must be {' or '.join(CONVERTERS)}.")
        if self.display not in DISPLAYS:
            raise InputError(f"display is {self.display!r}; it must be {' or '.join(DISPLAYS)}.")
        if self.chip != "esp32":
            raise InputError(f'The virtual rig has no chip {self.chip!r}: only "esp32" is modelled.')
        if self.flash_mb not in (4, 8, 16):
            raise InputError(f"flash_mb is {self.flash_mb}; it must be 4, 8 or 16.")

    @property
    def counts_per_m(self) -> float:
        return self.counts_per_rev / self.circumference_mm * 1000

    def board_calibration(self) -> dict[str, int]:
        """What is written to the board's calibration file, without its id."""
        believed = self.calibration
        return {
            "circumference_um": _or(believed.circumference_um, round(self.circumference_mm * 1000)),
            "counts_per_rev": _or(believed.counts_per_rev, self.counts_per_rev),
            "zero": _or(believed.zero, self.offset_code),
            "scale_nn": _or(believed.scale_nn, round(1e9 / self.counts_per_n)),
        }


def load_rig_settings(path: str | Path) -> RigSettings:
    """Read a RIG.toml; InputError with one sentence when it can't be used."""
    data = read_toml(Path(path), "rig description")
    try:
        return settings_from(data)
    except InputError as error:
        raise InputError(f"{Path(path).name}: {error}") from None


def settings_from(data: dict[str, Any]) -> RigSettings:
    """Settings from parsed TOML; unknown names and wrong types are refused."""
    plain = {key: value for key, value in data.items() if key not in ("calibration", "faults")}
    settings: RigSettings = _fill(RigSettings, plain, "")
    faults = data.get("faults", [])
    if not isinstance(faults, list):
        raise InputError("faults must be tables: write each as [[faults]].")
    return replace(
        settings,
        calibration=_fill(Calibration, data.get("calibration", {}), "calibration."),
        faults=tuple(_fault(entry) for entry in faults),
    )


def _fault(entry: Any) -> Fault:
    fault: Fault = _fill(Fault, entry, "faults.")
    if fault.kind not in FAULTS.get(fault.part, ()):
        known = "; ".join(f"{part}: {', '.join(kinds)}" for part, kinds in FAULTS.items())
        raise InputError(f"no fault {fault.kind!r} of a part {fault.part!r} is known; known are {known}.")
    return fault


def _fill(kind: type, data: Any, prefix: str) -> Any:
    if not isinstance(data, dict):
        raise InputError(f"{prefix.rstrip('.')} must be a table of names and values.")
    types = {f.name: str(f.type) for f in fields(kind)}
    for name, value in data.items():
        if name not in types or name in ("faults", "calibration"):
            raise InputError(f"{prefix}{name} is not a setting; known are {', '.join(types)}.")
        if not _fits(value, types[name]):
            raise InputError(
                f"{prefix}{name} is {value!r}, which is not of the type {types[name].split(' ')[0]}."
            )
    try:
        return kind(**data)
    except TypeError:
        raise InputError(f"{prefix.rstrip('.')} needs {' and '.join(list(types)[:2])}.") from None


def _fits(value: Any, wanted: str) -> bool:
    if isinstance(value, bool):
        return wanted.startswith("bool")
    if isinstance(value, int):
        return wanted.startswith(("int", "float"))
    return (
        isinstance(value, float) and wanted.startswith("float") or isinstance(value, str) and wanted == "str"
    )


def _check_range(name: str, value: float, low: float, high: float) -> None:
    if not low <= value <= high:
        raise InputError(f"{name} is {value}; it must be {low:g} to {high:g}.")


def _or(value: int | None, default: int) -> int:
    return default if value is None else value
