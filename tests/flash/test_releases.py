"""Where images come from and whose sum they must have: a server that does all that servers and networks do."""

from __future__ import annotations

import hashlib
import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from tests.flash.doubles import image

from retrorig.errors import InputError
from retrorig.flash import images, releases
from retrorig.flash.chips import CHIPS
from retrorig.flash.download import fetched
from retrorig.flash.job import Job
from retrorig.flash.releases import RELEASES, checked_sum
from retrorig.flash.rom import FoundChip
from retrorig.flash.steps import check_image
from retrorig.flash.sums import Sums

ESP32, S3 = CHIPS
WHOLE = image(ESP32)
TOTAL = hashlib.sha256(WHOLE).hexdigest()
NAME = "ESP32_GENERIC-20251209-v1.27.0.bin"
"""A file of the official place whose sum is in no list."""


class Answers(BaseHTTPRequestHandler):
    """Answers by the last part of the path; the others are the official place's."""

    kind = "whole"

    def do_GET(self) -> None:
        if self.kind == "missing":
            self.send_error(404)
            return
        body = b"<html>Please log in to this hotel's network</html>" if self.kind == "portal" else WHOLE
        self.send_response(200)
        self.send_header("Content-Length", "many" if self.kind == "nonsense" else str(len(body)))
        self.end_headers()
        with suppress(OSError):
            self.wfile.write(body[: len(body) // 2] if self.kind in ("cut", "slow") else body)
            self.wfile.flush()
            if self.kind == "slow":
                self.server.stopped.wait(5)  # type: ignore[attr-defined]

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def place(monkeypatch: pytest.MonkeyPatch) -> Iterator[type[Answers]]:
    """A server in the place of the official one."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    server.daemon_threads = False  # so that closing waits for them
    server.stopped = threading.Event()  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    monkeypatch.setattr(releases, "SOURCE", f"http://127.0.0.1:{server.server_port}/")
    monkeypatch.setattr("retrorig.flash.download._PATIENCE_S", 0.3)
    monkeypatch.setattr(Answers, "kind", "whole")
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    yield Answers
    server.stopped.set()  # type: ignore[attr-defined]
    server.shutdown()
    thread.join()
    server.server_close()


def job(folder: Path, **kinds: object) -> Job:
    made = Job("double", keep_in=folder, wanted={}, download=True, version="1.27.0", **kinds)  # type: ignore[arg-type]
    made.fitting, made.found = ESP32, FoundChip("ESP32", "ESP32", "24:6f:28:aa:bb:cc", 4)
    return made


def test_what_is_fetched_is_checked_and_the_sum_that_was_vouched_for_is_remembered(
    place: type[Answers], tmp_path: Path
) -> None:
    shown: list[tuple[float, float]] = []
    with pytest.raises(InputError, match=f"repeat with --sha256 {TOTAL}"):
        check_image(job(tmp_path), lambda done, of: shown.append((done, of)))
    assert shown[-1] == (len(WHOLE), len(WHOLE)) and shown == sorted(shown)
    with pytest.raises(InputError, match="damaged or another file"):
        check_image(job(tmp_path, sha256="0" * 64), lambda done, of: None)
    assert f"{TOTAL} as given" in str(check_image(job(tmp_path, sha256=TOTAL.upper()), lambda done, of: None))
    assert f"{TOTAL} as remembered" in str(check_image(job(tmp_path), lambda done, of: None))
    Sums(tmp_path).remember(NAME, "1" * 64)
    with pytest.raises(InputError, match=f"{'1' * 64} is remembered"):
        check_image(job(tmp_path), lambda done, of: None)
    assert "as given" in str(check_image(job(tmp_path, sha256=TOTAL), lambda done, of: None)), (
        "the user may know better"
    )


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("missing", r"can't be fetched \(Not Found\): fetch it with a browser and name it with --image"),
        ("cut", "came incomplete: give the same command again"),
        ("slow", "can't be fetched .*timed out"),
        ("portal", "is no image of an ESP32"),
        ("nonsense", "can't be fetched"),
    ],
)
def test_what_goes_wrong_on_the_way_is_one_sentence(
    kind: str, words: str, place: type[Answers], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(place, "kind", kind)
    wanted = job(tmp_path)
    with pytest.raises(InputError, match=words) as caught:
        check_image(wanted, lambda done, of: None)
    assert "\n" not in str(caught.value) and wanted.checked is None


def test_without_a_network_it_says_how_to_do_without(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound and not listening: refused
        address = f"http://127.0.0.1:{taken.getsockname()[1]}/{NAME}"
        with pytest.raises(InputError, match=r"refused.*name it with --image FILE"):
            fetched(address, lambda done, of: None)


def test_the_list_counts_more_than_what_a_user_says(tmp_path: Path) -> None:
    listed = releases.file_name(ESP32, releases.release(ESP32, None))
    with pytest.raises(InputError, match="is in the list"):
        checked_sum(WHOLE, ESP32, listed, TOTAL, Sums(tmp_path))
    assert checked_sum(WHOLE, ESP32, "mine.bin", TOTAL, Sums(tmp_path)) == (TOTAL, "given")


def test_a_damaged_memory_only_asks_once_more(tmp_path: Path) -> None:
    (tmp_path / "images.json").write_text("{")
    assert Sums(tmp_path).remembered(NAME) is None
    Sums(tmp_path).remember(NAME, TOTAL)
    assert Sums(tmp_path).remembered(NAME) == TOTAL


def test_releases_are_new_enough_and_their_addresses_are_the_official_places() -> None:
    for known in RELEASES:
        images.check_version(tuple(map(int, known.version.split("."))))
        assert known.sha256 is None or len(bytes.fromhex(known.sha256)) == 32
    assert releases.url(S3, releases.release(S3, "1.27.0")) == (
        "https://micropython.org/resources/firmware/ESP32_GENERIC_S3-20251209-v1.27.0.bin"
    )
    for chip in CHIPS:
        assert releases.release(chip, None).sha256, "who asks for no version gets one that can be checked"
    with pytest.raises(InputError, match=r"1\.28\.0, 1\.27\.0, 1\.26\.1"):
        releases.release(ESP32, "1.20.0")
