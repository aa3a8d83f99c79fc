"""What is wrong is told in one sentence without a password; broken lines and kills lose and double nothing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.publish.postgres import PASSWORD
from tests.publish.proxy import Proxy
from tests.publish.target import Target, check, make_library

from retrorig import InputError, Library, LinkLostError
from retrorig.cli import run
from retrorig.publish import publish
from retrorig.publish.connection import Connection
from retrorig.publish.file_store import FileStore
from retrorig.publish.target import VERSION

SETS_N = 8


@pytest.fixture(autouse=True)
def _no_password(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("PGPASSWORD", raising=False)
    monkeypatch.setenv("PGPASSFILE", str(tmp_path / "none"))


def _told(capsys: pytest.CaptureFixture[str], library: Library, *words: str) -> tuple[int, str]:
    """The command's exit status and its one sentence."""
    status = run(["library", "publish", *words, "--library", str(library.folder)])
    sentence = capsys.readouterr().err
    assert sentence.count("\n") == 1 and sentence.endswith(".\n") and "Traceback" not in sentence, sentence
    assert PASSWORD not in sentence and "not-it" not in sentence
    return status, sentence


@pytest.mark.parametrize(
    ("password", "user", "database", "status", "words"),
    [
        (
            "not-it",
            "retrorig",
            "postgres",
            2,
            ("does not let us in", "password authentication failed", "PGPASSWORD"),
        ),
        (None, "retrorig", "postgres", 2, ("does not let us in", "no password")),
        (PASSWORD, "nobody", "postgres", 2, ("does not let us in",)),
        (PASSWORD, "retrorig", "nosuch", 2, ("does not let us in", "nosuch")),
    ],
)
def test_a_login_that_is_refused_is_told(
    target: Target, library: Library, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch,
    password: str | None, user: str, database: str, status: int, words: tuple[str, ...],
) -> None:  # fmt: skip
    if password:
        monkeypatch.setenv("PGPASSWORD", password)
    address = target.server.address(database, user)
    found, sentence = _told(capsys, library, address, "--files", str(target.store))
    assert found == status and all(word in sentence for word in words)
    assert not target.store.exists()


def test_a_password_in_the_address_works_and_is_never_repeated(
    target: Target, library: Library, capsys: pytest.CaptureFixture[str]
) -> None:
    address = target.server.address(target.database).replace("@", f":{PASSWORD}@")
    assert (
        run(["library", "publish", address, "--files", str(target.store), "--library", str(library.folder)])
        == 0
    )
    assert PASSWORD not in "".join(capsys.readouterr())
    assert not any(
        PASSWORD.encode() in path.read_bytes() for path in library.folder.rglob("*") if path.is_file()
    )
    status, _ = _told(capsys, library, address.replace(PASSWORD, "not-it"))
    assert status == 2


def test_a_password_file_is_read(
    target: Target, library: Library, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "pgpass"
    file.write_text(f"*:*:*:*:{PASSWORD}\n", encoding="utf-8")
    file.chmod(0o600)
    monkeypatch.setenv("PGPASSFILE", str(file))
    publish(library, target.server.address(target.database), str(target.store))
    check(target, library)


@pytest.mark.parametrize(
    ("address", "status", "word"),
    [
        ("host/database", 2, "postgresql://"),
        ("postgresql://user:not-it@host", 2, "postgresql://"),
        ("postgresql://user:not-it@host:none/x", 2, "postgresql://"),
        ("postgresql://user:not-it@127.0.0.1:1/x", 3, "No database answers"),
        ("postgresql://user:not-it@no-such-host.invalid/x", 3, "No database answers"),
    ],
)
def test_an_address_where_nothing_answers_is_told(
    library: Library, capsys: pytest.CaptureFixture[str], address: str, status: int, word: str
) -> None:
    found, sentence = _told(capsys, library, address, "--files", "x")
    assert found == status and word in sentence


@pytest.mark.parametrize(
    ("sql", "word"),
    [
        ("CREATE SCHEMA retrorig", "holds nothing that retrorig published"),
        ("CREATE SCHEMA retrorig; CREATE TABLE retrorig.about (x int)", "can't be read as ours"),
        (
            "CREATE SCHEMA retrorig; CREATE TABLE retrorig.about (version int, mark text, store text)",
            "can't be read as ours",
        ),
    ],
)
def test_somebody_elses_schema_is_left_alone(
    target: Target, library: Library, capsys: pytest.CaptureFixture[str], sql: str, word: str
) -> None:
    target.server.sql(target.database, sql)
    before = target.server.dump(target.database)
    status, sentence = _told(capsys, library, target.address, "--files", str(target.store))
    assert status == 2 and word in sentence
    assert [line for line in target.server.dump(target.database).splitlines() if b"restrict" not in line] == [
        line for line in before.splitlines() if b"restrict" not in line
    ]
    assert not target.store.exists()


@pytest.mark.parametrize(
    ("version", "word"), [(VERSION - 1, "another database"), (VERSION + 1, "update this program")]
)
def test_another_version_is_refused_before_anything_is_sent(
    target: Target, library: Library, capsys: pytest.CaptureFixture[str], version: int, word: str
) -> None:
    publish(library, target.address, str(target.store))
    target.server.sql(target.database, f"UPDATE retrorig.about SET version = {version}")
    library.delete([library.sets()[0].set_id])
    status, sentence = _told(capsys, library, target.address)
    assert status == 2 and word in sentence
    assert target.rows("SELECT count(*) FROM retrorig.sets") == [[str(SETS_N)]]


def test_a_store_of_another_database_or_of_somebody_else_is_refused(
    target: Target, library: Library, capsys: pytest.CaptureFixture[str]
) -> None:
    publish(library, target.address, str(target.store))
    other = Target(target.server, f"{target.database}b", target.store)
    target.server.make_database(other.database)
    status, sentence = _told(capsys, library, other.address, "--files", str(target.store))
    assert status == 2 and "belong to another database" in sentence
    full = target.store.with_name("full")
    full.mkdir()
    (full / "letter.txt").write_text("dear", encoding="utf-8")
    status, sentence = _told(capsys, library, target.address, "--files", str(full))
    assert status == 2 and [path.name for path in full.iterdir()] == ["letter.txt"]


@pytest.mark.parametrize("place", ["s4://bucket/x", "dropbox://x"])
def test_a_store_that_no_package_opens_is_told(
    target: Target, library: Library, capsys: pytest.CaptureFixture[str], place: str
) -> None:
    status, sentence = _told(capsys, library, target.address, "--files", place)
    assert status == 2 and place in sentence


def test_the_first_publish_needs_a_store(
    target: Target, library: Library, capsys: pytest.CaptureFixture[str]
) -> None:
    status, sentence = _told(capsys, library, target.address)
    assert status == 2 and "--files" in sentence
    assert not target.rows("SELECT 1 FROM pg_namespace WHERE nspname = 'retrorig'")


def test_a_user_without_rights_is_told(
    target: Target, library: Library, capsys: pytest.CaptureFixture[str]
) -> None:
    role = f"weak_{target.database}"
    target.server.sql(target.database, f"CREATE ROLE {role} LOGIN")
    address = target.server.socket_address(target.database, role)
    status, sentence = _told(capsys, library, address, "--files", str(target.store))
    assert status == 2 and "no right" in sentence
    publish(library, target.address, str(target.store))
    status, sentence = _told(capsys, library, address)
    assert status == 2 and "no right" in sentence


def test_a_clock_that_is_off_is_told(
    target: Target, library: Library, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    class Late(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> Any:
            return datetime.now(UTC) - timedelta(hours=2)

    monkeypatch.setattr("retrorig.publish.target.datetime", Late)
    status, sentence = _told(capsys, library, target.address, "--files", str(target.store))
    assert status == 2 and "120 minutes" in sentence
    assert not target.store.exists()


def test_a_server_that_restarts_meanwhile_is_told_and_the_next_run_goes_on(
    target: Target, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    put, calls = FileStore.put, []

    def restarting(*arguments: Any) -> None:
        calls.append(arguments)
        if len(calls) == 2:
            target.server.stop("immediate")
            target.server.start()
        put(*arguments)

    with monkeypatch.context() as patch:
        patch.setattr(FileStore, "put", restarting)
        with pytest.raises(LinkLostError, match="goes on with the rest"):
            publish(library, target.address, str(target.store))
    publish(library, target.address)
    check(target, library)


@pytest.mark.parametrize("bytes_n", [10, 3_000, 12_000, 30_000, 45_000, 60_000])
def test_a_network_that_is_cut_is_told_and_the_next_run_goes_on(
    target: Target, library: Library, monkeypatch: pytest.MonkeyPatch, bytes_n: int
) -> None:
    monkeypatch.setenv("PGPASSWORD", PASSWORD)
    with closing(Proxy(target.server.port, bytes_n)) as proxy, pytest.raises(LinkLostError):
        publish(library, target.server.address(target.database, port=proxy.port), str(target.store))
    publish(library, target.address, str(target.store))
    check(target, library)


@pytest.mark.parametrize("bytes_n", [10, 3_000, 30_000, 60_000])
def test_a_network_that_falls_silent_is_told_and_the_next_run_goes_on(
    target: Target,
    library: Library,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    bytes_n: int,
) -> None:
    """Nothing breaks, nothing comes: no end of the line would ever tell."""
    monkeypatch.setenv("PGPASSWORD", PASSWORD)
    for limit in ("SILENT_S", "OPEN_S"):
        monkeypatch.setattr(f"retrorig.publish.silence.{limit}", 2.0)
    with closing(Proxy(target.server.port, bytes_n, goes_silent=True)) as proxy:
        address = target.server.address(target.database, port=proxy.port) + "?connect_timeout=2"
        status, sentence = _told(capsys, library, address, "--files", str(target.store))
        assert status == 3 and ("was lost" in sentence or "No database answers" in sentence)
    publish(library, target.address, str(target.store))
    check(target, library)


def test_a_server_that_works_for_long_is_waited_for(target: Target, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("retrorig.publish.silence.SILENT_S", 0.05)
    with closing(Connection(target.address)) as connection:
        assert connection.rows("SELECT 7 FROM pg_sleep(0.5)") == [(7,)]


def test_a_server_that_takes_logins_and_never_ends_its_work_is_told(
    target: Target, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("retrorig.publish.silence.SILENT_S", 0.05)
    monkeypatch.setattr("retrorig.publish.silence.WORK_S", 1.0)
    with closing(Connection(target.address)) as connection, pytest.raises(LinkLostError, match="was lost"):
        connection.run("SELECT pg_sleep(60)")


def test_ctrl_c_ends_it_while_the_server_works(target: Target) -> None:
    with closing(Connection(target.address)) as connection:
        with pytest.raises(KeyboardInterrupt), connection.transaction():
            threading.Timer(0.5, os.kill, (os.getpid(), signal.SIGINT)).start()
            connection.run("SELECT pg_sleep(5)")
        with pytest.raises(LinkLostError):  # nobody touches what a thread still waits for
            connection.run("SELECT 1")


def test_two_sites_publish_at_once_while_one_is_killed_again_and_again(
    target: Target, library: Library, tmp_path: Path
) -> None:
    with make_library(tmp_path / "other", 20, first_rig=1) as other:
        publish(library, target.address, str(target.store))
        for delay_s in (1.2, 1.5, 1.8):
            killed = _publishing(other, target)
            library.edit([row.set_id for row in library.sets()], {"trim_end_s": delay_s})
            with suppress(subprocess.TimeoutExpired):
                killed.wait(delay_s)
            killed.send_signal(signal.SIGKILL)
            publish(library, target.address)
            killed.wait()
            assert set(target.column("SELECT set_id FROM retrorig.sets")) >= {
                row.set_id for row in library.sets()
            }
        publish(other, target.address)
        check(target, library, other)


def test_two_programs_publish_one_library_one_after_the_other(
    target: Target, library: Library, tmp_path: Path
) -> None:
    publish(library, target.address, str(target.store))
    library.edit([row.set_id for row in library.sets()], {"notes": "new"})
    both = [_publishing(library, target) for _ in range(2)]
    assert [one.wait() for one in both] == [0, 0]
    check(target, library)


def _publishing(library: Library, target: Target) -> subprocess.Popen[bytes]:
    code = "from retrorig.cli import main; main()"
    words = ["library", "publish", target.address, "--library", str(library.folder)]
    return subprocess.Popen(
        [sys.executable, "-c", code, *words], stderr=subprocess.DEVNULL, env={**os.environ}
    )


def test_a_package_that_is_missing_is_told(
    library: Library, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    class Missing:
        @staticmethod
        def find_spec(name: str, *_: object) -> None:
            if name == "adbc_driver_postgresql":
                raise ModuleNotFoundError(f"No module named {name!r}", name=name)

    for name in [name for name in sys.modules if name.startswith("adbc_driver_postgresql")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr(sys, "meta_path", [Missing, *sys.meta_path])
    status, sentence = _told(capsys, library, "postgresql://host/x", "--files", "x")
    assert status == 2 and "adbc-driver-postgresql" in sentence


def test_a_folder_in_whose_place_a_file_is_can_be_no_store(target: Target, library: Library) -> None:
    target.store.write_text("here", encoding="utf-8")
    with pytest.raises(InputError):
        publish(library, target.address, str(target.store))
