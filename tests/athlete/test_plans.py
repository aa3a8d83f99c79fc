"""Plan files: what a coach may write, the sentences for what is wrong, and the way to the board."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrorig.cli import run
from retrorig.errors import InputError
from retrorig.link.upload import pieces
from retrorig.plans import read_plan, ready_made
from rigcore.plan_progress import PlanProgress, colour, sets_n
from rigcore.protocol import LINE_MAX
from rigcore.request_encoding import build_request

GOOD = """\
id = "p"
name = "Plan"

[[block]]
kind = "work"
distance_m = 10
"""


@pytest.mark.parametrize("plan_id", ready_made())
def test_every_ready_made_plan_can_be_used(plan_id):
    plan = read_plan(plan_id)
    assert plan["id"] == plan_id
    assert 1 <= sets_n(plan) <= 20
    assert len(json.dumps(plan)) < 2000


def test_a_repeat_becomes_its_blocks_again_and_again():
    plan = read_plan("load-velocity")
    progress = PlanProgress(plan)
    starts = [progress.get("start", i) for i in range(progress.sets_n)]
    assert starts == ["movement"] + ["button", "movement"] * 4
    assert progress.get("rest_ms", 1) == 120_000 and progress.get("amount", 1) == 10_000


@pytest.mark.parametrize(
    ("change", "line", "words"),
    [
        (("distance_m = 10", "distance_m = 99999"), 6, "10000"),
        (("distance_m = 10", "distance = 10"), 6, "distance is not known"),
        (("distance_m = 10", "distance_m = 10\ntime_s = 5"), 7, "second target"),
        (("distance_m = 10", "distance_m = 10\nspeed_mps = [1.2, 0.8]"), 7, "lower end first"),
        (("distance_m = 10", "distance_m = 10\nspeed_mps = 0.8"), 7, "pair"),
        (("distance_m = 10", 'distance_m = "10 m"'), 6, "number"),
        (('kind = "work"', 'kind = "sprint"'), 5, "warmup, work, cooldown"),
        (("distance_m = 10", "distance_m = 10\nrest_s = 5000"), 7, "0 to 3600"),
        (('name = "Plan"', 'name = "Plan"\ncolour = 3'), 3, "colour is not known"),
        (('id = "p"', 'id = "p p"'), 1, "letters"),
        (('name = "Plan"', 'name = "Plan"\nask = ["mood"]'), 3, "rpe and pain"),
        (
            ("distance_m = 10", "distance_m = 10\n[rule]\ngreen = {pain = 11}\namber = {pain = 3}"),
            7,
            "0 to 10",
        ),
        (('id = "p"', "id = "), 1, "line 1"),
        (("[[block]]", "[[block]]\ntimes = 2\n[[block.block]]\ntimes = 0"), 7, "1 to 50"),
    ],
)
def test_a_mistake_is_named_with_its_line(tmp_path, change, line, words):
    path = tmp_path / "plan.toml"
    path.write_text(GOOD.replace(*change))
    with pytest.raises(InputError) as error:
        read_plan(path)
    assert words in str(error.value)
    assert f"line {line}" in str(error.value)
    assert "\n" not in str(error.value)


def test_a_missing_plan_names_the_ready_made_ones():
    with pytest.raises(InputError, match="light-sled"):
        read_plan("no-such-plan")


@given(st.text(max_size=300))
def test_pieces_fit_a_request_and_make_the_whole(text):
    whole = json.dumps({"name": text}, separators=(",", ":"))
    found = list(pieces(whole))
    assert "".join(found) == whole
    offset = 0
    for piece in found:
        assert len(build_request(65534, "put", offset, piece)) <= LINE_MAX
        offset += len(piece)


@given(st.integers(0, 10), st.integers(0, 10))
def test_the_coachs_rule_is_a_table(pain, rpe):
    rule = {"green": {"pain": 2, "rpe": 5}, "amber": {"pain": 4, "rpe": 7}}
    expected = "green" if pain <= 2 and rpe <= 5 else "amber" if pain <= 4 and rpe <= 7 else "red"
    assert colour(rule, {"pain": pain, "rpe": rpe}) == expected
    assert colour(rule, {}) == ""


def test_check_lists_every_fault_and_push_tells_the_first(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "p.toml"
    path.write_text(
        'name = "x"\ncolour = "red"\n[[block]]\ndistance_m = "ten"\nrest_s = 1e9\n[[block]]\nkind = "jump"\n'
        "[[block]]\ndistance_m = 10\n[[block]]\ntimes = 0\n[[block.block]]\ntime_s = 99999999\n"
    )
    assert run(["plan", "check", str(path), "light-sled"]) == 2
    lines = capsys.readouterr().err.splitlines()
    assert sorted(int(line.split()[2][:-1]) for line in lines) == [2, 4, 5, 7, 11, 13]
    with pytest.raises(InputError, match=r"line 2: colour.* 5 more"):
        read_plan(path)
