"""The judges on facts made by formula: each fault changes the verdict of its own part alone, and names a mend."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.doctor.healthy import NOISE, RATE_HZ, ZERO, facts, info, trace

from retrorig.doctor import Verdict, judged, worst
from retrorig.doctor.facts import Facts, LinkFacts, RollerTurn
from retrorig.doctor.trace import joined
from rigcore.force import FAULT_SATURATED, NO_CONVERSION
from rigcore.ticks import TICKS_PERIOD

BOTH = frozenset({0, 1})
STILL = {"counts": 0}


def levels(found: Facts) -> dict[str, str]:
    return {verdict.part: verdict.level for verdict in judged(found) if verdict.level != "ok"}


def of(found: Facts, part: str) -> Verdict:
    return next(verdict for verdict in judged(found) if verdict.part == part)


def codes(*values: int, share: float = 1.0) -> Any:
    """The healthy trace with these codes again and again in a share of its samples."""
    sound = trace()
    step = round(1 / share)
    return replace(
        sound,
        codes=tuple(values[i % len(values)] if i % step == 0 else code for i, code in enumerate(sound.codes)),
    )


def held(*names: str, share: float = 1.0) -> list[dict[str, Any]]:
    down = round(20 * share)
    return [{"buttons": list(names) if i < down else [], "looks": [0, 0, 40]} for i in range(20)]


def in_no_set(remarks: dict[str, list[int]]) -> dict[str, Any]:
    """What `info` tells of such remarks, on a roller of 2400 counts and 250 mm."""
    return {"moved": {"between": (0, 0), "remarks": remarks}, "roller": (2400, 250_000)}


def test_a_healthy_rig_has_nothing() -> None:
    assert levels(facts()) == {}
    assert worst(judged(facts())) == "ok"


PLANTED: list[tuple[str, str, str, Facts]] = [
    ("supply", "fail", "brownout", facts(line=LinkFacts(40, 0, 20, "Brownout detector was triggered"))),
    ("supply", "fail", "restarted", facts(boots=frozenset({7, 8}))),
    ("supply", "fail", "restarted", facts(after=info(uptime_ms=4_000))),
    ("resets", "warn", "watchdog", facts(after=info(reset_cause=3))),
    ("resets", "warn", "1 crashes", facts(evidence={"crashes": 1})),
    ("resets", "fail", "2 crashes", facts(evidence={"crashes": 2})),
    ("link", "warn", "1 of 40", facts(line=LinkFacts(40, 1, 520, ""))),
    ("link", "warn", "slowest answer 400", facts(line=LinkFacts(40, 0, 400, ""))),
    ("link", "fail", "9 of 40", facts(line=LinkFacts(40, 9, 520, ""))),
    ("encoder", "unknown", "stood still", facts(after=info(counts=1))),
    ("encoder", "fail", "no movement", facts(after=info(doubt="pull in steps but no movement: check the lines"))),
    ("encoder", "fail", "to and fro",
     facts(trace=replace(trace(), counts=tuple(30 * (i % 2) for i in range(450))))),
    ("encoder", "fail", "line B never", facts(turned=RollerTurn(1, 1, BOTH, frozenset({0})))),
    ("encoder", "fail", "both lines change", facts(turned=RollerTurn(1, 2, BOTH, BOTH))),
    ("encoder", "fail", "as forward", facts(turned=RollerTurn(1, -2400, BOTH, BOTH))),
    ("encoder", "fail", "4096", facts(turned=RollerTurn(1, 4096, BOTH, BOTH))),
    ("converter", "fail", "no conversions", facts(trace=codes(NO_CONVERSION), after=info())),
    ("converter", "fail", "out of step", facts(after=info(faults={"desync": 3}))),
    ("converter", "fail", "same code", facts(trace=codes(ZERO))),
    ("converter", "warn", "10.0 conversions/s", facts(trace=trace(rate_hz=10, seconds=30))),
    ("converter", "warn", "since the start",
     facts(before=info(faults={"desync": 3}, uptime_ms=1), after=info(faults={"desync": 3}))),
    ("load cell", "fail", "end stops", facts(trace=codes(FAULT_SATURATED, share=0.1))),
    ("load cell", "fail", "N", facts(trace=trace(noise=100_000))),
    ("load cell", "fail", "a pull moved it", facts(pulled_codes=100)),
    ("load cell", "warn", "% of the range", facts(calibration={"zero": 6_000_000})),
    ("load cell", "warn", "not calibrated", facts(calibration={"scale_nn": 0})),
    ("load cell", "warn", "noise", facts(trace=trace(noise=4_000))),
    ("load cell", "warn", "drift", facts(trace=trace(codes_per_s=2147 * 10 / 60))),
    ("load cell", "warn", " 80.0 N at rest", facts(after=info(force_mn=80_000))),
    ("movement", "warn", "9.0 m were moved that are in no set: 1 walk that found the store full",
     facts(after=info(**in_no_set({"full": [1, 86_400, 0]})))),
    ("display", "fail", "not answer", facts(evidence={"display": False})),
    ("display", "unknown", "no line back", facts(evidence={"display": None})),
    ("buttons", "fail", "rpe", facts(levels=held("rpe"))),
    ("clock", "warn", "+900 ppm", facts(drift_ppm=900.0)),
    ("timing", "fail", "2 lost", facts(after=info(dropped=2))),
    ("timing", "warn", "late", facts(trace=trace(late=tuple(range(0, 450, 8))))),
    ("timing", "warn", "longest stall 411", facts(trace=trace(gap_at=200))),
    ("memory", "warn", "3000 bytes", facts(evidence={"heap_free": 3000})),
    ("flash", "warn", "room for 3", facts(after=info(room_min=3))),
    ("flash", "warn", "1 of 416", facts(evidence={"bad_sectors": 1})),
    ("flash", "warn", "beside sets: settings unreadable", facts(evidence={"kept": [["settings", "unreadable"]]})),
    ("flash", "warn", "sector 7 byte 0: header lost", facts(evidence={"damage": [[7, 0, "header lost"]]})),
    ("flash", "fail", "60 of 416", facts(evidence={"bad_sectors": 60})),
    ("flash", "fail", "120.19%", facts(evidence={"sequence": 50_000_000})),
    ("versions", "fail", "1.22.0", facts(evidence={"micropython": "1.22.0"})),
    ("versions", "warn", "firmware 0.1.0", facts(host_firmware="0.2.0")),
]  # fmt: skip
CONSEQUENCES = {"converter": {"load cell"}}
"""What can't be judged any more when a part has failed."""


@pytest.mark.parametrize(("part", "level", "words", "found"), PLANTED)
def test_each_planted_fault_gets_its_verdict_and_a_mend(
    part: str, level: str, words: str, found: Facts
) -> None:
    verdict = of(found, part)
    assert (verdict.level, words in verdict.evidence) == (level, True), verdict
    assert verdict.mend
    assert levels(found).keys() - CONSEQUENCES.get(part, set()) == {part}


def test_a_fault_that_a_rig_does_not_list_has_not_come() -> None:
    quiet = {**info(uptime_ms=110_000), "faults": {}}
    assert levels(facts(before=quiet, after={**info(), "faults": {}})) == {}
    assert (
        "; 2 reads out of step"
        in of(facts(before=quiet, after=info(faults={"desync": 2})), "converter").evidence
    )


def test_every_part_has_been_planted_with_a_fault() -> None:
    assert {part for part, *_ in PLANTED} == {verdict.part for verdict in judged(facts())}


def with_gap(gap_ms: float) -> Facts:
    """The healthy trace, in which once nothing was read for so long after a sample."""
    sound = trace()
    at = 200
    added_us = round(gap_ms * 1000) - (sound.t_us[at] - sound.t_us[at - 1])
    t_us = (*sound.t_us[:at], *(one + added_us for one in sound.t_us[at:]))
    return facts(trace=replace(sound, t_us=t_us))


def repeating(n: int) -> Facts:
    sound = trace()
    return facts(trace=replace(sound, codes=(*[ZERO + 900] * n, *sound.codes[n:])))


def worn(laps: float) -> Facts:
    return facts(evidence={"sequence": round(416 * laps)})


def pulled(codes: int) -> Facts:
    """By a millinewton a code."""
    return facts(calibration={"scale_nn": 1_000_000}, pulled_codes=codes)


def crashing(crashes: int) -> Facts:
    return facts(evidence={"crashes": crashes})


def bad_sectors(n: int) -> Facts:
    return facts(evidence={"bad_sectors": n, "sectors": 400})


BOUNDS: list[tuple[str, Callable[[Any], Facts], list[tuple[float, str]]]] = [
    ("resets", crashing, [(0, "ok"), (1, "warn"), (2, "fail")]),
    ("link", lambda n: facts(line=LinkFacts(40, n, 20, "")), [(0, "ok"), (1, "warn"), (4, "warn"), (5, "fail")]),
    ("link", lambda ms: facts(line=LinkFacts(40, 0, ms, "")), [(300, "ok"), (300.5, "warn")]),
    ("encoder", lambda n: facts(after=info(counts=n)), [(99, "unknown"), (-99, "unknown"), (100, "ok"), (-100, "ok")]),
    ("encoder", lambda n: facts(turned=RollerTurn(1, n, BOTH, BOTH)),
     [(2329, "ok"), (2327, "fail"), (2471, "ok"), (2473, "fail")]),
    ("converter", with_gap, [(499, "ok"), (501, "fail")]),
    ("converter", repeating, [(31, "ok"), (32, "fail")]),
    ("converter", lambda hz: facts(trace=trace(rate_hz=hz)), [(61, "ok"), (59, "warn"), (99, "ok"), (101, "warn")]),
    ("load cell", pulled, [(5000, "ok"), (4999, "fail")]),
    ("load cell", lambda zero: facts(calibration={"zero": zero}), [(4_194_303, "ok"), (4_194_305, "warn")]),
    ("load cell", lambda mn: facts(after=info(force_mn=mn)), [(20_000, "ok"), (20_001, "warn"), (-20_001, "warn")]),
    ("buttons", lambda n: facts(levels=held("start", share=n / 20)), [(18, "ok"), (19, "fail")]),
    ("clock", lambda ppm: facts(drift_ppm=ppm), [(400, "ok"), (401, "warn"), (-400, "ok"), (-401, "warn")]),
    ("timing", with_gap, [(249.9, "ok"), (250.1, "warn")]),
    ("timing", lambda n: facts(trace=trace(late=tuple(range(0, 4 * n, 4)))), [(20, "ok"), (25, "warn")]),
    ("timing", lambda lost: facts(after=info(dropped=lost)), [(0, "ok"), (1, "fail")]),
    ("memory", lambda n: facts(evidence={"heap_free": n}), [(6000, "ok"), (5999, "warn")]),
    ("flash", worn, [(50_000, "ok"), (50_001, "warn"), (100_000, "warn"), (100_001, "fail")]),
    ("flash", bad_sectors, [(0, "ok"), (1, "warn"), (40, "warn"), (41, "fail")]),
    ("flash", lambda minutes: facts(after=info(room_min=minutes)), [(10, "ok"), (9, "warn")]),
    ("versions", lambda patch: facts(evidence={"micropython": f"1.26.{patch}"}), [(0, "fail"), (1, "ok")]),
]  # fmt: skip


@pytest.mark.parametrize(("part", "made", "expected"), BOUNDS)
def test_a_part_is_doubted_from_where_it_is_out_of_what_it_may_be(
    part: str, made: Callable[[Any], Facts], expected: list[tuple[float, str]]
) -> None:
    assert [(value, of(made(value), part).level) for value, _ in expected] == expected


def test_what_is_normal_is_no_fault() -> None:
    kicked = facts(after=info(**in_no_set({"kick": [6, 20_160, 0]})))
    assert levels(kicked) == {}, "somebody tried the belt"
    assert "2.1 m were moved that are in no set: 6 kicks" in of(kicked, "movement").evidence
    assert levels(facts(levels=held("start", share=0.5))) == {}, "somebody presses a button"
    assert levels(facts(trace=trace(late=tuple(range(0, 450, 40))))) == {}, "one in forty is late"
    assert levels(facts(drift_ppm=350.0)) == {}, "within what a few seconds can tell"
    assert levels(facts(turned=RollerTurn(1, 2350, BOTH, BOTH), pulled_codes=100_000)) == {}
    walking = facts(trace=trace(noise=100_000, counts_per_s=9600))
    assert levels(walking) == {}, "somebody walks and pulls"


@given(rate=st.floats(10, 320), noise=st.floats(20, 5000), seed=st.integers(0, 99))
def test_rate_and_noise_are_what_the_trace_was_made_of(rate: float, noise: float, seed: int) -> None:
    made = trace(rate_hz=rate, noise=noise, seconds=max(5.0, 400 / rate), seed=seed)
    assert made.rate_hz == pytest.approx(rate, rel=0.005)
    # The median of 400 differences has a standard error of 4 % (they overlap: rather 5 %).
    assert made.noise_codes == pytest.approx(noise, rel=0.25)
    assert made.late_share < 0.01


@given(slope=st.floats(-500, 500), seed=st.integers(0, 99))
def test_drift_is_found_within_its_noise(slope: float, seed: int) -> None:
    # Two means of 112 codes each: noise / sqrt(112) * sqrt(2) over 3.75 s, five times.
    bound = 5 * NOISE * 2**0.5 / 112**0.5 / 3.75
    assert trace(codes_per_s=slope, seed=seed).drift_codes_per_s == pytest.approx(slope, abs=bound)


def test_ticks_that_wrap_make_a_steady_time() -> None:
    made = trace()
    ticks = [(t_us + TICKS_PERIOD - 2_000_000) % TICKS_PERIOD for t_us in made.t_us]
    pieces = [ticks[i : i + 16] for i in range(0, len(ticks), 16)]
    again = joined(
        [{"ticks": piece, "counts": [0] * len(piece), "codes": [0] * len(piece)} for piece in pieces]
    )
    assert len({b - a for a, b in zip(again.t_us, made.t_us, strict=True)}) == 1
    assert again.rate_hz == pytest.approx(RATE_HZ, rel=0.001)


def test_the_mend_of_a_part_without_power_names_the_volts_it_may_have() -> None:
    """5 V, a twentieth more or less."""
    assert "must be 4.75 to 5.25 V" in str(of(facts(turned=RollerTurn(1, 2, BOTH, BOTH)), "encoder").mend)
