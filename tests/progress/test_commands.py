"""The questions as commands: tables, JSON alone on stdout, pictures, and one sentence when there is no answer."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from tests.progress.haul import DAY_MS, HOUR_MS, MONDAY_MS, Haul, blob, coasting_blob

from retrorig.cli import run
from retrorig.library import Library

LOADS_KG = (40.0, 60.0, 80.0)
COAST = "rr-test-0003-00099"


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Anna's two sessions of six sets, a week apart, three loads, left and right; a coasting belt; Ben has none."""
    folder = tmp_path_factory.mktemp("coach") / "library"
    with Library(folder, create=True) as made:
        labels = [made.people.label_for(name) for name in ("Anna", "Ben")]
        for no in range(1, 13):
            week, place = divmod(no - 1, 6)
            load = LOADS_KG[place % 3]
            haul = Haul(
                speed_mps=(1.5 - 0.008 * load) * (1.0, 0.995, 0.97)[no % 3],
                distance_m=8.0 + 4 * week,
                c0_n=3.0 * load,
                mass_kg=load,
                noise_n=3.0,
                loss_pct=3.0 * place,
                seed=no,
                start_ms=MONDAY_MS + 7 * week * DAY_MS + 12 * HOUR_MS + 120_000 * place,
                header={"no": no, "athlete": labels[0]},
            )
            set_id, _ = made.add_set(blob(haul))
            note(made, set_id, load, ("left", "right")[place // 3])
        belt = Haul(speed_mps=1.6, c0_n=6.0, c1_ns_per_m=1.5, mass_kg=12.0, header={"no": 99, "athlete": ""})
        made.add_set(coasting_blob(belt))
    return folder


def note(made: Library, set_id: str, load_kg: float, side: str) -> None:
    made.notes.add(set_id, "load_kg", load_kg)
    made.notes.add(set_id, "side", side)
    made.put_row(made.computed(set_id))


def ask(capsys: pytest.CaptureFixture[str], *arguments: object) -> str:
    status = run([str(argument) for argument in arguments])
    out, err = capsys.readouterr()
    assert status == 0, err
    return out


QUESTIONS = {
    "day": (["--athlete", "Anna"], lambda found: len(found["sets"]) == 6 and found["before"]["sets"] == 6),
    "trend": (
        ["--athlete", "Anna", "--limit-pct", "20"],
        lambda found: "backward_m" in found["weeks"][1]["over_limit"],
    ),
    "sides": (["--athlete", "Anna"], lambda found: found["by_side"][0]["left_n"] == 6),
    "fatigue": (["--athlete", "Anna", "--stop-pct", "50"], lambda found: len(found["sets"]) == 6),
    "quality": ([], lambda found: found["sets"] == 13),
    "drag": (["--load-kg", "60"], lambda found: abs(found["c0_n"]["value"] - 180) < 20),
    "profile": (
        ["--athlete", "Anna", "--decrement-pct", "25"],
        lambda found: 30 < found["next_loads"][0]["load"] < 65,
    ),
}


@pytest.mark.parametrize("question", QUESTIONS)
def test_json_table_and_picture(
    question: str, library: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options, is_right = QUESTIONS[question]
    picture = tmp_path / "answer.svg"
    found = json.loads(ask(capsys, question, "--library", library, *options, "--json", "--plot", picture))
    assert is_right(found), found
    assert ET.parse(picture).getroot().tag == "{http://www.w3.org/2000/svg}svg"
    table = ask(capsys, question, "--library", library, *options)
    assert len(table.splitlines()) > 2 and "None" not in table and "nan" not in table


def test_a_trend_says_of_which_sets_its_speeds_are_and_what_a_repeated_one_differs_by(
    library: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ("trend", "--library", library, "--athlete", "Anna")
    found, table = json.loads(ask(capsys, *words, "--json")), ask(capsys, *words, "--wide")
    assert found["speed_conditions"] and f"conditions ({found['speed_conditions']})." in table
    differs = f"A repeated set differs by {found['typical_error_pct'] or 0:.1f} %"
    assert (differs in table) == (found["typical_error_pct"] is not None)
    for week, line in zip(found["weeks"], table.splitlines()[1:], strict=False):
        cells = line.split()
        assert cells[:3] == [week["monday"], str(week["days"]), str(week["totals"]["sets"])]
        assert f" {week['totals']['duration_s'] / 60:.1f} " in line and f" {week['speed_mps']:.3f} " in line
        assert f" {week['totals']['work_j'] / 1000:.2f} " in line
        assert (
            f" {week['totals']['backward_m']:.0f} " in line and f" {week['totals']['load_kg_m']:.0f} " in line
        )
        for key in ("speed_change_pct", "speed_smallest_change_pct"):
            assert week[key] is None or f" {week[key]:.1f}" in line + " "


def test_drag_history_says_whether_it_changed(
    library: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = ("drag", "--library", library, "--load-kg", "60", "--history", "--plot", tmp_path / "h.svg")
    found = json.loads(ask(capsys, *options, "--json"))
    first, second = found["days"]
    assert abs(second["change_n"]) < second["smallest_change_n"] < 0.1 * first["drag_n"]["value"]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["trend", "--athlete", "Ben"], "No set with a date"),
        (["day"], "several athletes"),
        (["day", "--athlete", "Anna", "--date", "tomorrow"], "is no date"),
        (["sides", "--athlete", "Ben"], "can't be compared"),
        (["fatigue", "--athlete", "Anna", "--stop-pct", "400"], "--stop-pct"),
        (["drag", "--athlete", "Anna"], "differ in their load"),
        (["drag", COAST], "too short a time"),
        (["drag", "--load-kg", "60", "--history", "--spin-down", COAST], "--history"),
        (["drag", "--load-kg", "60", "--spin-down", COAST], "does not coast"),
        (["profile", "rr-test-0003-00001", "rr-test-0003-00002"], "3 different loads, and there are 2"),
        (["profile", "nobody"], "no set nobody"),
        (["quality", "--plot", "picture.png"], "does not end in .svg"),
        (["quality", "--plot", "/nowhere/at/all.svg"], "can't be written"),
    ],
)
def test_no_answer_is_one_sentence(
    arguments: list[str], sentence: str, library: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run([*arguments, "--library", str(library)]) == 2
    out, err = capsys.readouterr()
    assert out == "" and sentence in err and err.count("\n") == 1


def test_profile_says_which_day_it_took_and_which_it_could(
    library: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Anna walked on two Mondays: the last is taken, and the first is offered."""
    words = ["profile", "--library", str(library), "--athlete", "Anna"]
    told = {}
    for day in ("", "2026-09-28", "2026-10-05"):
        assert run([*words, *(["--on", day] if day else []), "--json"]) == 0
        out, err = capsys.readouterr()
        told[day] = json.loads(out)["points"], err
    assert told[""][0] == told["2026-10-05"][0] != told["2026-09-28"][0]
    assert "Sets of 2026-10-05" in told[""][1] and "2026-09-28" in told[""][1] and "--on" in told[""][1]
    assert "Sets of" not in told["2026-09-28"][1] + told["2026-10-05"][1]


@pytest.mark.parametrize("question", QUESTIONS)
def test_help_has_an_example(question: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert f"Example: retrorig {question}" in ask(capsys, question, "--help")
