"""Answers in sentences: each number that an answer has is told, and none that it has not."""

from __future__ import annotations

import pytest
from tests.progress.rows import row

from retrorig.progress.fatigue import Advice
from retrorig.progress.sentences import advised, remarks
from retrorig.progress.totals import totals_of
from retrorig.progress.trend import Week

ADVICE = ("sled, 20 kg", 10.0)


@pytest.mark.parametrize(
    ("verdict", "loss_pct", "first_over", "chance_pct", "told"),
    [
        ("go on", 4.04, None, None, ["Go on (sled, 20 kg): 4.0 % limit is 10 %", "slower than 0.912 m/s"]),
        ("close", 8.0, None, 3.21, ["Close (sled, 20 kg): 8.0 % hide 10 %", "0.912 m/s", "3.2 % may be chance"]),
        ("stop", 12.0, "set-7", None, ["Stop (sled, 20 kg): 12.0 % limit is 10 %", "0.912 m/s", "set-7"]),
        ("stop", 12.0, "set-7", 0.0, ["Stop (sled, 20 kg): 12.0 %", "0.912 m/s", "set-7", "0.0 % may be chance"]),
    ],
)  # fmt: skip
def test_advice_tells_what_it_was_judged_by(
    verdict: str, loss_pct: float, first_over: str | None, chance_pct: float | None, told: list[str]
) -> None:
    conditions, stop_pct = ADVICE
    found = advised(Advice(conditions, stop_pct, verdict, loss_pct, 0.9123, first_over, chance_pct))
    assert len(found) == len(told)
    for sentence, words in zip(found, told, strict=True):
        head, _, rest = words.partition(": ")
        assert head in sentence and all(word in sentence for word in rest.split(" % "))


@pytest.mark.parametrize(
    ("over", "pause_weeks", "is_running", "told"),
    [
        ([], 0, False, ""),
        ([], 0, True, "so far"),
        ([], 2, False, "after 2 weeks without sets"),
        (["duration_s"], 0, False, "OVER: time"),
        (["backward_m", "load_kg_m"], 3, True, "OVER: distance, load; after 3 weeks without sets; so far"),
    ],
)
def test_a_week_s_remarks_are_what_is_unusual_in_it(
    over: list[str], pause_weeks: int, is_running: bool, told: str
) -> None:
    totals = totals_of([row(1)])
    assert remarks(Week("2026-09-28", 1, totals, pause_weeks, over_limit=over, is_running=is_running)) == told
