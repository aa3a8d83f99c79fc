"""Backups of calibrations, and what counts as a push or a stand, with a rig of a few lines."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from retrorig.calibration import backup as backups
from retrorig.calibration import board
from retrorig.calibration.belt import MOVE_MIN_COUNTS, STAND_S, distance_from, follow, push, stand
from retrorig.calibration.watching import STILL_COUNTS, Window
from retrorig.errors import InputError, RigRefusedError
from retrorig.library import Library
from retrorig.library.calibration_record import new_record, values_of

OLD: dict[str, Any] = {
    "id": "none", "counts_per_rev": 2400, "circumference_um": 250_000, "scale_nn": 0, "zero": 0, "direction": 1,
}  # fmt: skip
LOOK_S = 0.2


def a_record(rig: str = "rr-1", kind: str = "belt", **found: Any) -> dict[str, Any]:
    made = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
    return new_record(
        kind, rig, OLD, {"circumference_um": 251_000, **found}, {"distance": "10 m"}, "Kim", made
    )


class Client:
    """A rig that keeps what it is given, unless it is damaged on the way."""

    def __init__(
        self, rig: str, values: dict[str, Any] | None = None, damage: dict[str, Any] | None = None
    ) -> None:
        self.rig, self.values, self.damage = rig, values or OLD, damage or {}
        self._text = ""

    def hello(self) -> dict[str, Any]:
        return {"rig": self.rig}

    def info(self) -> dict[str, Any]:
        return {"state": "idle", "speed_mmps": 0}

    def monotonic(self) -> float:
        return 0.0

    def request(self, verb: str, *words: object) -> dict[str, Any]:
        if verb == "put":
            self._text = self._text[: int(str(words[0]))] + str(words[1])
        elif verb == "calibration-save":
            self.values = {**json.loads(self._text), **self.damage}
        return {"ok": 1, "calibration": self.values}


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library(tmp_path / "library", create=True) as opened:
        yield opened


def test_a_backup_is_what_is_in_force_with_what_the_library_knows_of_it(
    library: Library, tmp_path: Path
) -> None:
    record = a_record()
    client: Any = Client("rr-1", values_of(record))
    assert backups.taken(client, library) == {"rig": "rr-1", "calibration": values_of(record), "record": None}
    library.calibrations.add(record)
    library.calibrations.add(a_record(circumference_um=252_000))
    taken = backups.taken(client, library)
    assert (
        taken
        == {"rig": "rr-1", "calibration": values_of(record), "record": record}
        == backups.backup_of(record)
    )
    backups.write_backup(tmp_path / "file.json", taken)
    assert backups.read_backup(tmp_path / "file.json") == taken


def test_a_file_that_was_changed_is_refused(tmp_path: Path) -> None:
    record = a_record()
    for damaged, words in (
        ({"calibration": {**values_of(record), "circumference_um": 251_001}}, "was changed"),
        ({"calibration": {**values_of(record), "circumference_um": 1}}, "Take another backup"),
        ({"record": a_record(circumference_um=252_000)}, "of another calibration"),
        ({"record": {**record, "kind": "wrong"}}, "is damaged"),
        ({"calibration": None}, "no calibration"),
    ):
        (tmp_path / "file.json").write_text(
            json.dumps({**backups.backup_of(record), **damaged}), encoding="utf-8"
        )
        with pytest.raises(InputError, match=words):
            backups.read_backup(tmp_path / "file.json")


@pytest.mark.parametrize("has_record", [True, False])
def test_on_its_own_rig_a_backup_is_in_force_as_it_was(library: Library, has_record: bool) -> None:
    record, client = a_record(), Client("rr-1")
    backup = backups.backup_of(record) if has_record else {**backups.backup_of(record), "record": None}
    backups.put_back(client, library, backup)  # type: ignore[arg-type]
    assert client.values == values_of(record)
    assert library.calibrations.all() == ([record] if has_record else [])


@pytest.mark.parametrize(("scale_nn", "kind"), [(0, "belt"), (465_000, "force")])
@pytest.mark.parametrize("has_record", [True, False])
def test_on_another_rig_it_is_one_of_that_rig_s_own_and_says_where_it_came_from(
    library: Library, has_record: bool, scale_nn: int, kind: str
) -> None:
    record, client = a_record(kind=kind, scale_nn=scale_nn), Client("rr-2")
    backup = backups.backup_of(record) if has_record else {**backups.backup_of(record), "record": None}
    kept = backups.put_back(client, library, backup)  # type: ignore[arg-type]
    assert (kept["rig"], kept["kind"], kept["replaces"]) == ("rr-2", kind, "none")
    assert kept["evidence"]["copied_from"] == "rr-1" and kept["evidence"]["copied_id"] == record["id"]
    assert (
        kept["circumference_um"] == 251_000
        and kept["id"] != record["id"]
        and client.values == values_of(kept)
    )
    assert kept["person"] == ("Kim" if has_record else None) and library.calibrations.all() == [kept]


def test_a_rig_that_keeps_something_else_is_told(library: Library) -> None:
    client: Any = Client("rr-1", damage={"zero": 7})
    with pytest.raises(RigRefusedError, match="another calibration"):
        board.keep(client, library, a_record())
    assert library.calibrations.all() == []


class Sensors:
    """Windows of a belt whose count at each look is given; the last one stays."""

    code_range = 0.0

    def __init__(self, counts: list[int]) -> None:
        self._counts, self._at = counts, 0
        self.ended: list[bool] = []

    def windows(self, look_s: float) -> Iterator[Window]:
        while True:
            at = min(self._at, len(self._counts) - 1)
            self._at += 1
            yield Window(100.0 + look_s * self._at, self._counts[at], None, 0, True)

    def end_movement(self, has_moved: bool) -> None:
        self.ended.append(has_moved)


class Guide:
    """Whoever pushes: notes what is said, and presses Enter at once."""

    def __init__(self) -> None:
        self.said: list[str] = []

    def say(self, sentence: str) -> None:
        self.said.append(sentence)

    def ask(self, prompt: str) -> str:
        return ""


RESTING_N = round(STAND_S / LOOK_S) + 2


def moving(first: int, last: int) -> list[int]:
    return list(range(first, last, 200))


def test_a_belt_stands_when_it_has_not_moved_for_a_moment_and_only_then() -> None:
    guide = Guide()
    sensors = Sensors([*moving(0, 4000), *[4000, 4000 + STILL_COUNTS] * RESTING_N])
    assert stand(sensors, guide.say).counts in (4000, 4000 + STILL_COUNTS)  # type: ignore[arg-type]
    assert len(guide.said) == 1 and "still moves" in guide.said[0]
    looks_n = sensors._at - len(moving(0, 4000))
    assert STAND_S <= (looks_n - 1) * LOOK_S <= STAND_S + LOOK_S, "no later than the next look"
    restless = Sensors([0, STILL_COUNTS + 1] * 100_000)
    with pytest.raises(InputError, match="did not come to rest"):
        stand(restless, guide.say, patience_s=30.0)  # type: ignore[arg-type]
    assert 30.0 < restless._at * LOOK_S < 31.0


def test_pushes_are_what_the_belt_moved_from_rest_to_rest() -> None:
    rest = RESTING_N * 2
    counts = [
        *[0] * rest,
        *moving(0, 9600),
        *[9600] * rest,
        *[9600 + MOVE_MIN_COUNTS] * rest,
        *moving(9650, 19_300),
    ]
    sensors, guide = Sensors([*counts, *[19_300] * rest]), Guide()
    assert follow(sensors, guide, 2, patience_s=120.0) == [9600, 9700]  # type: ignore[arg-type]
    assert "Push 1: 9600 counts." in guide.said and "Push 2: 9700 counts." in guide.said
    assert sensors.ended.count(True) == 2
    with pytest.raises(InputError, match="Only 1 of 2 pushes"):
        follow(Sensors([*counts[: 3 * rest + 48], 9600]), guide, 2, patience_s=60.0)  # type: ignore[arg-type]


def test_each_push_that_was_asked_for_is_told_with_its_own_counts() -> None:
    class Asked(Guide):
        def ask(self, prompt: str) -> str:
            at.append(targets.pop(0))
            return ""

    at, targets, guide = [0], [0, 9601, 9601, 19_203, 19_203, 28_800], Asked()

    class Followed(Sensors):
        def windows(self, look_s: float) -> Iterator[Window]:
            for number in range(1000):
                yield Window(look_s * number + 1, at[-1], None, 0, True)

    assert push(Followed([]), guide, "1 m", 3) == [9601, 9602, 9597]  # type: ignore[arg-type]
    assert [words for words in guide.said if words.startswith("Push")] == [
        "Push 1: 9601 counts.", "Push 2: 9602 counts.", "Push 3: 9597 counts.",
    ]  # fmt: skip


def test_a_distance_is_a_length_or_turns_and_not_both() -> None:
    assert distance_from("10 m", "2 mm", None, None, "1 mm").text.replace(" ", "") == "10m"
    assert distance_from(None, "2 mm", 20, None, "1 mm").text == "20 turns of the roller"
    for length_text, turns in (("10 m", 20), (None, None)):
        with pytest.raises(InputError, match="Say how far"):
            distance_from(length_text, "2 mm", turns, None, "1 mm")
