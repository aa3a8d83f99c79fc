"""Units and addresses that others define: of recordings' columns, and of the flash as MicroPython divides it."""

from __future__ import annotations

from array import array
from pathlib import Path

import pytest

from retrorig import partitions
from retrorig.errors import InputError
from retrorig.partitions import PartitionEntry, with_setlog, without_setlog
from retrorig.recording import read_recording
from retrorig.recording_times import are_milliseconds

NAMES = {
    "time": ("time", "t", "timestamp", "elapsed"),
    "belt": ("belt", "belt_position", "position", "pos", "distance", "x"),
    "force": ("force", "pull", "f"),
}
UNITS = {
    "time": {"s": 1, "sec": 1, "ms": 0.001, "us": 1e-6, "µs": 1e-6, "min": 60},
    "belt": {"m": 1, "cm": 0.01, "mm": 0.001, "ft": 0.3048, "yd": 0.9144},
    "force": {"N": 1, "kN": 1000, "kgf": 9.80665, "lbf": 0.45359237 * 9.80665},
}
"""SI units, the international foot and yard, the standard acceleration of free fall."""

FORMS = ("{name}_{unit}", "{name} ({unit})", "{name} [ {unit} ]", '"{name} {unit}"')
PLAIN = {"time": "time_s", "belt": "belt_m", "force": "force_n"}
CASES = [(what, unit, form) for what, units in UNITS.items() for unit in units for form in FORMS]


@pytest.mark.parametrize(("what", "unit", "form"), CASES)
def test_each_unit_of_a_column_is_what_it_is(tmp_path: Path, what: str, unit: str, form: str) -> None:
    """Under each of its names, in the forms in which programs write them."""
    for name in NAMES[what]:
        for spelt in {name, name.capitalize()}:
            columns = {**PLAIN, what: form.format(name=spelt, unit=unit)}
            file = tmp_path / "rec.csv"
            file.write_text(f"{','.join(columns.values())}\n0,0,0\n2,2,2\n3,3,3\n")
            found = read_recording(file)
            column = {"time": found.time_s, "belt": found.belt_m, "force": found.force_n}[what]
            assert list(column) == pytest.approx([0, 2 * UNITS[what][unit], 3 * UNITS[what][unit]], rel=1e-7)


@pytest.mark.parametrize(
    "header", ["time_s,belt_ms,force_n", "time_s,belt_furlong,force_n", "s,belt_m,force_n"]
)
def test_what_is_no_unit_of_that_quantity_is_not_guessed(tmp_path: Path, header: str) -> None:
    file = tmp_path / "rec.csv"
    file.write_text(f"{header}\n0,0,0\n1,1,1\n")
    with pytest.raises(InputError, match=r"rec\.csv, line 1: the header is .*it must name"):
        read_recording(file)


STOCK = [
    PartitionEntry(1, 2, 0x9000, 0x6000, "nvs"),
    PartitionEntry(1, 1, 0xF000, 0x1000, "phy_init"),
    PartitionEntry(0, 0, 0x10000, 0x1F0000, "factory"),
]
"""ports/esp32/partitions-4MiB.csv of MicroPython, without the file system."""


@pytest.mark.parametrize("flash_mb", [4, 8, 16])
@pytest.mark.parametrize("divide", [with_setlog, without_setlog])
def test_the_flash_is_divided_without_a_hole_from_the_application_to_its_end(flash_mb: int, divide) -> None:
    assert list(partitions.STOCK) == STOCK
    table = divide(STOCK, flash_mb << 20)
    assert table[:3] == STOCK
    ends = [entry.address + entry.size for entry in table]
    assert [entry.address for entry in table[1:]] == ends[:-1]
    assert ends[-1] == flash_mb << 20
    assert all(entry.address % 4096 == entry.size % 4096 == 0 for entry in table)
    kinds = [(entry.kind, entry.subtype, entry.label) for entry in table[3:]]
    expected = [(1, 0x81, "vfs"), (1, 0x40, "setlog")]
    assert kinds == (expected if divide is with_setlog else expected[:1])


def test_a_flash_that_was_divided_is_divided_the_same_way_again() -> None:
    once = with_setlog(STOCK, 4 << 20)
    assert with_setlog(once, 4 << 20) == once
    assert with_setlog(without_setlog(STOCK, 4 << 20), 4 << 20) == once


@pytest.mark.parametrize("n", [38, 39, 40, 41, 200])
def test_a_header_that_is_not_understood_is_repeated_as_far_as_it_fits_a_sentence(
    tmp_path: Path, n: int
) -> None:
    file = tmp_path / "rec.csv"
    line = ("a" * n)[:n]
    file.write_text(f"{line}\n0,0,0\n")
    with pytest.raises(InputError) as raised:
        read_recording(file)
    shown = f"'{line}'" if n <= 40 else f"'{'a' * 40}...'"
    assert f"the header is {shown};" in str(raised.value)


@pytest.mark.parametrize(
    ("step", "are_ms"), [(0.5, False), (0.99, False), (1.0, True), (250.0, True), (251.0, False)]
)
def test_times_are_taken_for_milliseconds_only_at_steps_that_samples_have(step: float, are_ms: bool) -> None:
    """Somebody who walks at 0.9 m/s, if so."""
    times = array("d", (step * n for n in range(100)))
    belt = array("d", (step * n * 0.9e-3 for n in range(100)))
    assert are_milliseconds(times, belt) == are_ms


@pytest.mark.parametrize(
    ("speed_mps", "are_ms"), [(0.0, False), (0.9, True), (14.9, True), (15.1, False), (60.0, False)]
)
def test_times_are_milliseconds_if_somebody_walks_then(speed_mps: float, are_ms: bool) -> None:
    times = array("d", (10.0 * n for n in range(100)))
    belt = array("d", (0.01 * n * speed_mps for n in range(100)))
    assert are_milliseconds(times, belt) == are_ms
