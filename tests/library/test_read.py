"""What a set's header, end and samples may hold: each value to the end of its range, and beyond it as if not known."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tests.host.sets import MadeSet, header_of, ramped
from tests.library.libraries import walk

from retrorig.forms import WHOLE_MAX
from retrorig.library import reading
from retrorig.library.reading import read_set
from rigcore import fields
from rigcore.decode import decode_set
from rigcore.records import TYPE_END, TYPE_HEADER, pack_header, seal

NATURAL = ([0, 1, WHOLE_MAX], [-1, 1.5, "1", True, None, WHOLE_MAX + 1])
POSITIVE = ([1, WHOLE_MAX], [0, -1, 1.5, "1"])
RATED = ([0, 10], [-1, 11, 5.5])
VALUES: dict[str, tuple[list[Any], list[Any]]] = {
    **dict.fromkeys(
        ("boot", "era", "step", "rest_ms", "load_g", "delay_conv", "samples", "lost", "circumference_pm_ppm",
         "span_pm_ppm", "linearity_mn", "paused_ms", "start_us", "end_us"), NATURAL),
    **dict.fromkeys(("counts_per_rev", "circumference_um", "rate_mhz", "pace_mmps"), POSITIVE),
    **dict.fromkeys(("rpe", "pain"), RATED),
    "rig": (["a", "x" * 32], ["", "x" * 33, "a\nb", 7]),
    "start_unix_ms": ([946_684_800_000, 4_102_444_799_999], [946_684_799_999, 4_102_444_800_001, 0]),
    "rest_counts": ([[0, 0], [-5, 3]], [[1], [1, 2, 3], [1, "2"], 5, {}]),
    "pauses": ([[], [[1, 2, 3, 4]], [[1, 2, 3, 4], [-1, 0, 0, 0]]], [[[1, 2, 3]], [1], [[1, 2, 3, "4"]], {}]),
    "over_ms": ([{}, {"peak": 0}], [{"peak": -1}, {"peak": "1"}, []]),
    "remarks": ([{}, {"kick": [1, 2, 3]}], [{"kick": [1, 2]}, {"a\nb": [1, 2, 3]}, {"kick": 1}, []]),
    "target": ([["distance", 1000]], [["distance"], ["distance", 1, 2], ["distance", None], "distance"]),
    "cadence_spm": ([[1, 200]], [[0, 200], [200], [1, 2, 3]]),
    "colour": (["red"], ["\x1b[31m", 7]),
    **dict.fromkeys(("athlete", "cal", "attachment", "firmware"), (["", "x" * 200], ["x" * 201, "a\0", 7])),
    "kind": (["free", "warmup", "work", "cooldown"], ["sprint", 7]),
    "machine": (["treadmill", "sled"], ["bike", None]),
    "side": (["left", "right", "both"], ["up", 1]),
    "of-tomorrow": ([[1.5], "x" * 900], []),
}  # fmt: skip
"""By key, what firmware/PROTOCOL.md says that it may be, and what it may not."""

NEEDED = ("rig", "boot", "start_us", "counts_per_rev", "circumference_um")


def blob(key: str, value: Any, *more: bytes) -> bytes:
    """A header with this value, put in as no board of ours would."""
    known = {name: each for name, each in header_of(MadeSet(ramped(1, 3), abs, 3.0)).items() if name != key}
    body = bytearray(pack_header(known))
    fields.put_field(body, fields.MORE, json.dumps({key: value}).encode())
    return b"".join([seal(TYPE_HEADER, 0, bytes(body), 7), *more])


@pytest.mark.parametrize("key", VALUES)
def test_a_value_that_can_not_be_is_left_out_and_every_other_is_kept(key: str) -> None:
    can_be, can_not = VALUES[key]
    for value in can_be:
        raw = read_set(blob(key, value))
        assert raw.header[key] == value
        assert reading.header_of(blob(key, value)) == raw.header
    for value in can_not:
        if key in NEEDED:
            for read in (read_set, reading.header_of):
                with pytest.raises(ValueError, match=f"{key} is missing or can't be"):
                    read(blob(key, value))
        else:
            assert key not in read_set(blob(key, value)).header, value


def test_a_pull_without_a_zero_is_none_and_without_a_scale_too() -> None:
    assert "scale_nn" not in read_set(blob("zero", "odd")).header
    header = read_set(blob("scale_nn", None)).header
    assert header.get("scale_nn") is None and "zero" in header


@pytest.mark.parametrize("end", [{"reason": "still", "end_us": 5}, {"reason": "still"}, {"end_us": 5}, {}])
def test_an_end_has_a_time_and_a_reason_or_is_none(end: dict[str, Any]) -> None:
    raw = read_set(blob("colour", "red", seal(TYPE_END, 1, fields.pack(end), 7)))
    assert raw.end == (end if len(end) == 2 else None)


@pytest.mark.parametrize("column", ["count", "code"])
@pytest.mark.parametrize("value", [2**31 - 1, -(2**31), 2**31, -(2**31) - 1])
def test_samples_that_no_sensor_gives_are_no_set(
    monkeypatch: pytest.MonkeyPatch, column: str, value: int
) -> None:
    raw = decode_set(walk())
    getattr(raw, column)[1] = value
    monkeypatch.setattr(reading, "decode_set", lambda blob: raw)
    if -(2**31) <= value < 2**31:
        assert getattr(read_set(b""), column)[1] == value
    else:
        with pytest.raises(ValueError, match="beyond any sensor"):
            read_set(b"")
