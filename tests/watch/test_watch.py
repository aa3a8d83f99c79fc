"""The real firmware on virtual rigs under watch: each set arrives once, whatever happens to cable, disk and program."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from itertools import islice
from pathlib import Path
from unittest.mock import Mock

import pytest
import serial
from tests.walker_belt import WalkerBelt

from retrorig import connect
from retrorig.errors import DiskFullError, NoRigError, RigRefusedError
from retrorig.library import Library
from retrorig.link.relayed import Announced, announce, relayed
from retrorig.live.stream import Found, Lost
from retrorig.virtual.port import RigPort
from retrorig.virtual.rig import VirtualRig
from retrorig.watch import Watch, WatchEvent
from retrorig.watch.rig_watch import RigWatch
from rigcore.request_encoding import build_request

PORTS = ("/dev/ttyUSB0", "/dev/ttyUSB1")
WAIT_S = 90.0
"""A rig in virtual time needs a second or two for a set, on a busy computer more."""


class Plug:
    """A rig's cable: while it is out, the port is not there; after `bytes_left` it comes out by itself."""

    def __init__(self, rig: VirtualRig) -> None:
        self.rig, self.is_in, self.bytes_left = rig, True, 1 << 40

    def open(self) -> Cable:
        if not self.is_in:
            raise NoRigError("There is no such port: check the name and the cable.")
        return Cable(self)


class Cable:
    """A port that is gone once its plug is out."""

    def __init__(self, plug: Plug) -> None:
        self._plug: Plug = plug
        self._port: RigPort = plug.rig.open_port()
        self.timeout: float | None = None
        self.monotonic, self.close = self._port.monotonic, self._port.close

    @property
    def in_waiting(self) -> int:
        self._check()
        return self._port.in_waiting

    def read(self, size: int = 1) -> bytes:
        self._check()
        self._port.timeout = self.timeout
        found = self._port.read(size)
        self._plug.bytes_left -= len(found)
        self._plug.is_in = self._plug.is_in and self._plug.bytes_left > 0
        return found

    def write(self, data: bytes) -> int:
        self._check()
        return self._port.write(data)

    def _check(self) -> None:
        if not self._plug.is_in:
            raise serial.SerialException("device reports readiness to read but returned no data")


class Told:
    """The events of a watch, to wait for."""

    def __init__(self) -> None:
        self.events: list[WatchEvent] = []
        self._changed = threading.Condition()

    def take(self, event: WatchEvent) -> None:
        with self._changed:
            self.events.append(event)
            self._changed.notify_all()

    def wait(self, is_so: Callable[[list[WatchEvent]], bool]) -> None:
        with self._changed:
            assert self._changed.wait_for(lambda: is_so(self.events), WAIT_S), self.events

    def new(self, port: str | None = None) -> list[str]:
        return [name for event in self.events if port in (None, event.port) for name in event.new]

    def kinds(self, port: str) -> list[str]:
        return [event.kind for event in self.events if event.port == port]


@pytest.fixture(scope="module")
def rigs() -> Iterator[tuple[VirtualRig, VirtualRig]]:
    """Two rigs whose walkers have done a set each and go on for many."""
    belts = [WalkerBelt(sets=400, distance_m=2.0, rest_s=5.0, wait_s=0.5) for _ in PORTS]
    with VirtualRig(belts[0], seed=6) as first, VirtualRig(belts[1], seed=7) as second:
        for rig in (first, second):
            rig.power_on()
            rig.run_for(4_000_000)
            rig.start_belt()
            rig.run_for(10_000_000)
        yield first, second


@pytest.fixture
def plugs(
    rigs: tuple[VirtualRig, VirtualRig], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> dict[str, Plug]:
    """Their cables, plugged in; what is announced of them stays in the test's folder."""
    plugs = {port: Plug(rig) for port, rig in zip(PORTS, rigs, strict=True)}
    monkeypatch.setattr("retrorig.watch.rig_watch.open_port", lambda url: plugs[url].open())
    monkeypatch.setattr("retrorig.link.relayed.announcement", lambda url: tmp_path / Path(url).name)
    return plugs


@contextmanager
def watched(folder: Path, *ports: str) -> Iterator[Told]:
    told = Told()
    watch = Watch(folder, ports, told.take)
    thread = threading.Thread(target=watch.run)
    thread.start()
    try:
        yield told
    finally:
        watch.stop()
        thread.join()


def ids(folder: Path) -> list[str]:
    with Library(folder) as library:
        assert not [fault for fault in library.check(is_thorough=True) if fault.is_damage]
        return [row.set_id for row in library.sets()]


def test_two_rigs_are_pulled_after_each_set_through_loose_plugs(
    plugs: dict[str, Plug], tmp_path: Path
) -> None:
    folder = tmp_path / "library"
    with watched(folder, *PORTS) as told:
        told.wait(lambda _: all(len(told.new(port)) >= 2 for port in PORTS))
        plugs[PORTS[0]].is_in = False
        told.wait(lambda _: "lost" in told.kinds(PORTS[0]))
        plugs[PORTS[0]].is_in = True
        before_n = len(told.new(PORTS[0]))
        told.wait(lambda _: len(told.new(PORTS[0])) > before_n)
        plugs[PORTS[1]].bytes_left = 1500  # in the middle of a set's bytes
        told.wait(lambda _: "lost" in told.kinds(PORTS[1]))
        plugs[PORTS[1]].is_in, plugs[PORTS[1]].bytes_left = True, 1 << 40
        before_n = len(told.new(PORTS[1]))
        told.wait(lambda _: len(told.new(PORTS[1])) > before_n)
    found = ids(folder)
    assert len(set(found)) == len(found)
    assert set(told.new()) == set(found), "each set that came was told of"
    for rig in {event.rig for event in told.events if event.rig}:
        numbers = sorted(int(name.rsplit("-", 1)[1]) for name in found if name.startswith(rig))
        assert numbers == list(range(numbers[0], numbers[-1] + 1)), "none is missing"


def test_others_look_at_a_watched_rig_through_the_watch(plugs: dict[str, Plug], tmp_path: Path) -> None:
    with watched(tmp_path / "library", PORTS[0]) as told:
        told.wait(lambda _: "found" in told.kinds(PORTS[0]))
        with connect(PORTS[0]) as rig:
            assert rig.hello()["rig"] == told.events[0].rig
            assert rig.info()["lost"] == 0
            times = [moment.board_us for moment in islice(rig.live(period_ms=100), 5)]
            assert times == sorted(times)
            assert len(set(times)) == 5
            with (
                pytest.raises(RigRefusedError, match=r"`retrorig watch` .* pulls its sets"),
                Library(tmp_path / "other", create=True) as other,
            ):
                rig.pull(other)
        before_n = len(told.new())
        told.wait(lambda _: len(told.new()) > before_n)
    with pytest.raises(NoRigError, match="no port"):
        connect(PORTS[0])


def test_nobody_reaches_a_watched_rig_without_the_token(plugs: dict[str, Plug], tmp_path: Path) -> None:
    with watched(tmp_path / "library", PORTS[0]) as told:
        told.wait(lambda _: "found" in told.kinds(PORTS[0]))
        announced = json.loads((tmp_path / Path(PORTS[0]).name).read_text())
        assert (tmp_path / Path(PORTS[0]).name).stat().st_mode & 0o077 == 0, "for this user alone"
        for line in (b"\n", b"x" * 32 + b"\n", announced["token"].encode()[:-1] + b"\n"):
            with socket.create_connection(("127.0.0.1", announced["tcp_port"]), 10) as stranger:
                stranger.sendall(line + build_request(1, "hello"))
                with suppress(ConnectionResetError):
                    assert stranger.recv(100) == b""


def answer_as_another(server: socket.socket) -> None:
    client, _ = server.accept()
    with client:
        client.sendall(b"HTTP/1.1 400 Bad Request")


def test_a_program_at_the_number_of_a_killed_watch_is_not_taken_for_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("retrorig.link.relayed.announcement", lambda url: tmp_path / "left")
    monkeypatch.setattr("retrorig.link.relayed.CONNECT_S", 0.1)
    with socket.create_server(("127.0.0.1", 0)) as other:
        announce(PORTS[0], Announced(other.getsockname()[1], "token"))
        assert relayed(PORTS[0]) is None, "one that says nothing"
        other.accept()[0].close()
        answering = threading.Thread(target=answer_as_another, args=(other,))
        answering.start()
        assert relayed(PORTS[0]) is None, "one that says something else"
        answering.join()
    assert relayed(PORTS[0]) is None, "one that is gone"


def test_a_rig_is_told_of_when_it_comes_and_when_it_restarts(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is greeted again, too, when its telemetry had to wait for a pull."""
    stream = Mock()
    monkeypatch.setattr("retrorig.watch.rig_watch.SharedStream", Mock(return_value=stream))
    stream.borrow.return_value = None
    told = Told()
    rig_watch = RigWatch(PORTS[0], None, told.take)
    rig_watch.start()
    (take,) = stream.add.call_args.args
    for event in (
        Found({"rig": "r1", "boot": 1}),
        Found({"rig": "r1", "boot": 1}),
        Found({"rig": "r1", "boot": 2}),
        Lost("The link to the rig broke."),
        Found({"rig": "r1", "boot": 2}),
    ):
        take(event)
    rig_watch.close()
    assert told.kinds(PORTS[0]) == ["found", "found", "lost", "found"]


def test_a_full_disk_is_told_once_and_loses_nothing(
    plugs: dict[str, Plug], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, full = tmp_path / "library", threading.Event()
    full.set()
    add = Library.add_set

    def add_if_room(library: Library, blob: bytes) -> tuple[str, bool]:
        if full.is_set():
            raise DiskFullError("The disk has no room: make some.")
        return add(library, blob)

    monkeypatch.setattr(Library, "add_set", add_if_room)
    monkeypatch.setattr("retrorig.watch.rig_watch.MEND_S", 0.01)
    with watched(folder, PORTS[0]) as told:
        told.wait(lambda _: "trouble" in told.kinds(PORTS[0]))
        full.clear()
        told.wait(lambda _: len(told.new()) >= 1)
    assert len([event for event in told.events if "no room" in event.sentence]) == 1
    assert sorted(ids(folder)) == sorted(told.new())


def test_what_is_no_rig_is_asked_seldom(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Mute:
        port, timeout, in_waiting = "/dev/ttyACM0", 0.0, 0

        def __init__(self) -> None:
            self._now_s = 0.0

        def monotonic(self) -> float:
            self._now_s += 0.1
            return self._now_s

        def read(self, size: int = 1) -> bytes:
            return b""

        def write(self, data: bytes) -> int:
            return len(data)

        def close(self) -> None:
            pass

    opened: list[str] = []
    is_thrice = threading.Event()

    def open_mute(url: str) -> Mute:
        opened.append(url)
        if len(opened) == 3:
            is_thrice.set()
        return Mute()

    monkeypatch.setattr("retrorig.watch.rig_watch.open_port", open_mute)
    monkeypatch.setattr("retrorig.watch.rig_watch.RETRY_S", 0.01)
    monkeypatch.setattr("retrorig.watch.rig_watch.SILENT_RETRY_S", 3600.0)
    with watched(tmp_path / "library", "/dev/ttyACM0") as told:
        told.wait(bool)
        assert is_thrice.wait(WAIT_S)
    assert len(opened) == 3
    assert told.kinds("/dev/ttyACM0") == ["lost"], "told once"
