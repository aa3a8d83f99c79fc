"""A bucket that takes connections and gives no answer, or one byte now and then: told in time, and gone on with."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress

import fsspec
import pytest
from tests.publish.buckets import fetch
from tests.publish.proxy import Proxy
from tests.publish.target import Target, check

from retrorig import Library, LinkLostError
from retrorig.cli import run
from retrorig.publish import publish, published
from retrorig.publish.file_store import FileStore

SETS_N = 8
pytestmark = pytest.mark.usefixtures("keys")
_SLOW = b"HTTP/1.1 200 OK\r\nContent-Type: application/xml\r\nContent-Length: 100000\r\n\r\n" + b"<" * 100_000


@contextmanager
def _server(answer: bytes, pause_s: float) -> Iterator[str]:
    """What takes every connection and sends an answer's bytes one by one, so far apart; its address."""
    over, sockets = threading.Event(), list[socket.socket]()

    def send(to: socket.socket) -> None:
        with suppress(OSError):
            for byte in answer:
                to.sendall(bytes([byte]))
                if over.wait(pause_s):
                    return

    def accept() -> None:
        with suppress(OSError):
            while True:
                sockets.append(listening.accept()[0])
                threading.Thread(target=send, args=sockets[-1:], daemon=True).start()

    with closing(socket.create_server(("127.0.0.1", 0))) as listening:
        threading.Thread(target=accept, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            over.set()
            with suppress(OSError):
                listening.shutdown(socket.SHUT_RDWR)
            for each in sockets:
                each.close()


def _told(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert run(list(words)) == 3
    sentence = capsys.readouterr().err
    assert sentence.count("\n") == 1 and "does not answer" in sentence and "Traceback" not in sentence, (
        sentence
    )
    return sentence


@pytest.mark.parametrize(("answer", "pause_s"), [(b"", 0.0), (_SLOW, 0.1)])
def test_a_bucket_that_never_answers_is_told(
    target: Target, library: Library, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch,
    answer: bytes, pause_s: float,
) -> None:  # fmt: skip
    monkeypatch.setattr("retrorig.publish.patience.ANSWER_S", 1.0)
    with _server(answer, pause_s) as address:
        monkeypatch.setenv("AWS_ENDPOINT_URL", address)
        words = ("library", "publish", target.address, "--files", "s3://sites/retrorig")
        _told(capsys, *words, "--library", str(library.folder))
    assert target.rows("SELECT count(*) FROM retrorig.sets") == [["0"]]


@pytest.mark.parametrize("bytes_n", [500, 4_000, 8_000, 12_000])
def test_a_bucket_that_falls_silent_in_the_middle_is_told_and_gone_on_with(
    target: Target, library: Library, bucket: str, capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch, bytes_n: int,
) -> None:  # fmt: skip
    with monkeypatch.context() as patch, closing(_in_front(bytes_n, patch)):
        words = ("library", "publish", target.address, "--files", bucket, "--library", str(library.folder))
        _told(capsys, *words)
    fsspec.get_filesystem_class("s3").clear_instance_cache()
    publish(library, target.address, bucket)
    fetch(bucket, target)
    check(target, library)


@pytest.mark.parametrize("bytes_n", [500, 3_000])
def test_a_bucket_that_falls_silent_while_a_set_is_read_is_told(
    target: Target, library: Library, bucket: str, capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch, bytes_n: int,
) -> None:  # fmt: skip
    publish(library, target.address, bucket)
    command = ("export", "last", "--format", "csv", "--output", "-", "--library", target.address)
    with monkeypatch.context() as patch, closing(_in_front(bytes_n, patch)):
        _told(capsys, *command)
    fsspec.get_filesystem_class("s3").clear_instance_cache()
    assert run([*command]) == 0


def test_each_read_of_a_file_has_its_limit(
    library: Library, target: Target, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a store that found the file, and falls silent over its bytes."""
    over = threading.Event()

    def read(*_: object) -> bytes:
        over.wait(60)
        return b""

    publish(library, target.address, "memory://silent")
    monkeypatch.setattr("retrorig.publish.patience.ANSWER_S", 0.5)
    with published(target.address) as there:
        assert len(there.samples(library.sets()[0].set_id).time_s)
    with published(target.address) as there:
        monkeypatch.setattr("fsspec.implementations.memory.MemoryFile.read", read)
        monkeypatch.setattr(FileStore, "check_mark", lambda *_, **__: None)
        with pytest.raises(LinkLostError, match="does not answer"):
            there.samples(library.sets()[0].set_id)
    over.set()


def _in_front(bytes_n: int, patch: pytest.MonkeyPatch) -> Proxy:
    """A line to the bucket that falls silent after so many bytes."""
    port = int(os.environ["AWS_ENDPOINT_URL"].rpartition(":")[2])
    line = Proxy(port, bytes_n, goes_silent=True)
    patch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{line.port}")
    patch.setattr("retrorig.publish.patience.ANSWER_S", 1.0)
    fsspec.get_filesystem_class("s3").clear_instance_cache()
    return line
