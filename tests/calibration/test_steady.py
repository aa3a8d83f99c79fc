"""What counts as a load at rest, what a record tells of a calibration, and what each unit weighs."""

from __future__ import annotations

import math
from itertools import count
from typing import Any

import pytest
from tests.calibration.test_judging import COUNTS_PER_N, OLD, hung

from retrorig.calibration import watching
from retrorig.calibration.force_fit import _slip, drift_n, judged
from retrorig.calibration.units import LENGTHS_MM, WEIGHTS_N, length, weight
from retrorig.calibration.watching import Sensors, Window, is_steady, level_of, settle, unrest
from retrorig.errors import InputError


def windows(
    codes: list[float | None], spread: int = 100, counts: list[int] | None = None, full: bool = True
) -> list[Window]:
    return [Window(float(n), counts[n] if counts else 0, code, spread, full) for n, code in enumerate(codes)]


@pytest.mark.parametrize(
    ("spread", "load", "zero", "steady"),
    [
        (1000, 0.0, None, True),
        (1001, 0.0, None, False),
        (1000, 0.0, 0.0, True),
        (1001, 50_000.0, 0.0, False),
        (1001, 100_101.0, 0.0, True),
        (4000, 400_000.0, 0.0, True),
        (4001, 400_000.0, 0.0, False),
        (4000, -400_000.0, 0.0, True),
        (4000, 400_000.0, None, False),
    ],
)
def test_a_cell_is_quiet_within_a_thousand_codes_or_a_hundredth_of_its_load(
    spread: int, load: float, zero: float | None, steady: bool
) -> None:
    assert is_steady(windows([load] * 3, spread), zero) == steady


@pytest.mark.parametrize(
    ("codes", "spread", "steady"),
    [
        ([0.0, 10.0, 20.0], 0, True),
        ([0.0, 10.0, 20.5], 0, False),
        ([0.0, 100.0, 200.0], 800, True),
        ([0.0, 100.0, 201.0], 800, False),
        ([5.0, 5.0], 0, False),
        ([5.0, None, 5.0], 0, False),
        ([5.0, 5.0, 5.0, 5.0], 0, True),
    ],
)
def test_means_that_go_on_in_one_direction_are_no_rest(
    codes: list[float | None], spread: int, steady: bool
) -> None:
    assert is_steady(windows(codes, spread)) == steady


def test_a_belt_that_moves_or_a_window_with_too_few_conversions_is_no_rest() -> None:
    assert is_steady(windows([1.0] * 3, counts=[0, 4, 2]))
    assert not is_steady(windows([1.0] * 3, counts=[0, 5, 2]))
    assert not is_steady(windows([1.0] * 3, full=False))
    assert "step off" in unrest(windows([1.0] * 3, counts=[0, 9, 0]))
    assert "no values" in unrest(windows([1.0, 1.0, None]))
    assert "swings" in unrest(windows([1.0, 90.0, 1.0]))
    found = level_of(windows([1.0, None, 4.0], counts=[0, 1, 2]))
    assert (found.code, found.counts, found.spread) == (2.5, 2, 100)


class Rig:
    """Answers `raw` with codes by its own time, which goes `pace` times as fast as the caller's."""

    def __init__(self, codes: list[float | None], rate_mhz: int = 80_000, pace: float = 1.0) -> None:
        self.now_s, self.pace, self.rate_mhz, self.left = 50.0, pace, rate_mhz, codes
        self.looks = count()

    def monotonic(self) -> float:
        return self.now_s

    def listen(self, seconds: float) -> None:
        self.now_s += seconds

    def info(self) -> dict[str, Any]:
        return {"rate_mhz": self.rate_mhz} if self.rate_mhz else {}

    def request(self, verb: str) -> dict[str, Any]:
        self.now_s += 0.01
        code = self.left.pop(0) if len(self.left) > 1 else self.left[0]
        return {
            "board_us": round(self.now_s * self.pace * 1e6),
            "counts": 7,
            "code": code,
            "spread": 50,
            "conversions": 64,
        }


@pytest.mark.parametrize(("rate_mhz", "window_s"), [(80_000, 0.8), (10_000, 6.4), (0, 0.8)])
def test_a_window_lasts_as_long_as_its_conversions(rate_mhz: int, window_s: float) -> None:
    rig: Any = Rig([1.0], rate_mhz)
    assert Sensors(rig).window_s == pytest.approx(window_s)


@pytest.mark.parametrize("pace", [1.0, 20.0])
def test_windows_share_no_conversion_by_the_board_s_time(pace: float) -> None:
    rig: Any = Rig([1.0], pace=pace)
    steps = Sensors(rig).windows(0.8)
    ends_s = [next(steps).board_s for _ in range(6)]
    assert all(0.8 <= after - before < 0.8 + 0.3 * pace for before, after in zip(ends_s, ends_s[1:]))


def test_a_load_that_comes_to_rest_is_told_when_it_does(monkeypatch: pytest.MonkeyPatch) -> None:
    rig: Any = Rig([0.0, 900.0, 100.0, 500.0, 300.0, 305.0, 303.0, 304.0, 304.0])
    said: list[str] = []
    sensors = Sensors(rig)
    found = settle(sensors, said.append)
    assert found.code == pytest.approx(304, abs=2) and found.counts == 7
    assert said == ["The load swings or still settles. Waiting until that is over."], "once"
    assert sensors.code_range == 900.0


@pytest.mark.parametrize("rate_mhz", [10_000, 80_000, 320_000])
def test_a_load_that_never_rests_ends_with_what_was_in_the_way(rate_mhz: int) -> None:
    """A minute after the first windows that could have agreed."""
    rig: Any = Rig([0.0, 900.0] * 300, rate_mhz)
    sensors = Sensors(rig)
    with pytest.raises(InputError, match=r"swings.*old calibration stays"):
        settle(sensors, lambda words: None)
    waited_s = rig.now_s - 50 - watching.LIMIT_S
    assert watching.STEADY_N * sensors.window_s < waited_s < (watching.STEADY_N + 2) * sensors.window_s + 1
    silent: Any = Rig([None])
    with pytest.raises(InputError, match="no values"):
        settle(Sensors(silent), lambda words: None)


def test_a_movement_s_range_is_kept_when_it_was_one() -> None:
    rig: Any = Rig([0.0, 10.0, None, 100.0, 101.0, 5.0])
    sensors = Sensors(rig)
    for _ in range(3):
        sensors.look()
    assert sensors.code_range == 10
    sensors.end_movement(counts_as_one=True)
    sensors.look()
    sensors.look()
    assert sensors.code_range == 10
    sensors.end_movement(counts_as_one=False)
    sensors.look()
    assert sensors.code_range == 10


@pytest.mark.parametrize("weights_pm_rel", [0.001, 0.005, 0.02])
@pytest.mark.parametrize("drift", [0.0, 0.5])
def test_a_record_tells_what_a_calibration_was_made_of(weights_pm_rel: float, drift: float) -> None:
    named, true_n = ["50N", "100N", "200N"], [50.1, 99.9, 200.0]
    made = hung(named, true_n, drift)
    values, evidence = judged(made, OLD, weights_pm_rel, False)
    assert evidence["weights_pm_ppm"] == round(weights_pm_rel * 1e6)
    assert values["span_pm_ppm"] == pytest.approx(
        math.hypot(evidence["weights_pm_ppm"], evidence["fit_pm_ppm"]), abs=1.5
    )
    assert evidence["drift_n"] == pytest.approx(drift, abs=0.002) == pytest.approx(drift_n(made), abs=0.002)
    assert values["zero"] == round(35_000 + drift * COUNTS_PER_N), "the one after the weights"
    points = evidence["points"]
    assert [point["load"] for point in points] == ["slack", *named, "slack"]
    assert [point["newtons"] for point in points] == [0, 50, 100, 200, 0]
    assert [point["code"] for point in points[1:-1]] == pytest.approx(
        [35_000 + COUNTS_PER_N * n for n in true_n], abs=0.1
    )
    worst_n = max(abs(point["off_n"]) for point in points)
    assert values["linearity_mn"] == pytest.approx(worst_n * 1e3, abs=1)
    assert evidence["linearity_ppm"] == pytest.approx(worst_n / 200 * 1e6, rel=0.05)


@pytest.mark.parametrize(
    ("ratio", "words"),
    [
        (1 / 9.80665, "N were given for kg"),
        (9.80665, "kg were given for N"),
        (1 / 4.448, "N were given for lb"),
        (4.448, "lb were given for N"),
        (1 / 2.2046, "kg were given for lb"),
        (2.2046, "lb were given for kg"),
        (9.80665 * 1.04, "kg were given for N"),
        (9.80665 * 1.06, ""),
        (3.0, ""),
    ],
)
def test_each_slip_of_unit_is_named_both_ways(ratio: float, words: str) -> None:
    assert _slip(ratio) == (f", as if {words}" if words else "")


@pytest.mark.parametrize(
    ("text", "newtons"),
    [
        ("1kg", 9.80665),
        ("1000 g", 9.80665),
        ("3 N", 3.0),
        ("1lb", 0.45359237 * 9.80665),
        (".5KG", 4.903325),
        ("2.n", 2.0),
    ],
)
def test_a_weight_is_its_newtons_at_standard_gravity(text: str, newtons: float) -> None:
    assert weight(text).value == pytest.approx(newtons, rel=1e-7)
    assert set(WEIGHTS_N) == {"kg", "g", "N", "lb"}


@pytest.mark.parametrize(
    ("text", "mm"), [("1mm", 1), ("2cm", 20), ("3 M", 3000), ("1in", 25.4), ("1ft", 304.8)]
)
def test_a_length_is_its_millimetres(text: str, mm: float) -> None:
    assert length(text).value == pytest.approx(mm, rel=1e-12)
    assert set(LENGTHS_MM) == {"mm", "cm", "m", "in", "ft"}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("5", "with its unit, as in 5kg"),
        ("5,5kg", "with a point, as 5.5kg"),
        ("0kg", "above zero"),
        ("-1kg", "unit"),
        ("5st", "unit"),
    ],
)
def test_what_is_no_weight_is_refused_with_how_to_write_one(text: str, words: str) -> None:
    with pytest.raises(InputError, match=words):
        weight(text)
