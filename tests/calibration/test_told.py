"""What a calibration is drawn and told as, and what is waited for before it is stored; without a rig."""

from __future__ import annotations

import re
from typing import Any, cast

import pytest

from retrorig.calibration import certificate
from retrorig.calibration.calibrating import await_idle
from retrorig.calibration.direction import judged
from retrorig.calibration.plot import residual_lines
from retrorig.calibration.taring import Tare, tared
from retrorig.errors import InputError, RigRefusedError

OLD = {"counts_per_rev": 2400, "circumference_um": 240_000, "direction": 1}


def point(load: str, newtons: float, off_n: float) -> dict[str, Any]:
    return {"load": load, "newtons": newtons, "code": 1000 * newtons, "off_n": off_n}


POINTS = [
    point("slack", 0.0, 0.4),
    point("5kg", 50.0, -0.8),
    point("10kg", 100.0, 0.0),
    point("20kg", 200.0, 0.8),
]


def test_each_load_is_drawn_as_far_off_the_line_as_it_is() -> None:
    """The furthest at the edge, none at the line, the others in proportion; all columns in one place."""
    head, *lines = residual_lines(POINTS)
    axis = head.index("-0.80 N")
    assert head.endswith("+0.80 N") and head.index(" 0 ", axis) + 1 == axis + 16
    assert [line.index("*") - axis for line in lines] == [24, 0, 16, 32]
    assert [line[axis + 16] for line in lines] == ["|", "|", "*", "|"]
    for line, each in zip(lines, POINTS, strict=True):
        words = line.split()
        assert words[:4] == [
            each["load"],
            f"{each['newtons']:.2f}",
            f"{each['code']:.0f}",
            f"{each['off_n']:+.3f}",
        ]
        assert re.match(r" *\S+ +\S+ +\S+ +\S+  ", line) and line == line.rstrip()


def test_loads_that_lie_on_the_line_are_not_drawn_larger_than_life() -> None:
    head, *lines = residual_lines([point("slack", 0.0, 0.0), point("5kg", 50.0, 0.001)])
    assert head.endswith("+0.01 N")
    places = [line.index("*") for line in lines]
    assert places[1] - places[0] == 2


def test_a_page_has_each_load_at_its_newtons_and_its_distance_from_the_line() -> None:
    drawn = certificate.plotted(POINTS)
    assert (drawn["load_n"], drawn["largest_n"]) == (200.0, 0.8)
    assert [(round(x, 6), round(y, 6)) for x, y in drawn["dots"]] == [
        (60, 55),
        (200, 160),
        (340, 90),
        (620, 20),
    ]
    straight = certificate.plotted([point("slack", 0.0, 0.0), point("5kg", 50.0, 0.0)])
    assert straight["dots"] == [(60, 90), (620, 90)] and straight["largest_n"] == 0.01
    assert certificate.plotted([])["dots"] == []


RECORD = {
    "kind": "belt", "made_utc": "2026-11-22T10:00:00Z", "scale_nn": 0, "zero": 35_000, "circumference_um": 250_125,
    "counts_per_rev": 2400, "circumference_pm_ppm": 2000, "span_pm_ppm": None, "direction": 1,
}  # fmt: skip


def test_a_record_tells_what_is_known_and_that_the_rest_is_not() -> None:
    assert certificate.facts(RECORD) == [
        ("made", "2026-11-22 10:00:00 UTC"),
        ("by", "-"),
        ("in place of", "-"),
    ]
    values = {name: (value, pm) for name, value, pm in certificate.values(RECORD)}
    assert values["roller's circumference"] == ("250.125 mm", "+-0.20 %")
    assert values["force a code"] == ("not determined", "not determined")
    assert (values["counts a turn"], values["direction"]) == (("2400", ""), ("as wired", ""))
    copied = {
        **RECORD,
        "direction": -1,
        "evidence": {"copied_from": "rr-2", "copied_id": "ab"},
        "replaces": "cd",
    }
    assert certificate.facts(copied)[2:] == [("in place of", "cd"), ("copied from", "rr-2, ab")]
    assert certificate.values(copied)[-1][1] == "turned round"


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        ("belt", "250.125 mm +-0.20 %"),
        ("force", "465.766 uN a code not determined"),
        ("direction", "as wired"),
    ],
)
def test_what_was_found_is_told_in_a_few_words(kind: str, told: str) -> None:
    record = {**RECORD, "kind": kind, "scale_nn": 465_766}
    assert certificate.result(record) == told
    assert certificate.result({**record, "kind": "direction", "direction": -1}) == "turned round"


class Rig:
    """Answers `info` with one state after the other, and the last one for ever."""

    def __init__(self, *states: tuple[str, int], zero: int = 0, scale_nn: int = 1_000_000) -> None:
        self.states, self.now_s = list(states), 100.0
        self.zero, self.scale_nn = zero, scale_nn

    def info(self) -> dict[str, Any]:
        state, speed = self.states.pop(0) if len(self.states) > 1 else self.states[0]
        return {"state": state, "speed_mmps": speed}

    def monotonic(self) -> float:
        return self.now_s

    def listen(self, seconds: float) -> None:
        self.now_s += seconds

    def request(self, verb: str) -> dict[str, Any]:
        calibration = {"zero": 1000, "scale_nn": self.scale_nn}
        return {"tare": {"zero": self.zero}, "calibration": {"calibration": calibration}}[verb]


def test_a_set_that_the_calibration_has_begun_is_waited_for() -> None:
    rig = Rig(("running", 100), ("idle", 3), ("running", 0), ("idle", 0))
    await_idle(cast("Any", rig))
    assert rig.now_s == 101.5
    busy = Rig(("running", 0))
    with pytest.raises(RigRefusedError, match="let the belt stand"):
        await_idle(cast("Any", busy))
    assert 60 < busy.now_s - 100 < 120, "a set ends within a minute"


@pytest.mark.parametrize(
    ("zero", "moved_n", "told"), [(30_900, 29.9, ""), (31_100, 30.1, "+30 N"), (-29_100, -30.1, "-30 N")]
)
def test_a_tare_far_from_the_calibrations_zero_is_doubted(zero: int, moved_n: float, told: str) -> None:
    tare = tared(cast("Any", Rig(("idle", 0), zero=zero)))
    assert tare.zero == zero and tare.moved_n == pytest.approx(moved_n)
    assert bool(tare.warning) == bool(told) and told in tare.warning
    unknown = tared(cast("Any", Rig(("idle", 0), zero=zero, scale_nn=0)))
    assert unknown == Tare(zero, None) and unknown.warning == ""


@pytest.mark.parametrize(("counts", "is_step"), [(500, True), (-500, True), (499, False), (-499, False)])
def test_a_step_is_at_least_five_centimetres(counts: int, is_step: bool) -> None:
    """On a roller whose count is a tenth of a millimetre."""
    if is_step:
        assert judged(counts, OLD)[1] == {"step_mm": 50.0, "counts": counts}
    else:
        with pytest.raises(InputError, match="moved by 50 mm only"):
            judged(counts, OLD)
