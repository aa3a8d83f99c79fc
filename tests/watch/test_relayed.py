"""The port of a watched rig, as other programs have it: a loopback socket that acts like a serial port."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import serial

from retrorig.link.relayed import READY, Announced, RelayedPort, announce, relayed

URL = "/dev/ttyUSB7"


@pytest.fixture(autouse=True)
def cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Where rigs under watch are announced, of a user who has no such folder yet."""
    monkeypatch.setattr("platformdirs.user_cache_dir", lambda name: str(tmp_path / "caches" / name))
    return tmp_path / "caches" / "retrorig"


@pytest.fixture
def both() -> Iterator[tuple[RelayedPort, socket.socket]]:
    """A program's port and the watch's end of it."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        announce(URL, Announced(server.getsockname()[1], "secret"))
        accepted: list[socket.socket] = []

        def accept() -> None:
            client, _ = server.accept()
            assert client.recv(100) == b"secret\n"
            client.sendall(READY)
            accepted.append(client)

        accepting = threading.Thread(target=accept)
        accepting.start()
        port = relayed(URL)
        accepting.join()
        assert port
        with accepted[0]:
            yield port, accepted[0]
        port.close()


def arrived(port: RelayedPort, n: int) -> None:
    """Wait until so many bytes are there."""
    until_s = time.monotonic() + 10
    while port.in_waiting < n:
        assert time.monotonic() < until_s


def test_bytes_arrive_whole_in_order_and_as_many_as_were_asked_for(
    both: tuple[RelayedPort, socket.socket],
) -> None:
    port, watch = both
    assert port.port == URL
    assert port.in_waiting == 0
    sent = bytes(range(256)) * 20
    watch.sendall(sent)
    arrived(port, len(sent))
    assert port.in_waiting == len(sent), "looking takes nothing away"
    assert port.read() == sent[:1]
    assert port.read(9) == sent[1:10]
    assert port.in_waiting == len(sent) - 10
    assert port.read(2 * len(sent)) == sent[10:], "what is there, without waiting for more"
    assert port.in_waiting == 0


def test_without_a_timeout_of_its_own_a_read_does_not_wait(both: tuple[RelayedPort, socket.socket]) -> None:
    port, _ = both
    assert port.timeout == 0
    assert port.read(5) == b""


def test_a_read_waits_for_its_timeout_and_not_once_something_came(
    both: tuple[RelayedPort, socket.socket],
) -> None:
    port, watch = both
    port.timeout = 0.05
    begun_s = time.monotonic()
    assert port.read(5) == b""
    assert time.monotonic() - begun_s >= 0.045
    port.timeout = None
    late = threading.Timer(0.05, watch.sendall, [b"late"])
    late.start()
    assert port.read(5) == b"late"
    late.join()


def test_what_is_written_reaches_the_watch(both: tuple[RelayedPort, socket.socket]) -> None:
    port, watch = both
    request = b"@1 hello ~00000000\n" * 3
    assert port.write(request) == len(request)
    assert watch.recv(len(request), socket.MSG_WAITALL) == request


def test_a_watch_that_ends_is_a_broken_link_and_no_silence(both: tuple[RelayedPort, socket.socket]) -> None:
    port, watch = both
    watch.shutdown(socket.SHUT_RDWR)
    port.timeout = 5.0
    with pytest.raises(serial.SerialException, match="watch has ended"):
        port.read()


def test_what_is_left_behind_belongs_to_its_user_alone(cache: Path) -> None:
    path = announce(URL, Announced(1, "secret"))
    assert path.parent == cache
    assert (path.parent.stat().st_mode & 0o777, path.stat().st_mode & 0o777) == (0o700, 0o600)
    path.chmod(0o644)
    assert announce(URL, Announced(2, "other")) == path
    assert path.stat().st_mode & 0o777 == 0o600, "also where another was left"
    assert announce(URL + "1", Announced(3, "third")) != path


def test_a_port_is_one_whatever_name_it_is_called_by(tmp_path: Path) -> None:
    (tmp_path / "real").touch()
    (tmp_path / "by-id").symlink_to(tmp_path / "real")
    made = {announce(str(tmp_path / name), Announced(1, "x")) for name in ("real", "by-id")}
    assert len(made) == 1


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"tcp_port": 1}', '{"tcp_port": "x", "token": "y"}'])
def test_an_announcement_that_says_nothing_useful_is_none(cache: Path, text: str) -> None:
    announce(URL, Announced(1, "x")).write_text(text)
    assert relayed(URL) is None


def test_what_nobody_watches_is_not_relayed() -> None:
    assert relayed(URL) is None
