"""What goes wrong outside the desk is a sentence on its page that says what to do; the page stays, nothing is lost."""

from __future__ import annotations

import fcntl
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from html import unescape
from pathlib import Path

import pytest
import serial
from tests.desk.test_closed import Client

from retrorig.desk.running import Serving
from retrorig.desk.wording import words_in
from retrorig.errors import DiskFullError
from retrorig.library import Library
from retrorig.library.database import FILE_NAME

SECOND = "rr-test-0003-00002"
FORM = {"Content_Type": "application/x-www-form-urlencoded"}


@contextmanager
def asked(folder: Path, port: str = "/no/rig") -> Iterator[Client]:
    with Serving(folder, port=port) as desk:
        client = Client(desk)
        client.enter(desk.address())
        yield client


def said(client: Client, path: str, method: str = "GET", body: str = "") -> tuple[int, str]:
    answer = client.ask(path, method, body or None, Origin=client.origin, Accept_Language="en", **FORM)
    return answer.status, answer.text  # type: ignore[attr-defined]


def done(client: Client, path: str, body: str = "") -> str:
    """What a button's task says when it has ended."""
    status, text = said(client, path, "POST", body)
    number = text.partition('id="task-')[2].partition('"')[0]
    while 'hx-trigger="load' in text:
        status, text = said(client, f"/tasks/{number}")
    assert status == 200, text
    return text


@pytest.fixture
def pty() -> Iterator[str]:
    """A serial port with nobody at the other end."""
    ours, theirs = os.openpty()
    yield os.ttyname(theirs)
    os.close(ours)
    os.close(theirs)


def test_a_port_without_rights_says_who_may_use_it(
    tmp_path: Path, pty: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object, **__: object) -> None:
        raise serial.SerialException(13, "could not open port: [Errno 13] Permission denied")

    monkeypatch.setattr("serial.Serial.open", refused)
    with asked(tmp_path, pty) as client:
        status, text = said(client, "/rig/state?port=&n=0")
    assert status == 200 and "state-lost" in text and "dialout" in text


def test_a_port_that_another_program_has_is_told_with_what_to_do(tmp_path: Path, pty: str) -> None:
    holding = os.open(pty, os.O_RDWR | os.O_NOCTTY)
    try:
        fcntl.flock(holding, fcntl.LOCK_EX | fcntl.LOCK_NB)
        with asked(tmp_path, pty) as client:
            status, text = said(client, "/rig/state?port=&n=0")
    finally:
        os.close(holding)
    assert status == 200 and "state-lost" in text and "another program" in text


@pytest.mark.parametrize(("harm", "told"), [("newer", "newer"), ("no library", "is not a retrorig library")])
def test_a_library_that_can_t_be_read_is_told_on_every_page_and_left_alone(
    filled: Path, tmp_path: Path, harm: str, told: str
) -> None:
    folder = Path(shutil.copytree(filled, tmp_path / "library"))
    file = folder / FILE_NAME
    if harm == "newer":
        with closing(sqlite3.connect(file)) as library:
            library.execute("PRAGMA user_version = 99")
    else:
        file.write_bytes(b"no library" * 1000)
    before = file.read_bytes()
    with asked(folder) as client:
        for path in ("/", "/people", f"/sets/{SECOND}", "/library", "/reports", "/live", "/rig"):
            status, text = said(client, path)
            assert status == 422 and told in text and 'href="/live"' in text, path
        assert said(client, "/plans")[0] == 200, "what needs no library works"
        assert told in said(client, f"/sets/{SECOND}/edit/pain", "POST", "value=3&was=null")[1]
    assert file.read_bytes() == before


def test_a_full_disk_loses_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise DiskFullError("The library can't be written, the disk is full: make room and try again.")

    for name in ("edit", "delete", "hide"):
        monkeypatch.setattr(Library, name, full)
    with asked(folder) as client:
        for path, body in (
            (f"/sets/{SECOND}/edit/pain", "value=3&was=null"),
            (f"/sets/{SECOND}/trim", "trim_start_s=1&was_start=null&was_end=null"),
            ("/today/remove/delete", f"set={SECOND}"),
        ):
            _, text = said(client, path, "POST", body)
            assert "disk is full: make room" in text, path
        monkeypatch.undo()
        assert "Saved" in said(client, f"/sets/{SECOND}/edit/pain", "POST", "value=3&was=null")[1]


def test_edits_from_two_tabs_are_never_lost_silently(folder: Path) -> None:
    with asked(folder) as client:
        first = f"/sets/{SECOND}/trim", "trim_start_s=0.5&was_start=null&was_end=null"
        assert said(client, first[0], "POST", first[1])[0] == 204
        status, text = said(client, first[0], "POST", first[1].replace("0.5", "0.7"))
        assert status == 422 and "Somebody has changed trim_start_s" in text
        seen = '{"machine": "", "attachment": "", "tags": "", "started_utc": ""}'
        with Library(folder) as library:
            row = library.set(SECOND)
            machine = row.machine or ""
            started = f"{row.started:%Y-%m-%d %H:%M:%S}" if row.started else ""
        seen = seen.replace('"machine": ""', f'"machine": "{machine}"').replace(
            '"started_utc": ""', f'"started_utc": "{started}"'
        )
        kept = f"was={seen}&machine={machine}&started_utc={started}&attachment="
        assert said(client, f"/sets/{SECOND}/note", "POST", f"{kept}hip&tags=knee, calm")[0] == 204
        status, text = said(client, f"/sets/{SECOND}/note", "POST", f"{kept}waist&tags=")
        assert status == 422 and "Somebody has changed attachment" in text
    with Library(folder) as library:
        row = library.set(SECOND)
        assert (row.attachment, row.tags, row.trim_start_s, row.started is None) == (
            "hip",
            ["knee", "calm"],
            0.5,
            False,
        )


def test_sets_are_computed_anew_and_graded(folder: Path) -> None:
    with asked(folder) as client:
        for path, body, told in (
            ("/library/recompute", "", "Sets computed: 4"),
            ("/library/recompute", f"words={SECOND}&zero=1", "Sets computed: 1"),
            ("/library/recompute", f"words={SECOND}&calibration=own", "Sets computed: 1"),
            ("/library/recompute", "athlete=Ben&calibration=12345678", "12345678"),
            ("/library/grades", "", "A, %"),
        ):
            assert told in done(client, path, body), (path, body)


def test_single_sets_come_out_of_a_backup(filled: Path, tmp_path: Path) -> None:
    with asked(tmp_path / "new") as client:
        assert "New sets: 1" in done(client, "/library/merge", f"path={filled}&only={SECOND}")
    with Library(tmp_path / "new") as library:
        assert [row.set_id for row in library.sets()] == [SECOND]


def test_a_bug_of_the_desk_and_a_page_that_there_is_not_are_sentences_too(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("by zero")

    known = words_in("en")["said"]
    monkeypatch.setattr("retrorig.desk.pages.today._day", broken)
    with asked(folder) as client:
        for path, status, sentence in (
            ("/", 500, known["bug"].format("ZeroDivisionError", "by zero")),
            ("/no/such/page", 404, known["missing"]),
            ("/pull?place=1&at=/dev/gone", 422, known["rig_gone"].format("/dev/gone")),
        ):
            for part in (False, True):
                headers = {"HX_Request": "true"} if part else {}
                answer = client.ask(path, Accept_Language="en", **headers)
                text = unescape(answer.text)  # type: ignore[attr-defined]
                assert answer.status == status and sentence in text, path
                assert text.lstrip().startswith("<!doctype html>") != part, "where a page is open it stays"
        assert said(client, "/pull", "PUT")[0] == 405
