"""The command: its first line, joining, and an end that leaves nothing behind."""

from __future__ import annotations

import gc
import re
import select
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from retrorig.cli import run
from retrorig.desk.running import FILE_NAME, Serving

COMMAND = [sys.executable, "-c", "from retrorig.cli import main; main()", "desk", "--no-browser"]
ADDRESS = re.compile(r"http://127\.0\.0\.1:(\d+)/\S+\n")


def opened(address: str) -> str:
    with urllib.request.urlopen(address, timeout=20) as answer:
        return answer.read().decode()


def test_it_starts_with_nothing_is_joined_and_ends_with_the_port_free(tmp_path: Path) -> None:
    library = ["--library", str(tmp_path / "new" / "library")]
    with subprocess.Popen(
        [*COMMAND, *library], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as desk:
        assert desk.stdout
        address = desk.stdout.readline()
        found = ADDRESS.fullmatch(address)
        assert found, address
        assert "Pull" in opened(address.strip())
        with pytest.raises(urllib.error.HTTPError, match="403"):
            opened(address.strip())
        second = subprocess.run([*COMMAND, *library], capture_output=True, text=True, timeout=60, check=False)
        assert second.returncode == 0 and "already" in second.stderr
        joined = ADDRESS.fullmatch(second.stdout)
        assert joined and joined[1] == found[1] and second.stdout != address
        assert "Pull" in opened(second.stdout.strip())
        desk.send_signal(signal.SIGINT)
        rest, said = desk.communicate(timeout=20)
    assert (desk.returncode, rest, said.count("\n")) == (130, "", 1), said
    assert not (tmp_path / "new" / "library" / FILE_NAME).exists()
    socket.create_server(("127.0.0.1", int(found[1]))).close()


STUCK_S = 0.5


def hold(port: int) -> socket.socket:
    """A client that asks and reads no answer, as a phone that fell asleep, until nothing more is taken from it."""
    line = socket.create_connection(("127.0.0.1", port))
    line.setblocking(False)
    asked = f"GET / HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode() * 100
    while select.select([], [line], [], STUCK_S)[1]:
        with suppress(BlockingIOError):
            line.send(asked)
    return line


@pytest.mark.filterwarnings("error")
def test_who_reads_no_answer_does_not_keep_it_from_ending(tmp_path: Path) -> None:
    with Serving(tmp_path) as desk:
        line = hold(desk.http_port)
    with line:
        gc.collect()  # a connection that was left to chance would warn here
    socket.create_server(("127.0.0.1", desk.http_port)).close()


def test_who_reads_no_answer_of_the_live_page_does_not_keep_it_from_ending(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("retrorig.desk.sharing.own_address", lambda: "127.0.0.1")
    with Serving(tmp_path) as desk:
        port = urlsplit(desk.desk.sharing.start()).port
        assert port
        with hold(port):
            desk.desk.sharing.stop()
    socket.create_server(("127.0.0.1", port)).close()


def test_a_port_in_use_is_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        assert run(["desk", "--no-browser", "--library", str(tmp_path), "--http-port", port]) == 2
    said = capsys.readouterr()
    assert said.out == "" and "--http-port" in said.err and len(said.err.splitlines()) == 1


def test_a_damaged_library_is_told_on_the_page(tmp_path: Path) -> None:
    (tmp_path / "library.sqlite3").write_bytes(b"no library" * 1000)
    arguments = [*COMMAND, "--library", str(tmp_path)]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as desk:
        assert desk.stdout
        with pytest.raises(urllib.error.HTTPError) as told:
            opened(desk.stdout.readline().strip())
        assert "is not a retrorig library" in told.value.read().decode()
        desk.send_signal(signal.SIGINT)
        desk.communicate(timeout=20)
    assert (tmp_path / "library.sqlite3").read_bytes() == b"no library" * 1000
