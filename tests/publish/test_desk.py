"""The desk shows what is published as it shows a library, says so on each page, and changes nothing there."""

from __future__ import annotations

import re

from tests.desk.test_closed import Client
from tests.publish.desks import get
from tests.publish.postgres import Server
from tests.publish.target import PEOPLE, Target

from retrorig import Library
from retrorig.desk.app import _BUTTONS, _FORMS, _PAGES, _READING, _UPLOADS
from retrorig.publish import PublishedCopy

SETS_N = 6


def _post(visitor: Client, path: str) -> tuple[int, str]:
    answer = visitor.ask(path, "POST", "", Origin=visitor.origin, HX_Request="true")
    return answer.status, answer.text  # type: ignore[attr-defined]


def _filled(path: str, library: Library) -> str:
    """A route's path with something that is there in each place."""
    row = library.sets()[-1]
    there = {"set_id": row.set_id, "key": "notes", "label": row.label, "part": "weeks", "how": "delete"}
    return re.sub(r"\{(\w+)(:int)?\}", lambda found: str(there.get(found[1], 1)), path)


def test_pages_show_what_is_published_and_say_so(
    visitor: Client, copy: PublishedCopy, target: Target, library: Library
) -> None:
    row = library.sets()[-1]
    for path in (
        "/",
        f"/sets/{row.set_id}",
        "/people",
        f"/people/{row.label}",
        "/reports",
        "/plans",
        "/library",
    ):
        status, page = get(visitor, path)
        assert status == 200 and f"postgresql:///{target.database}" in page, path
        assert str(copy.folder) not in page, "a folder that will be gone"
    assert PEOPLE[0] in get(visitor, "/")[1]
    assert get(visitor, f"/sets/{row.set_id}/traces")[0] == 200, "samples come out of the store"


def test_no_page_breaks_there(visitor: Client, library: Library) -> None:
    for path in _PAGES:
        if not path.startswith(("/tasks", "/pictures", "/share")):
            status, page = get(visitor, _filled(path, library))
            assert status in (200, 204, 422, 503), (path, page)
            assert "Traceback" not in page and "bug of its own" not in page, (path, page)


def test_whatever_would_change_something_is_refused_with_a_sentence(
    visitor: Client, target: Target, library: Library
) -> None:
    before = target.server.dump(target.database)
    for path in {**_BUTTONS, **_FORMS}:
        if path not in _READING:
            status, said = _post(visitor, _filled(path, library))
            assert status == 422 and "Nothing can be changed here" in said, path
    for path in _UPLOADS:
        assert _post(visitor, path)[0] in (404, 405, 422)
    assert _lines(target.server.dump(target.database)) == _lines(before)


def _lines(dump: bytes) -> list[bytes]:
    return [line for line in dump.splitlines() if b"restrict" not in line]


def test_a_database_that_was_restarted_meanwhile_is_asked_again(
    visitor: Client, library: Library, postgres: Server
) -> None:
    postgres.stop()
    postgres.start()
    assert get(visitor, f"/sets/{library.sets()[-1].set_id}/traces")[0] == 200
