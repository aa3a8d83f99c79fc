"""What a watch passes on: requests as they are but for the pace of telemetry, answers once, and no pull by others."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from retrorig.errors import LinkLostError, RigRefusedError
from retrorig.link.client import RESEND_S, TRIES, RigClient
from retrorig.link.relayed import relayed
from retrorig.live.stream import Lost, Told
from retrorig.shared_stream import SharedStream
from retrorig.watch import relay as relay_module
from retrorig.watch.relay import Relay
from rigcore.protocol import ERR_BUSY, LINE_MAX
from rigcore.request_encoding import build_request

URL = "/dev/ttyUSB3"
PERIOD_MS = 500


class Stream:
    """Stands in for the watch's connection to a rig; `answer` may be an error, None for one that never comes."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, ...]] = []
        self.listeners: list[Any] = []
        self.changed = threading.Condition()
        self.relay: Relay | None = None
        self.is_connected, self.answer = True, cast("Any", {"ok": 1, "rig": "r1"})

    def add(self, listener: Any) -> None:
        with self.changed:
            self.listeners.append(listener)
            self.changed.notify_all()

    def remove(self, listener: Any) -> None:
        with self.changed:
            self.listeners = [each for each in self.listeners if each != listener]
            self.changed.notify_all()

    def borrow(self, job: Any) -> Future[Any] | None:
        if not self.is_connected:
            return None
        future: Future[Any] = Future()
        if self.answer is None:
            return future
        try:
            future.set_result(job(SimpleNamespace(client=SimpleNamespace(request=self._request))))
        except Exception as error:  # noqa: BLE001
            future.set_exception(error)
        return future

    def _request(self, verb: str, *arguments: str) -> Any:
        with self.changed:
            self.asked.append((verb, *arguments))
            self.changed.notify_all()
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer

    def wait(self, is_so: Any) -> None:
        with self.changed:
            assert self.changed.wait_for(is_so, 20), (self.asked, self.listeners)


@pytest.fixture
def stream(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Stream]:
    """One that a relay shares."""
    monkeypatch.setattr("platformdirs.user_cache_dir", lambda name: str(tmp_path / name))
    made = Stream()
    relay = Relay(URL, cast("SharedStream", made), PERIOD_MS)
    made.relay = relay
    relay.start()
    yield made
    relay.close()
    assert relayed(URL) is None, "nobody is sent to a watch that has ended"


def client_of() -> RigClient:
    port = relayed(URL)
    assert port
    return RigClient(port)


def test_requests_and_answers_are_passed_on_as_they_are(stream: Stream) -> None:
    client = client_of()
    assert client.request("athlete", "a b", 3) == {"ok": 1, "rig": "r1"}
    assert stream.asked == [("athlete", "a b", "3")]
    client.close()


@pytest.mark.parametrize(
    ("wanted", "asked"),
    [(100, "100"), (PERIOD_MS, "500"), (900, "500"), (0, "500"), ("x", "x"), (-1, "-1")],
)
def test_a_client_may_have_telemetry_more_often_and_never_slows_the_watch(
    stream: Stream, wanted: object, asked: str
) -> None:
    client = client_of()
    client.request("live", wanted)
    assert stream.asked == [("live", asked)]
    assert len(stream.listeners) == (asked in ("100", "500") and wanted != 0)
    client.close()
    stream.wait(lambda: stream.asked[1:] == [("live", str(PERIOD_MS))] and not stream.listeners)


@pytest.mark.parametrize("verb", ["athlete", "clock", "trace", "plan-get"])
def test_numbers_in_other_requests_are_no_pace(stream: Stream, verb: str) -> None:
    """Whatever a verb begins with: a time of day is handed on to the millisecond."""
    client = client_of()
    client.request(verb, 1_780_000_000_123, 7)
    assert stream.asked == [(verb, "1780000000123", "7")] and not stream.listeners
    client.close()


@pytest.mark.parametrize("words", [("x", 100), (100, "x"), (100, 7)])
def test_words_that_are_none_of_the_watchs_are_the_rigs_to_judge(
    stream: Stream, words: tuple[object, ...]
) -> None:
    """The pace is the first; what a newer program says behind it is passed on, or refused by the rig."""
    client = client_of()
    client.request("live", *words)
    (asked,) = stream.asked
    assert asked[1] == str(words[0])
    assert len(stream.listeners) == (words[0] == 100)
    client.close()


def test_who_asks_for_telemetry_twice_gets_it_once_and_after_a_zero_none(stream: Stream) -> None:
    client = client_of()
    client.request("live", 100)
    client.request("live", 200)
    assert len(stream.listeners) == 1
    client.request("live", 0)
    assert not stream.listeners
    client.request("live")
    assert stream.asked[-1] == ("live",)
    client.close()


def test_telemetry_reaches_each_client_that_asked(stream: Stream) -> None:
    clients, got = [client_of(), client_of()], cast("list[list[bytes]]", [[], []])
    for client, mine in zip(clients, got, strict=True):
        client.on_telemetry = mine.append
        client.request("live", 100)
    for listener in stream.listeners:
        listener(Lost("unplugged"))
        listener(Told(cast("Any", None), 0.0, 0.0, b"payload"))
    for client in clients:
        client.listen(0.2)
        client.close()
    assert got == [[b"payload"], [b"payload"]]


@pytest.mark.parametrize("first", [0, 1, 9])
def test_a_request_that_is_sent_again_is_answered_and_not_done_again(stream: Stream, first: int) -> None:
    """Whatever the number that a program begins with."""
    port = relayed(URL)
    assert port
    port.timeout = 5.0
    for line in (
        build_request(first, "tare"),
        build_request(first, "tare"),
        build_request(first + 1, "tare"),
    ):
        port.write(line)
        assert port.read(200)
    assert stream.asked == [("tare",), ("tare",)]
    port.close()


def test_a_damaged_request_is_passed_over(stream: Stream) -> None:
    port = relayed(URL)
    assert port
    port.write(b"@3 info ~00000000\n" + b"x" * 300 + b"\n")
    client = RigClient(port)
    assert client.info()["rig"] == "r1"
    assert stream.asked == [("info",)]
    client.close()


@pytest.mark.parametrize("more", [-1, 0])
def test_the_longest_request_that_a_rig_takes_is_passed_on_whole(stream: Stream, more: int) -> None:
    room = LINE_MAX - len(build_request(60_000, "athlete", ""))
    port = relayed(URL)
    assert port
    port.timeout = 5.0
    line = build_request(60_000, "athlete", "x" * (room + more))
    port.write(line + build_request(60_001, "info"))
    while len(stream.asked) < 2 and port.read(500):
        pass
    assert stream.asked == [("athlete", "x" * (room + more)), ("info",)]
    port.close()


def test_where_it_can_not_be_announced_the_watch_goes_on_and_ends_like_any_other(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Others are told then that the port is in use."""
    (tmp_path / "file").touch()
    monkeypatch.setattr("platformdirs.user_cache_dir", lambda name: str(tmp_path / "file"))
    relay = Relay(URL, cast("SharedStream", Stream()), PERIOD_MS)
    relay.start()
    assert relayed(URL) is None
    relay.close()


def test_a_watch_that_ends_lets_its_clients_go(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Whoever looks on is told so at once and does not wait for an answer that can't come."""
    monkeypatch.setattr("platformdirs.user_cache_dir", lambda name: str(tmp_path / name))
    made = Stream()
    relay = Relay(URL, cast("SharedStream", made), PERIOD_MS)
    relay.start()
    clients = [client_of() for _ in range(2)]
    for client in clients:
        client.request("live", 100)
    relay.close()
    for client in clients:
        with pytest.raises(LinkLostError, match=r"watch has ended|broke"):
            client.info()
        client.close()
    made.wait(lambda: not made.listeners)


def test_a_watch_whose_announcement_was_cleaned_away_ends_like_any_other(
    stream: Stream, tmp_path: Path
) -> None:
    """Its folder is a cache, which anybody may empty."""
    client = client_of()
    client.info()
    for file in (tmp_path / "retrorig").iterdir():
        file.unlink()
    assert stream.relay
    stream.relay.close()
    with pytest.raises(LinkLostError, match=r"watch has ended|broke"):
        client.info()
    client.close()


@pytest.mark.parametrize("verb", ["sets", "read", "confirm"])
def test_a_pull_by_another_program_is_refused_with_who_pulls(stream: Stream, verb: str) -> None:
    client = client_of()
    with pytest.raises(RigRefusedError, match=r"`retrorig watch` \(process \d+\) has this rig") as raised:
        client.request(verb, 1)
    assert raised.value.code == ERR_BUSY
    assert stream.asked == []
    client.close()


def test_the_rig_s_refusal_is_the_client_s(stream: Stream) -> None:
    stream.answer = RigRefusedError("The rig refused: Stand still.", "moving")
    client = client_of()
    with pytest.raises(RigRefusedError, match=r"^The rig refused: Stand still\.$") as raised:
        client.request("tare")
    assert raised.value.code == "moving"
    client.close()


def test_a_watch_that_is_busy_says_so_before_its_client_gives_up(
    stream: Stream, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert 3 * RESEND_S < relay_module.REQUEST_S < TRIES * RESEND_S, "a line may eat a request twice"
    monkeypatch.setattr(relay_module, "REQUEST_S", 0.05)
    stream.answer = None
    client = client_of()
    with pytest.raises(RigRefusedError, match="is pulling its sets: try again") as raised:
        client.request("info")
    assert raised.value.code == ERR_BUSY
    client.close()


@pytest.mark.parametrize("is_connected", [True, False])
def test_without_a_rig_there_is_no_answer_and_with_it_again_there_is(
    stream: Stream, is_connected: bool
) -> None:
    stream.is_connected, stream.answer = is_connected, LinkLostError("The link to the rig broke.")
    client = client_of()
    port: Any = client._port
    port.write(build_request(1, "info"))
    port.timeout = 0.2
    assert port.read(10) == b""
    stream.is_connected, stream.answer = True, {"ok": 1}
    assert client.info() == {"ok": 1}
    client.close()


def test_several_clients_and_a_stranger(stream: Stream, tmp_path: Path) -> None:
    (file,) = (tmp_path / "retrorig").iterdir()
    with socket.create_connection(("127.0.0.1", json.loads(file.read_text())["tcp_port"]), 10) as stranger:
        stranger.sendall(b"guess\n" + build_request(1, "info"))
        clients = [client_of() for _ in range(3)]
        assert [client.info()["rig"] for client in clients] == ["r1"] * 3
        assert len(stream.asked) == 3
    for client in clients:
        client.close()


def test_each_watched_rig_of_a_computer_has_a_relay_of_its_own(stream: Stream) -> None:
    other = Stream()
    other.answer = {"ok": 1, "rig": "r2"}
    relay = Relay("/dev/ttyUSB4", cast("SharedStream", other), PERIOD_MS)
    relay.start()
    port = relayed("/dev/ttyUSB4")
    assert port
    first, second = client_of(), RigClient(port)
    assert (first.info()["rig"], second.info()["rig"]) == ("r1", "r2")
    first.close()
    second.close()
    relay.close()
