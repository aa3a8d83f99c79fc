"""What a library publishes is what it has, each set once, through edits, deletions, forgetting and broken-off runs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.publish.target import PEOPLE, Target, check, make_library

from retrorig import InputError, Library
from retrorig.publish import publish
from retrorig.publish.connection import Connection
from retrorig.publish.file_store import FileStore

SETS_N = 24


def test_each_set_arrives_once_and_a_second_run_sends_nothing(target: Target, library: Library) -> None:
    assert publish(library, target.address, str(target.store)).sent_n == SETS_N
    check(target, library)
    assert len(target.files("samples")) == 2  # a rig's two months
    assert dict(target.rows("SELECT person, name FROM retrorig.people")) == library.people.names()
    before = target.files("samples"), target.rows("SELECT xmin, set_id FROM retrorig.sets")
    assert publish(library, target.address).sent_n == 0
    assert (target.files("samples"), target.rows("SELECT xmin, set_id FROM retrorig.sets")) == before


def test_a_note_sends_a_row_and_a_trim_sends_that_sets_samples_too(target: Target, library: Library) -> None:
    publish(library, target.address, str(target.store))
    noted, trimmed = [row.set_id for row in library.sets()][:2]
    before = target.files("samples")
    library.edit([noted], {"notes": "Slow\0 start, O'Hara |\\u0000", "rpe": 7}, add_tags=["x"])
    assert publish(library, target.address).sent_n == 1
    assert target.files("samples") == before
    assert target.rows("SELECT notes, rpe, tags->>0 FROM retrorig.sets WHERE rpe = 7") == [
        ["Slow start, O'Hara ", "\\u0000", "7", "x"]
    ]
    library.edit([noted], {"notes": "Slow"})
    library.edit([trimmed], {"trim_end_s": 1.0})
    assert publish(library, target.address).sent_n == 2
    check(target, library)
    assert len(target.files("samples")) == 3


@pytest.mark.parametrize("how", ["delete", "hide"])
def test_removed_sets_go_and_restored_ones_come_back(target: Target, library: Library, how: str) -> None:
    publish(library, target.address, str(target.store))
    ids = [row.set_id for row in library.sets()][::5]
    getattr(library, how)(ids)
    assert publish(library, target.address).removed_n == len(ids)
    check(target, library)
    library.restore(ids)
    assert publish(library, target.address).sent_n == len(ids)
    check(target, library)
    library.delete(ids)
    library.compact()
    assert publish(library, target.address).removed_n == len(ids)
    check(target, library)


def test_a_set_whose_date_or_person_was_corrected_moves(target: Target, library: Library) -> None:
    publish(library, target.address, str(target.store))
    first, second, *_ = [row.set_id for row in library.sets()]
    library.edit([first], {"started_utc": "2025-07-01T10:00Z"})
    library.edit([second], {"athlete": PEOPLE[-1]})
    assert publish(library, target.address).sent_n == 2
    check(target, library)
    assert target.column(f"SELECT month FROM retrorig.sets WHERE set_id = '{first}'") == ["2025-07"]


def test_all_sets_deleted_leave_an_empty_target(target: Target, library: Library) -> None:
    publish(library, target.address, str(target.store))
    library.delete([row.set_id for row in library.sets()])
    publish(library, target.address)
    check(target, library)
    assert not target.files("samples") and not target.files("raw")


@pytest.mark.parametrize("delete_sets", [True, False])
def test_a_forgotten_person_is_in_no_byte_of_the_target(
    target: Target, library: Library, delete_sets: bool
) -> None:
    label = library.people.add("Zdeňka Quirkelová", "zqx9")
    theirs = [row.set_id for row in library.sets()][3:9]
    library.edit(theirs, {"athlete": "Zdeňka Quirkelová", "notes": "Quirkelova was tired"})
    publish(library, target.address, str(target.store))
    target.server.sql(target.database, "ANALYZE")
    words = ["Zdeňka Quirkelová".encode(), b"Quirkelova", label.encode()]
    assert all(word in target.every_byte() for word in words)
    forgotten = library.forget("Zdeňka Quirkelová", delete_sets)
    assert any(target.database in sentence for sentence in forgotten.left)
    publish(library, target.address)
    check(target, library)
    found = target.every_byte()
    assert not [word for word in words if word in found]
    if delete_sets:
        assert not [
            one for one in theirs if target.column(f"SELECT 1 FROM retrorig.sets WHERE set_id = '{one}'")
        ]


@pytest.mark.parametrize("delete_sets", [True, False])
def test_a_database_restored_from_before_a_forgetting_forgets_again(
    target: Target, library: Library, delete_sets: bool
) -> None:
    """The store keeps no old file, so the backup names some that are gone."""
    label = library.people.add("Zdeňka Quirkelová", "zqx9")
    theirs = [row.set_id for row in library.sets()][3:9]
    library.edit(theirs, {"athlete": label, "notes": "Quirkelova was tired"})
    publish(library, target.address, str(target.store))
    backup = target.server.dump(target.database).decode()
    library.forget(label, delete_sets)
    publish(library, target.address)
    target.server.sql(target.database, f"DROP SCHEMA retrorig CASCADE;\n{backup}")
    assert b"Quirk" in target.every_byte()
    publish(library, target.address)
    check(target, library)
    assert b"Quirk" not in target.every_byte() and label.encode() not in target.every_byte()


def test_broken_off_at_every_step_it_goes_on(
    target: Target, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each statement and each file operation in turn is where a run ends; the next runs repair all of it."""
    with make_library(tmp_path / "library", 6) as library:
        publish(library, target.address, str(target.store))
        ids, step = [row.set_id for row in library.sets()], 0
        while True:
            _disturb(library, ids, step)
            step += 1
            with monkeypatch.context() as patch:
                left = _break_off_after(step, patch)
                try:
                    publish(library, target.address)
                except Broken:
                    pass
            if left[0] > 0:
                break
            if step % 4 == 0:
                publish(library, target.address)
                check(target, library)
        check(target, library)
        assert step > 30


class Broken(BaseException):
    """As a kill would be: nothing handles it."""


def _disturb(library: Library, ids: list[str], step: int) -> None:
    """Something of each kind to publish."""
    one, two, three, *_ = ids[step % 3 :]
    library.restore([row.set_id for row in library.sets(removed="deleted")])
    library.edit([two], {"notes": f"step {step}"})
    library.edit([three], {"trim_end_s": 0.1 + step / 100})
    library.delete([one])


def _break_off_after(calls_n: int, patch: pytest.MonkeyPatch) -> list[int]:
    left = [calls_n]

    def breaking(method: Any) -> Any:
        def call(*arguments: Any) -> Any:
            left[0] -= 1
            if left[0] <= 0:
                raise Broken
            return method(*arguments)

        return call

    for kind, names in ((Connection, ("rows", "copy_in", "each")), (FileStore, ("put", "remove"))):
        for name in names:
            patch.setattr(kind, name, breaking(getattr(kind, name)))
    return left


def test_small_files_of_months_that_are_over_become_one(target: Target, library: Library) -> None:
    ids = [row.set_id for row in library.sets()]
    library.hide(ids[::2])
    publish(library, target.address, str(target.store))
    library.restore(ids[::2])
    publish(library, target.address)
    before = len(target.files("samples"))
    assert publish(library, target.address, is_compacting=True).compacted_n == before == 4
    assert len(target.files("samples")) == 2
    check(target, library)
    assert publish(library, target.address, is_compacting=True).compacted_n == 0


def test_a_copy_that_lacks_sets_takes_none_away(target: Target, library: Library, tmp_path: Path) -> None:
    library.site.id  # noqa: B018 - drawn before the backup, as it is by the first publish
    library.backup(tmp_path / "backup.sqlite3")
    publish(library, target.address, str(target.store))
    (tmp_path / "old").mkdir()
    (tmp_path / "backup.sqlite3").rename(tmp_path / "old" / "library.sqlite3")
    library.add_set(_one_more())
    publish(library, target.address)
    with Library(tmp_path / "old") as old:
        result = publish(old, target.address)
    assert result.removed_n == 0 and any("not have any more" in notice for notice in result.notices)
    check(target, library)


def _one_more() -> bytes:
    from tests.host.sets import MadeSet, blob_of

    return blob_of(MadeSet(lambda t: t, lambda t: 100.0, 4.0, rate_hz=10.0))


def test_two_libraries_that_share_sets_publish_each_once(
    target: Target, library: Library, tmp_path: Path
) -> None:
    with make_library(tmp_path / "other", 8, first_rig=1) as other:
        other.merge(library)
        publish(library, target.address, str(target.store))
        result = publish(other, target.address, site_name="North")
        assert result.sent_n == 8 and len(result.foreign) == SETS_N and result.notices
        own = other.sets(rig=f"{1:012x}")
        shared = [row.set_id for row in library.sets()]
        assert target.rows("SELECT count(*) FROM retrorig.sets") == [[str(SETS_N + len(own))]]
        library.delete(shared[:2])
        publish(library, target.address)
        assert publish(other, target.address).sent_n == 0  # what its owner took away is not brought back
        assert target.rows("SELECT count(*) FROM retrorig.sets") == [[str(SETS_N + len(own) - 2)]]


def test_names_that_stay_at_home_are_in_no_byte_and_only_home_can_resolve_them(
    target: Target, library: Library
) -> None:
    label = library.people.add("Zdeňka Quirkelová", "zqx9")
    some = [row.set_id for row in library.sets()][:5]
    library.edit(
        some, {"athlete": label, "notes": "Quirkelova", "attachment": "Quirkbelt"}, add_tags=["Quirktag"]
    )
    publish(library, target.address, str(target.store), has_names=False)
    check(target, library, has_names=False)
    found = target.every_byte()
    for word in ("Quirk", "zqx9", "Athlete"):
        assert word.encode() not in found
    (pseudonym,) = set(
        target.column(f"SELECT person FROM retrorig.sets WHERE set_id IN ('{some[0]}', '{some[1]}')")
    )
    assert library.site.resolve(pseudonym, [*library.people.names()]) == label
    with pytest.raises(InputError, match="--no-names"):
        publish(library, target.address)
    publish(library, target.address, has_names=True)
    check(target, library)
    publish(library, target.address, has_names=False)
    check(target, library, has_names=False)
    assert b"Quirk" not in target.every_byte()
