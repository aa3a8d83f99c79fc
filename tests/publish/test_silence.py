"""A silent server ends a wait, never a program; a password is in no sentence; each refusal has its words."""

from __future__ import annotations

import subprocess
import sys
import threading
from types import SimpleNamespace
from typing import Any, cast
from urllib.parse import parse_qs, urlsplit

import pytest

from retrorig.errors import InputError, LinkLostError, RetrorigError
from retrorig.publish import silence
from retrorig.publish.address import checked, has_password, is_address, shown
from retrorig.publish.connection import Connection
from retrorig.publish.silence import NoAnswerError, answer_of, opened

ADDRESSES = [
    ("postgresql://anna:s3cret@db.example:5433/sets?sslmode=require", "postgresql://db.example:5433/sets", True),
    ("postgres://anna:s%40c@db/sets", "postgresql://db/sets", True),
    ("postgresql://anna@db/sets", "postgresql://db/sets", False),
    ("PostgreSQL://db/sets?password=s3cret&user=anna", "postgresql://db/sets", True),
    ("postgresql:///sets?host=/run/postgresql", "postgresql:///sets", False),
]  # fmt: skip


@pytest.mark.parametrize(("address", "told", "secret"), ADDRESSES)
def test_an_address_is_told_without_who_and_with_where(address: str, told: str, secret: bool) -> None:
    assert shown(address) == told
    assert has_password(address) == secret
    assert is_address(address)
    assert "anna" not in told and "s3cret" not in told


@pytest.mark.parametrize(("address", "told", "secret"), ADDRESSES)
def test_an_address_keeps_what_it_says_and_is_given_patience(address: str, told: str, secret: bool) -> None:
    parts, given = urlsplit(checked(address)), urlsplit(address)
    assert (parts.scheme, parts.netloc, parts.path) == ("postgresql", given.netloc, given.path)
    options = parse_qs(parts.query)
    assert parse_qs(given.query).items() <= options.items()
    dead_after_s = int(options["keepalives_idle"][0]) + int(options["keepalives_interval"][0]) * int(
        options["keepalives_count"][0]
    )
    assert dead_after_s <= 30 and int(options["tcp_user_timeout"][0]) <= 30_000
    assert int(options["connect_timeout"][0]) < silence.OPEN_S
    other = f"{address}{'&' if '?' in address else '?'}connect_timeout=3"
    assert parse_qs(urlsplit(checked(other)).query)["connect_timeout"] == ["3"], "unless it says otherwise"


@pytest.mark.parametrize(
    "address",
    ["", "sets", "mysql://db/sets", "postgresql://db", "postgresql://db/", "postgresql://db:x/sets"],
)
def test_what_is_no_address_is_refused_with_how_to_write_one(address: str) -> None:
    with pytest.raises(InputError, match="postgresql://user@host/database"):
        checked(address)
    assert is_address(address) == address.startswith("postgresql:")


class Late:
    """Work that goes on until it is let go."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(silence, "SILENT_S", 0.02)
        monkeypatch.setattr(silence, "OPEN_S", 0.02)
        self.go, self.cleaned = threading.Event(), threading.Event()

    def work(self) -> str:
        assert self.go.wait(20)
        return "done"

    def close(self) -> None:
        self.cleaned.set()


def test_work_is_waited_for_as_long_as_its_server_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    late, looks = Late(monkeypatch), []

    def is_there() -> bool:
        looks.append(1)
        if len(looks) == 3:
            late.go.set()
        return True

    assert answer_of(late.work, is_there, late.close) == "done"
    assert len(looks) >= 3
    assert not late.cleaned.is_set(), "who got an answer goes on with the connection"


def test_work_whose_server_is_gone_is_given_up_and_cleaned_up_after(monkeypatch: pytest.MonkeyPatch) -> None:
    late = Late(monkeypatch)
    with pytest.raises(NoAnswerError):
        answer_of(late.work, lambda: False, late.close)
    assert not late.cleaned.is_set(), "it still runs"
    late.go.set()
    assert late.cleaned.wait(20)


def test_a_broken_off_wait_cleans_up_after_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    late = Late(monkeypatch)

    def break_off() -> bool:
        late.go.set()
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        answer_of(late.work, break_off, late.close)
    assert late.cleaned.wait(20)


def test_what_goes_wrong_in_the_work_is_told_to_who_waits() -> None:
    with pytest.raises(ValueError, match="odd"):
        answer_of(lambda: int("odd"), lambda: True, lambda: None)
    with pytest.raises(ValueError, match="odd"):
        opened(lambda: int("odd"))


def test_a_connection_that_comes_too_late_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    late = Late(monkeypatch)

    def connect() -> Late:
        late.work()
        return late

    with pytest.raises(NoAnswerError):
        opened(connect)
    late.go.set()
    assert late.cleaned.wait(20)
    assert opened(lambda: 7) == 7


def test_a_program_that_gave_up_ends() -> None:
    """Whatever still waits in the driver."""
    program = (
        "import threading\n"
        "from retrorig.publish import silence\n"
        "silence.SILENT_S = 0.01\n"
        "try:\n"
        "    silence.answer_of(threading.Event().wait, lambda: False, lambda: None)\n"
        "except silence.NoAnswerError:\n"
        "    print('given up')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout == "given up\n"


class OperationalError(Exception):
    sqlstate: str | None = None


class OtherError(Exception):
    sqlstate: str | None = None


def told(error: Exception, state: str | None) -> RetrorigError:
    cast("Any", error).sqlstate = state
    return Connection._failed(
        cast("Any", SimpleNamespace(called="db", _lost=lambda: LinkLostError("Lost."))), error
    )


@pytest.mark.parametrize("state", ["57P01", "57P02", "57P03", "08000", "08003", "08006"])
def test_a_server_that_was_shut_down_is_a_lost_link(state: str) -> None:
    assert isinstance(told(OtherError("x"), state), LinkLostError)


@pytest.mark.parametrize(
    ("error", "state", "words"),
    [
        (OtherError("x"), "42501", "gives this user no right"),
        (OperationalError("x"), "53100", "no room on its disk"),
        (OtherError("x"), "25006", "may only be read"),
        (OtherError("x"), "55P03", "busy with another publish"),
        (OtherError("driver: ERROR: odd thing.\nmore"), "22000", "refused (odd thing)"),
        (OperationalError("ERROR: odd"), "22000", "refused (odd)"),
        (OtherError("no state"), None, "refused (no state)"),
    ],
)
def test_what_a_server_refuses_is_told_in_words(error: Exception, state: str | None, words: str) -> None:
    found = told(error, state)
    assert isinstance(found, InputError)
    assert str(found).startswith("The database db ") and words in str(found)


def test_an_operation_that_broke_without_a_state_is_a_lost_link() -> None:
    assert isinstance(told(OperationalError("x"), None), LinkLostError)


@pytest.mark.parametrize(
    ("text", "kind", "words"),
    [
        (
            'failed: FATAL:  password authentication failed for user "a"\nmore',
            InputError,
            "let us in (password",
        ),
        (
            "connect: fe_sendauth: no password supplied",
            InputError,
            "let us in (fe_sendauth: no password supplied)",
        ),
        ('invalid connection option "colour"', InputError, "does not let us in"),
        ("FATAL:  the database system is starting up", LinkLostError, "No database answers at db ("),
        ("FATAL:  sorry, too many clients already", LinkLostError, "No database answers"),
        ("connection failed: Connection refused.", LinkLostError, "(Connection refused): check host"),
    ],
)
def test_why_no_connection_came_about_is_told(text: str, kind: type[RetrorigError], words: str) -> None:
    found = Connection._refused(cast("Any", SimpleNamespace(called="db")), text)
    assert type(found) is kind
    assert words in str(found)
