"""What the doctor asks a rig for is what it judges: every sample once, a drift with its width, a turn to its end."""

from __future__ import annotations

from typing import Any

import pytest
from tests.doctor.healthy import facts, info, trace

from retrorig.doctor import asking
from retrorig.doctor.asking import gather
from retrorig.doctor.sensors import load_cell
from retrorig.doctor.trace import Trace, joined
from retrorig.errors import RigRefusedError
from retrorig.link.client import RigClient
from rigcore.force import FAULT_SATURATED, NO_CONVERSION
from rigcore.protocol import ERR_VERB
from rigcore.ticks import TICKS_PERIOD

STEP_US = 12_500
PIECE_N = 16


class Rig:
    """A rig by formula: its clock `fast_ppm` fast, each answer after `answer_s`, a sample every 12.5 ms."""

    resent_n, text = 0, "some text"

    def __init__(self, answer_s: float = 0.01, fast_ppm: float = 0.0, kept_n: int = 400) -> None:
        self.now_s, self.answer_s, self.fast_ppm, self.kept_n = 100.0, answer_s, fast_ppm, kept_n
        self.turn: list[int] = []
        self.codes: list[int | None] = []
        self.refused = ""
        self.asked_from: list[int] = []

    def monotonic(self) -> float:
        return self.now_s

    def utc(self) -> float:
        return 1_780_000_000 + self.now_s

    def listen(self, seconds: float) -> None:
        self.now_s += seconds

    def hello(self) -> dict[str, Any]:
        return {"boot": 3}

    def info(self) -> dict[str, Any]:
        return info()

    def clock(self, unix_ms: int) -> dict[str, Any]:
        self.now_s += self.answer_s / 2
        board_us = round((self.now_s - 50) * 1e6 * (1 + self.fast_ppm * 1e-6))
        self.now_s += self.answer_s / 2
        return {"board_us": board_us}

    def request(self, verb: str, *args: Any, tries: int = 5) -> dict[str, Any]:
        if verb == self.refused:
            raise RigRefusedError("No.", ERR_VERB if verb == "evidence" else "busy")
        self.now_s += self.answer_s
        return {"evidence": self.evidence, "levels": self.levels, "trace": self.trace}[verb](*args)

    def evidence(self) -> dict[str, Any]:
        return {"calibration": {"id": "x"}}

    def levels(self) -> dict[str, Any]:
        counts = self.turn.pop(0) if len(self.turn) > 1 else (self.turn or [0])[0]
        code = self.codes.pop(0) if self.codes else None
        return {"counts": counts, "code": code, "looks": [1, 0, 2]}

    def trace(self, first: int) -> dict[str, Any]:
        """The kept samples from `first` on, PIECE_N at first, then fewer at once; those from before are gone."""
        self.asked_from.append(first)
        end = int(self.now_s * 1e6) // STEP_US
        oldest = max(first, end - self.kept_n)
        numbers = range(oldest, min(oldest + (PIECE_N if first == 0 else 9), end))
        return {
            "first": oldest,
            "end": end,
            "ticks": [number * STEP_US % TICKS_PERIOD for number in numbers],
            "counts": list(numbers),
            "codes": [number % 50 for number in numbers],
        }


class Guide:
    def __init__(self) -> None:
        self.said: list[str] = []

    def say(self, what_to_do: str) -> None:
        self.said.append(what_to_do)


def facts_of(rig: Rig, guide: Guide | None = None) -> Any:
    client: Any = rig
    assert isinstance(client, Rig) and RigClient
    return gather(client, guide, utc_now=rig.utc)


def test_the_samples_of_the_last_seconds_are_all_there_once() -> None:
    trace = facts_of(Rig()).trace
    assert {b - a for a, b in zip(trace.t_us, trace.t_us[1:])} == {STEP_US}
    assert {b - a for a, b in zip(trace.counts, trace.counts[1:])} == {1}
    assert trace.span_s == pytest.approx(asking.HELD_S, abs=1.5 * STEP_US / 1e6)
    assert len(trace.t_us) == len(trace.counts) == len(trace.codes)


def test_what_was_overwritten_while_it_was_asked_is_no_gap() -> None:
    """A rig that answers more slowly than samples come: what is shown is of one piece."""
    rig = Rig(answer_s=0.21)
    trace = facts_of(rig).trace
    assert {b - a for a, b in zip(trace.t_us, trace.t_us[1:])} == {STEP_US}
    assert len(trace.t_us) >= 9


def test_a_rig_without_samples_has_an_empty_trace() -> None:
    rig = Rig()
    rig.trace = lambda first: {"first": first, "end": 9, "ticks": [], "counts": [], "codes": []}  # type: ignore[method-assign]
    trace = facts_of(rig).trace
    assert trace == Trace()
    assert (trace.span_s, trace.moved_counts, trace.share_of_fault(FAULT_SATURATED)) == (0, 0, 0)
    assert trace.rate_hz is None and trace.is_still and trace.longest_gap_ms == 0


@pytest.mark.parametrize("fast_ppm", [-180.0, 0.0, 40.0, 700.0])
@pytest.mark.parametrize("answer_s", [0.004, 0.05])
def test_the_clock_s_drift_is_told_with_what_the_trips_may_hide(fast_ppm: float, answer_s: float) -> None:
    rig = Rig(answer_s, fast_ppm)
    begun_s = rig.now_s
    facts = facts_of(rig)
    assert facts.drift_ppm == pytest.approx(fast_ppm, rel=1e-3, abs=0.5)
    assert facts.examined_s == rig.now_s - begun_s
    assert facts.drift_pm_ppm == pytest.approx(answer_s / facts.examined_s * 1e6, rel=0.2)


def test_requests_and_the_slowest_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    rig, done = Rig(answer_s=0.03), []
    client: Any = rig
    facts = gather(client, None, lambda now, total: done.append((now, total)), rig.utc)
    assert facts.line.asked_n == asking.REQUESTS_N == len(facts.levels)
    assert facts.line.slowest_ms == pytest.approx(30)
    assert (facts.line.resent_n, facts.line.text) == (0, "some text")
    assert done == [(number + 1, asking.REQUESTS_N) for number in range(asking.REQUESTS_N)]
    assert facts.turned is None and facts.pulled_codes is None, "nobody was there"


@pytest.mark.parametrize("way", [1, -1])
def test_a_turn_is_watched_until_the_roller_has_stood(way: int) -> None:
    rig, guide = Rig(), Guide()
    slow = [way * 120 * n for n in range(21)]
    rig.turn = [0] * (asking.REQUESTS_N + 5) + slow
    facts = facts_of(rig, guide)
    assert facts.turned.counts == way * 2400 and facts.turned.turns == 1
    assert facts.turned.levels_a == facts.turned.levels_b.union({0, 1}) == frozenset({0, 1})
    assert facts.turned.levels_b == frozenset({0})
    assert ["Turn the roller" in guide.said[0], "Pull the line" in guide.said[1]] == [True, True]


def test_a_roller_that_only_trembles_is_waited_for_to_the_limit() -> None:
    rig = Rig()
    rig.turn = [0, 3] * 1000
    begun_s = rig.now_s
    facts = facts_of(rig, Guide())
    assert abs(facts.turned.counts) <= 3
    assert rig.now_s - begun_s >= asking.TURN_LIMIT_S + asking.PULL_S + asking.QUIET_S


def test_a_turn_is_over_as_soon_as_it_has_stood_long_enough() -> None:
    rig = Rig()
    rig.turn = [0] * (asking.REQUESTS_N + 1) + [1200, 2400]
    begun_s = rig.now_s
    facts_of(rig, Guide())
    without_turning_s = asking.PULL_S + asking.QUIET_S + 1.5
    assert rig.now_s - begun_s < asking.TURN_STILL_S + without_turning_s + 0.5


def test_a_pull_is_told_from_its_least_to_its_most() -> None:
    rig = Rig()
    rig.codes = [0] * asking.REQUESTS_N + [None] * 46 + [50, -20, None, 300, 7]
    assert facts_of(rig, Guide()).pulled_codes == 320
    assert facts_of(Rig(), Guide()).pulled_codes == 0, "no code at all"


def test_an_older_rig_is_to_be_updated_and_a_refusal_stays_one() -> None:
    rig = Rig()
    rig.refused = "evidence"
    with pytest.raises(RigRefusedError, match="too old for the doctor") as raised:
        facts_of(rig)
    assert raised.value.code == "protocol"
    rig.refused = "levels"
    with pytest.raises(RigRefusedError, match=r"^No\.$"):
        facts_of(rig)


SCALE_N = 465_766e-9
"""Newtons a code of the healthy rig."""


@pytest.mark.parametrize(
    ("changes", "level", "words"),
    [
        ({"trace": trace()}, "ok", "N at rest"),
        ({"trace": trace(counts_per_s=50)}, "ok", "at rest only"),
        ({"trace": trace(codes_per_s=25 / SCALE_N / 5)}, "ok", "somebody pulled: 2"),
        (
            {"trace": trace(codes_per_s=25 / SCALE_N / 5), "pulled_codes": round(30 / SCALE_N)},
            "ok",
            "moved it by 30 N",
        ),
        ({"trace": trace(noise=1.2 / SCALE_N)}, "warn", "N at rest"),
        ({"trace": trace(noise=0.8 / SCALE_N)}, "ok", "N at rest"),
        ({"trace": trace(codes_per_s=6 / SCALE_N / 60)}, "warn", "drift +6."),
        ({"trace": trace(codes_per_s=-4 / SCALE_N / 60)}, "ok", "drift -4."),
        ({"after": info(force_mn=21_000)}, "warn", "21.0 N at rest"),
        ({"after": info(force_mn=-19_000)}, "ok", "-19.0 N at rest"),
        ({"after": info(force_mn=None)}, "ok", "0.0 N at rest"),
        ({"calibration": {"scale_nn": 0}}, "warn", " N (scale guessed); the force is not calibrated"),
        ({"calibration": {"zero": 5_000_000}}, "warn", "its zero is at 60% of the range"),
        ({"pulled_codes": round(4 / SCALE_N)}, "fail", "a pull moved it by 4.0 N only"),
        ({"pulled_codes": round(6 / SCALE_N)}, "ok", "N at rest"),
    ],
)
def test_a_load_cell_is_judged_at_rest_by_noise_drift_and_zero(
    changes: dict[str, Any], level: str, words: str
) -> None:
    verdict = load_cell(facts(**changes))
    assert ("guessed" in verdict.evidence) == ("guessed" in words)
    assert (verdict.level, words in verdict.evidence) == (level, True), verdict


def trace_of(codes: list[int], step_us: int = STEP_US) -> Trace:
    n = len(codes)
    return Trace(tuple(step_us * i for i in range(n)), (0,) * n, tuple(codes))


def test_a_trace_s_numbers_are_what_they_are_called() -> None:
    trace = Trace((0, 10_000, 25_000, 30_000), (5, 9, 3, 3), (7, 7, NO_CONVERSION, FAULT_SATURATED))
    assert trace.span_s == pytest.approx(0.03)
    assert trace.sound == [7, 7]
    assert trace.share_of_fault(FAULT_SATURATED) == 0.25
    assert trace.conversions_us == [0, 10_000, 30_000]
    assert trace.longest_gap_ms == pytest.approx(20)
    assert trace.longest_stall_ms == pytest.approx(15)
    assert (trace.moved_counts, trace.travel_counts, trace.longest_repeat) == (-2, 10, 2)
    assert not trace.is_still
    assert trace.latest(0.005) == Trace(trace.t_us[2:], trace.counts[2:], trace.codes[2:])
    long = Trace((0, 1, 5_000_001), (0, 1, 2), (7, 8, 9))
    assert long.latest(5.0) == Trace((1, 5_000_001), (1, 2), (8, 9)), "to the microsecond"


def test_a_silent_end_is_a_gap() -> None:
    trace = Trace((0, 10_000, 700_000), (0, 0, 0), (7, 7, NO_CONVERSION))
    assert trace.longest_gap_ms == pytest.approx(690)
    assert Trace((0, 10_000), (0, 0), (NO_CONVERSION,) * 2).longest_gap_ms == pytest.approx(10)


@pytest.mark.parametrize(("counts", "is_still"), [((3, 7, 5), True), ((3, 8, 5), False), ((), True)])
def test_a_belt_whose_edge_trembles_stands(counts: tuple[int, ...], is_still: bool) -> None:
    assert Trace(tuple(range(len(counts))), counts, (0,) * len(counts)).is_still == is_still


@pytest.mark.parametrize(
    ("counts", "n"), [((0, 9, 0, 9, 0), 3), ((0, 9, 18, 27), 0), ((0, 9, 5, 14), 0), ((0, 9, 4, 13), 2)]
)
def test_reversals_are_turns_of_more_than_a_trembling_edge(counts: tuple[int, ...], n: int) -> None:
    assert Trace(tuple(range(len(counts))), counts, (0,) * len(counts)).reversals == n


def test_a_ramp_s_drift_and_range_are_its_own() -> None:
    """400 samples 12.5 ms apart that rise by 8 codes a second."""
    trace = trace_of([round(0.1 * i) for i in range(401)])
    assert trace.drift_codes_per_s == pytest.approx(8, rel=0.01)
    assert trace.swing_codes == pytest.approx(39.2, abs=0.8)
    assert trace_of(list(range(1001))).swing_codes == pytest.approx(980, abs=2), (
        "without the outer hundredths"
    )
    assert trace_of(list(range(40))).drift_codes_per_s == pytest.approx(80, rel=0.03)
    assert trace_of(list(range(39))).drift_codes_per_s == 0, "too few to tell"
    assert trace_of([0, 9] * 4).swing_codes == 0, "too few to tell"


@pytest.mark.parametrize("n", [10, 11, 50])
def test_the_rate_is_told_from_ten_gaps_on_and_not_by_one_that_is_long(n: int) -> None:
    times = [STEP_US * i for i in range(n)] + [STEP_US * n + 300_000]
    trace = Trace(tuple(times), (0,) * len(times), (1,) * len(times))
    assert trace.rate_hz == pytest.approx(80)
    assert Trace(tuple(times[:10]), (0,) * 10, (1,) * 10).rate_hz is None


@pytest.mark.parametrize(("late_us", "share"), [(0, 0.0), (3_900, 0.0), (4_100, 0.01), (-4_100, 0.01)])
@pytest.mark.parametrize("beats", [1, 2])
def test_a_conversion_is_late_by_more_than_a_transfer_holds_it_up(
    late_us: int, share: float, beats: int
) -> None:
    """Of a hundred; one that was passed over is missing and not late. Early is the next one late."""
    times = [STEP_US * (i + (beats - 1) * (i >= 50)) + late_us * (i == 50) for i in range(101)]
    assert Trace(tuple(times), (0,) * 101, (1,) * 101).late_share == pytest.approx(share)


def test_ticks_before_and_after_their_wrap_are_one_time() -> None:
    answers = [
        {"ticks": [TICKS_PERIOD - 30, TICKS_PERIOD - 10], "counts": [1, 2], "codes": [5, 6]},
        {"ticks": [10, 30], "counts": [3, 4], "codes": [7, 8]},
    ]
    trace = joined(answers)
    assert [b - a for a, b in zip(trace.t_us, trace.t_us[1:])] == [20, 20, 20]
    assert (trace.counts, trace.codes) == ((1, 2, 3, 4), (5, 6, 7, 8))
