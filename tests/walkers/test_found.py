"""What walks is found as it was walked: every built-in walker, and the kinds of movement on which the rig was wrong.

Through the firmware's own session, without chip and interpreter; test_replayed.py has some of them on the virtual rig.
Seeds and numbers are fixed, and other ones than those with which the thresholds were chosen.
"""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

import pytest
from tests.walkers import cases
from tests.walkers.harness import FAR_S, NEAR_S, Judged, judge, judged

from retrorig.errors import InputError
from retrorig.virtual.settings import RigSettings
from retrorig.virtual.walkers.catalogue import COMBINATIONS, Combination
from retrorig.virtual.walkers.stage import Walk
from rigcore.moved import moved

OTHER_SEED = 40


def check(row: Judged) -> None:
    """As walked, and every count in a set, between sets or in a remark."""
    assert row.faults() == []
    told = moved(row.session)
    pairs = [told["sets"], told["running"], told["between"]]
    pairs += [(backward, forward) for _, backward, forward in told["remarks"].values()]
    assert told["total"] == tuple(map(sum, zip(*pairs)))
    assert told["running"] == (0, 0)


def near(rows: list[Judged]) -> float:
    """Share of the ends within NEAR_S."""
    ends = [off for row in rows for off in row.ends_s]
    return sum(off <= NEAR_S for off in ends) / len(ends)


@pytest.mark.parametrize("kind", sorted({c.person.name for c in COMBINATIONS}))
def test_each_walker_is_found_as_it_walked(kind: str) -> None:
    """The first, the last and one more of each kind; the bench's rows `walkers` are all of them."""
    own = [(c, seed) for seed, c in enumerate(COMBINATIONS) if c.person.name == kind]
    rows = [judged(*own[at]) for at in sorted({0, len(own) // 2, len(own) - 1})]
    for row in rows:
        check(row)
    assert near(rows) >= (0.5 if kind in ("leaning", "slow") else 0.9)


def others() -> Iterator[Combination]:
    """Some walkers by other chance; `python -m tests.walkers "" 40` tries all."""
    kinds = [c for c in COMBINATIONS if c.name.endswith("/2")]
    for combination in kinds[::3]:
        yield combination.with_seed(OTHER_SEED)


@pytest.mark.parametrize("combination", list(others()), ids=lambda c: c.name)
def test_other_chance_changes_nothing(combination: Combination) -> None:
    check(judged(combination, OTHER_SEED))


def drawn(chance: Random) -> Iterator[tuple[str, Walk]]:
    """One of each kind by formula, with numbers drawn by chance."""
    u, period_s = chance.uniform, chance.uniform(0.6, 1.5)
    yield "dip", cases.dip(period_s, 0.0, u(0.08, 0.3))
    yield "dip and rest", cases.dip(period_s, u(0.1, 0.6) * period_s, u(0.08, 0.3))
    yield "held pulls", cases.held_pulls(u(1, 2.3), u(0.1, 0.5), u(0.3, 0.8))
    yield "rocks", cases.rocks(period_s, u(0.25, 0.6), u(0.05, 0.2))
    yield "lean", cases.soft_lean(u(0.003, 0.009), u(0.8, 2.2), u(0.3, 1.1), u(0.45, 0.9))
    yield "sway", cases.sway_after(u(0.004, 0.015), u(0.25, 0.6), u(0.3, 1.2))
    yield "out and back", cases.out_and_back(u(2, 10), u(0, 2), 2)
    yield "even", cases.even(u(0.02, 1.5), 20)
    yield "shifts", cases.shifts(u(0.03, 0.25), 12, 0.75)


@pytest.mark.parametrize("seed", range(2))
def test_the_kinds_that_were_lost_are_found_whatever_their_numbers(seed: int) -> None:
    rows = [judge(name, walk, seed) for name, walk in drawn(Random(f"drawn {seed}"))]
    for row in rows:
        check(row)
    assert near(rows) >= 0.9


@pytest.mark.parametrize(
    "counts_per_rev, circumference_mm", [(24, 250), (40, 250), (2000, 20), (30_000, 250)]
)
@pytest.mark.parametrize("speed_mps", [0.1, 0.5])
def test_a_coarse_encoder_loses_a_few_counts_at_each_end(
    counts_per_rev: int, circumference_mm: float, speed_mps: float
) -> None:
    settings = RigSettings(counts_per_rev=counts_per_rev, circumference_mm=circumference_mm)
    walk = cases.even(speed_mps, 20)
    row = judge("coarse", walk, 5, settings)
    count_m = 1 / settings.counts_per_m
    [(true, found)] = row.pairs
    assert found.backward_m == pytest.approx(true.backward_m, abs=0.005 + 3 * count_m)
    late_s = FAR_S + 4 * count_m / speed_mps
    assert abs(found.start_s - true.start_s) < late_s and abs(found.end_s - true.end_s) < late_s


@pytest.mark.parametrize(
    "counts_per_rev, circumference_mm", [(4, 2100), (8, 500), (96, 2100), (100_000, 250)]
)
def test_an_encoder_that_cannot_be_used_is_refused_with_the_reason(
    counts_per_rev: int, circumference_mm: float
) -> None:
    with pytest.raises(InputError, match=r"mm of belt.*finer|too many counts"):
        RigSettings(counts_per_rev=counts_per_rev, circumference_mm=circumference_mm)


def test_a_longer_stand_is_the_rigs_to_say() -> None:
    walk = cases.held_pulls(4.2)
    assert judge("long holds", walk).faults() != []
    check(judge("long holds", walk, still_s=6))


def test_the_running_set_is_shown_soon_after_the_first_thirty_millimetres() -> None:
    for _, walk in list(drawn(Random("shown")))[:7]:
        row = judge("shown", walk, 3)
        one = walk.truth.sets[0]
        rows = walk.belt_m >= walk.position_m(one.start_s) + 0.03
        shown_s = next(at_s for at_s, state in row.states if state == "running")
        assert shown_s - walk.time_s[rows.argmax()] < 0.4 - DRAWN_S


DRAWN_S = 0.2
"""The display is drawn five times a second."""
