"""JSON follows the schema that is published with it."""

from __future__ import annotations

import io
import json
import math
from pathlib import Path
from types import SimpleNamespace

import jsonschema
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrorig.cli import run
from retrorig.export.json_file import write_json
from retrorig.export.json_schema import schema_text
from retrorig.library import Library
from retrorig.measure.samples import sample_set
from retrorig.set_row import KEYS, SetRow

from .conftest import Shelf

SCHEMA = json.loads(schema_text())
CHECK = jsonschema.Draft202012Validator(SCHEMA)
DESCRIBED = SCHEMA["$defs"]["set"]["properties"]

finite = st.floats(allow_nan=False, allow_infinity=False, width=32)
column = st.lists(finite | st.just(math.nan), max_size=20)


def test_the_schema_is_sound_and_names_no_host() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    assert SCHEMA["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert SCHEMA["$id"].startswith("urn:")
    assert set(DESCRIBED) == {*KEYS, "columns"}, "each key of a set is described"
    assert all("description" in entry for key, entry in DESCRIBED.items() if key != "columns")


def test_real_sets_follow_it_and_lose_nothing(shelf: Shelf, tmp_path: Path) -> None:
    path = tmp_path / "sets.json"
    with Library(shelf.folder) as library:
        library.export(shelf.all, "json", path)
        rows = [library.set(set_id) for set_id in shelf.all]
        sampled = [sample_set(library.raw(set_id)) for set_id in shelf.all]
    found = json.loads(path.read_text(encoding="utf-8"))
    CHECK.validate(found)
    for one, row, samples in zip(found["sets"], rows, sampled, strict=True):
        columns = {name: np.array(values, dtype=float) for name, values in one.pop("columns").items()}
        assert one == row.as_dict()
        for name, values in columns.items():
            is_product = name == "power_w"
            wanted = columns["force_n"] * columns["speed_mps"] if is_product else getattr(samples, name)
            np.testing.assert_allclose(values, wanted, atol=0.51e-6, rtol=0, equal_nan=True)


@settings(max_examples=40)
@given(st.lists(finite.map(abs), max_size=20), column, column, st.text(), st.text())
def test_made_up_sets_follow_it(time_s: list, force_n: list, speed_mps: list, name: str, notes: str) -> None:
    with_nan = [np.array(values, dtype=float) for values in (time_s, force_n, speed_mps)]
    samples = SimpleNamespace(
        time_s=with_nan[0],
        distance_m=with_nan[0],
        speed_mps=np.resize(with_nan[2], len(force_n)),
        force_n=with_nan[1],
    )
    given = {
        "set_id": "a", "rig_id": "r", "name": name, "kind": "free", "duration_s": 1.0, "backward_m": 0.0,
        "forward_m": 0.0, "quality": "C", "quality_reasons": [notes], "uncertainty": {}, "samples": len(time_s),
        "samples_lost": 0, "end_reason": "still", "gait": {}, "null_reasons": {"steps": notes}, "notes": notes,
    }  # fmt: skip
    row = SetRow(**given, tags=[name], edited=["tags"])
    file = io.BytesIO()
    write_json([SimpleNamespace(row=row, samples=lambda: samples)], file)  # type: ignore[list-item]
    found = json.loads(file.getvalue())
    CHECK.validate(found)
    columns = found["sets"][0]["columns"]
    assert columns["force_n"] == [None if math.isnan(v) else pytest.approx(v, abs=1e-6) for v in force_n]


def test_letters_of_any_language_can_be_searched_for_and_half_ones_are_marked() -> None:
    row, file = SetRow(set_id="a", notes="Zoë geht 後ろ \ud800"), io.BytesIO()
    empty = SimpleNamespace(**dict.fromkeys(("time_s", "distance_m", "speed_mps", "force_n"), np.empty(0)))
    write_json([SimpleNamespace(row=row, samples=lambda: empty)], file)  # type: ignore[list-item]
    assert '"Zoë geht 後ろ ?"' in file.getvalue().decode("utf-8")
    assert json.loads(file.getvalue())["sets"][0]["notes"] == "Zoë geht 後ろ ?"


@pytest.mark.parametrize(
    ("key", "wrong"),
    [
        ("quality", "D"),
        ("duration_s", -1),
        ("duration_s", "4"),
        ("started_utc", "yesterday"),
        ("rpe", 11),
        ("steps", 1.5),
    ],
)
def test_the_schema_refuses_what_no_set_is(shelf: Shelf, tmp_path: Path, key: str, wrong: object) -> None:
    path = tmp_path / "set.json"
    with Library(shelf.folder) as library:
        library.export([shelf.walk], "json", path)
    found = json.loads(path.read_text(encoding="utf-8"))
    found["sets"][0][key] = wrong
    assert not CHECK.is_valid(found)
    del found["sets"][0][key]
    assert not CHECK.is_valid(found)


def test_the_command_prints_the_schema(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["export", "--schema"]) == 0
    assert json.loads(capsys.readouterr().out) == SCHEMA
