"""A desk that is open for days shows what was published since, and goes on when the database does not answer."""

from __future__ import annotations

import threading
from contextlib import closing
from pathlib import Path

import pytest
from tests.desk.test_closed import Client
from tests.publish.desks import get
from tests.publish.target import PEOPLE, Target, make_library

from retrorig import Library
from retrorig.desk.context import Desk
from retrorig.publish import PublishedCopy, publish
from rigcore.decode import decode_set

SETS_N = 6


@pytest.fixture
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """The desk looks at the database with each page, however long that takes on a busy computer."""
    monkeypatch.setattr("retrorig.publish.reading.LOOK_S", 0.0)
    monkeypatch.setattr("retrorig.publish.reading.WAIT_S", 60.0)


@pytest.mark.usefixtures("soon")
def test_a_set_that_is_published_later_is_on_the_next_page(
    visitor: Client, target: Target, library: Library, tmp_path: Path
) -> None:
    with make_library(tmp_path / "later", SETS_N + 3) as later:
        before = {row.set_id for row in library.sets()}
        library.merge(later)
    new = next(row for row in library.sets() if row.set_id not in before)
    assert get(visitor, f"/sets/{new.set_id}")[0] == 422
    publish(library, target.address)
    assert get(visitor, f"/sets/{new.set_id}")[0] == 200
    assert get(visitor, f"/sets/{new.set_id}/traces")[0] == 200


@pytest.mark.usefixtures("soon")
def test_what_changed_or_went_since_is_so_on_the_next_page(
    visitor: Client, target: Target, library: Library
) -> None:
    gone, changed = (row.set_id for row in library.sets()[-2:])
    before = get(visitor, f"/sets/{changed}/traces")[1]
    library.delete([gone])
    library.edit([changed], {"notes": "slower than ever", "trim_end_s": 1.0})
    library.people.rename(PEOPLE[0], "Otherwise")
    publish(library, target.address)
    assert get(visitor, f"/sets/{gone}")[0] == 422
    assert "slower than ever" in get(visitor, f"/sets/{changed}/cell/notes")[1]
    assert "<h1>Otherwise" in get(visitor, f"/sets/{changed}")[1]
    assert get(visitor, f"/sets/{changed}/traces")[1] != before
    people = get(visitor, "/people")[1]
    assert "Otherwise" in people and f">{PEOPLE[0]}<" not in people


@pytest.mark.usefixtures("soon")
def test_a_set_whose_bytes_alone_changed_is_fetched_anew(
    copy: PublishedCopy, target: Target, library: Library
) -> None:
    """What is kept of a file is not shown for the file that took its place."""
    one = library.sets()[0].set_id
    with copy.library() as there:
        before = there.blob(one)
    (path,) = [path for path in target.files("raw") if one.encode() in path.read_bytes()]
    library.edit([one], {"trim_end_s": 1.0})
    publish(library, target.address)
    assert not path.exists()
    copy.freshen()
    path.write_bytes(b"")  # whoever asks the old file is told so
    with copy.library() as there:
        assert there.blob(one) == before and there.sets()[0].trim_end_s == 1.0


def test_a_file_that_was_written_anew_since_is_found(
    copy: PublishedCopy, target: Target, library: Library
) -> None:
    before = target.files("raw")
    library.edit([library.sets()[0].set_id], {"trim_end_s": 1.0})
    publish(library, target.address)
    assert not set(before) <= set(target.files("raw"))
    with copy.library() as there:
        for row in library.sets():
            assert decode_set(there.blob(row.set_id)).count == decode_set(library.blob(row.set_id)).count


@pytest.mark.usefixtures("soon")
def test_whoever_was_forgotten_meanwhile_is_in_no_byte_of_the_copy(
    copy: PublishedCopy, target: Target, library: Library
) -> None:
    """Also while somebody has it open, so that SQLite does not tidy up by itself."""
    library.people.rename(PEOPLE[0], "Zdeňka Quirkelová")
    publish(library, target.address)
    with copy.library() as there:
        copy.freshen()
        assert "Zdeňka Quirkelová" in there.people.names().values()
        assert "Zdeňka Quirkelová".encode() in _every_byte(copy)
        library.forget("Zdeňka Quirkelová", delete_sets=True)
        publish(library, target.address)
        copy.freshen()
        assert "Zdeňka Quirkelová".encode() not in _every_byte(copy)


def _every_byte(copy: PublishedCopy) -> bytes:
    return b"".join(path.read_bytes() for path in copy.folder.rglob("*") if path.is_file())


@pytest.mark.usefixtures("soon")
def test_a_second_site_that_comes_while_the_desk_is_open_is_told_apart(
    visitor: Client, target: Target, library: Library, tmp_path: Path
) -> None:
    with make_library(tmp_path / "other", 3, first_rig=1) as other:
        publish(other, target.address, site_name="North")
        people = get(visitor, "/people")[1]
        assert f"{other.sets()[0].athlete} (North)" in people
        assert f"<h1>{PEOPLE[0]} ({library.site.id})" in get(visitor, f"/sets/{library.sets()[-1].set_id}")[1]
        for row in (library.sets()[0], other.sets()[0]):
            assert get(visitor, f"/sets/{row.set_id}/traces")[0] == 200


def test_a_database_that_is_away_leaves_the_desk_what_it_has(
    visitor: Client, target: Target, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("retrorig.publish.reading.LOOK_S", 0.0)
    away = "The database did not answer"
    assert away not in get(visitor, "/")[1]
    target.server.stop()
    try:
        for path in ("/", "/people", f"/sets/{library.sets()[-1].set_id}/traces"):
            status, page = get(visitor, path)
            assert status == 200 and (away in page or path.endswith("traces")), path
    finally:
        target.server.start()
    assert away not in get(visitor, "/")[1]


def test_a_database_that_says_nothing_holds_up_no_page(
    copy: PublishedCopy, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("retrorig.publish.reading.LOOK_S", 0.0)
    monkeypatch.setattr("retrorig.publish.reading.WAIT_S", 0.1)
    begun, answer = threading.Event(), threading.Event()

    def look(_: object) -> None:
        begun.set()
        answer.wait(60)

    monkeypatch.setattr(PublishedCopy, "_look", look)
    for _ in range(3):
        copy.freshen()
        with copy.library() as there:
            assert len(there.sets()) == SETS_N and there.samples(there.sets()[0].set_id)
    assert begun.is_set() and not answer.is_set()
    answer.set()


def test_looks_are_as_far_apart_as_is_said(
    visitor: Client, target: Target, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = f"/sets/{library.sets()[0].set_id}/cell/notes"
    library.edit([library.sets()[0].set_id], {"notes": "slower than ever"})
    publish(library, target.address)
    assert not any("slower than ever" in get(visitor, page)[1] for _ in range(3))
    monkeypatch.setattr("retrorig.publish.reading.LOOK_S", 0.0)
    monkeypatch.setattr("retrorig.publish.reading.WAIT_S", 60.0)
    assert "slower than ever" in get(visitor, page)[1]


@pytest.mark.usefixtures("soon")
def test_plots_are_kept_until_something_is_published(
    copy: PublishedCopy, target: Target, library: Library
) -> None:
    desk, one = Desk(copy.folder, published=copy), library.sets()[0].set_id
    with closing(desk):
        with desk.library() as there:
            before = desk.traced(there, there.set(one))
        with desk.library() as there:
            assert desk.traced(there, there.set(one)) is before
        library.edit([one], {"first_foot": "left"})
        publish(library, target.address)
        with desk.library() as there:
            assert desk.traced(there, there.set(one)) is not before
