"""`--log`: every byte on the cable with its time, and nobody's name."""

from __future__ import annotations

import errno
import json
import logging
import re
import stat
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrorig import cli
from retrorig.errors import DiskFullError, InputError
from retrorig.link.frames import PIECE_MAX
from retrorig.link.trace import TracedPort, shown_of_piece, shown_of_request, traced
from retrorig.logs import logging_to
from rigcore.framing import CRC_SIZE, TYPE_ANSWER, TYPE_DATA, TYPE_TELEMETRY, frame
from rigcore.protocol import TELEMETRY_BYTES
from rigcore.request_encoding import build_request

NAME = b"Annalena"
LINE = re.compile(r"^\d\d:\d\d:\d\d\.\d{3} retrorig\.link\.trace +(\d+\.\d{6}) ([<>]) (.*)$", re.MULTILINE)


class Cable:
    """A port at whose other end the given pieces wait."""

    def __init__(self, *chunks: bytes) -> None:
        self.timeout: float | None = None
        self.chunks, self.written = list(chunks), b""

    @property
    def in_waiting(self) -> int:
        return len(self.chunks[0]) if self.chunks else 0

    def read(self, size: int = 1) -> bytes:
        return self.chunks.pop(0) if self.chunks else b""

    def write(self, data: bytes) -> int:
        self.written += data
        return len(data)

    def close(self) -> None:
        pass


def ticking() -> Iterator[float]:
    tick = 0
    while True:
        yield tick * 0.001
        tick += 1


def visible(data: bytes, shown: list[bool]) -> bytes:
    """What can be read of it, with a mark for each byte that can't."""
    assert len(shown) == len(data)
    return bytes(byte if is_shown else 0x01 for byte, is_shown in zip(data, shown))


def says(shown: bytes, name: bytes = NAME) -> bool:
    """Whether three letters of the name in a row can be read."""
    return any(name[at : at + 3] in shown for at in range(len(name) - 2))


@pytest.fixture
def lines(tmp_path: Path) -> Iterator[Path]:
    with logging_to(tmp_path / "cable.log"):
        yield tmp_path / "cable.log"


def piece(kind: int, payload: bytes) -> bytes:
    """A frame between its delimiters."""
    return bytes(frame(kind, 7, payload))[1:-1]


CARRIERS = {
    "answer": piece(TYPE_ANSWER, json.dumps({"ok": 1, "athlete": NAME.decode()}).encode()),
    "long answer": piece(TYPE_ANSWER, json.dumps({"a": "b" * 250, "label": NAME.decode() * 9}).encode()),
    "answer with marks": piece(TYPE_ANSWER, json.dumps({"rig": "x", "label": f'a"{NAME.decode()}'}).encode()),
    "plans": piece(TYPE_ANSWER, json.dumps({"plans": [[NAME.decode(), 3, 4]]}).encode()),
    "telemetry": piece(TYPE_TELEMETRY, bytes(TELEMETRY_BYTES) + b"idle\t" + NAME + b"\t\t"),
    "set": piece(TYPE_DATA, bytes(8) + b"\x08\x08" + NAME + bytes(200)),
    "unknown": piece(0x55, NAME),
}  # fmt: skip


@pytest.mark.parametrize("carrier", CARRIERS)
def test_no_frame_shows_a_name_and_each_shows_what_kind_it_is(carrier: str) -> None:
    data = CARRIERS[carrier]
    assert NAME in data
    kind, shown = shown_of_piece(data)
    assert kind == "frames"
    assert not says(visible(data, shown))
    assert visible(data, shown)[1:4] == data[1:4], "type and number of the request tell which it is"
    assert not any(shown[-CRC_SIZE:]), "nor the sum, by which names could be tried"


@pytest.mark.parametrize(
    ("kind", "shown_n"), [(TYPE_DATA, 8), (TYPE_TELEMETRY, TELEMETRY_BYTES), (0x55, 0)], ids=hex
)
def test_of_sets_and_telemetry_the_numbers_are_shown_and_what_follows_is_not(kind: int, shown_n: int) -> None:
    """Which set and from which byte on; speed, pull and state: who reads the log needs them, and they name nobody."""
    data = piece(kind, b"\x07" * 100)
    _, shown = shown_of_piece(data)
    head_n = len(data) - 100 - CRC_SIZE
    assert shown == [True] * (head_n + shown_n) + [False] * (100 - shown_n + CRC_SIZE)


@pytest.mark.parametrize("n", [1, 240, 241, 242, 243, 244, 245, 246, 500, 600])
@pytest.mark.parametrize("byte", [b"\x07", b"\0"], ids=["full", "zeros"])
def test_of_a_long_frame_nothing_but_its_head_and_lengths_is_shown(byte: bytes, n: int) -> None:
    """COBS puts the length of each run in, of at most 254 bytes; a zero of the frame is where the next one stands."""
    data = piece(0x55, byte * n)
    codes = [0]
    while (after := codes[-1] + data[codes[-1]]) < len(data):
        codes.append(after)
    lengths = {0, *(at for before, at in pairwise(codes) if data[before] == 0xFF)}
    _, shown = shown_of_piece(data)
    assert shown == [at < 4 or at in lengths for at in range(len(data))]


def test_of_a_damaged_frame_its_type_and_number_are_shown_and_no_more() -> None:
    data = bytearray(CARRIERS["set"])
    data[30] ^= 1
    kind, shown = shown_of_piece(bytes(data))
    assert kind == "damaged" and shown == [True] * 4 + [False] * (len(data) - 4)


def test_of_what_is_no_request_nothing_but_its_line_ends_is_shown() -> None:
    assert (
        visible(b"\r\nimport x\r\n", shown_of_request(b"\r\nimport x\r\n")) == b"\r\n" + b"\1" * 8 + b"\r\n"
    )


def test_the_end_of_the_log_says_how_much_of_what_came(lines: Path) -> None:
    sound = bytes(frame(TYPE_ANSWER, 3, b'{"ok": 1}'))
    TracedPort(Cable()).close()
    port = TracedPort(Cable(sound * 3, b"rst:0x1\r\n\0" * 2, b"\xff\xfe\0"))
    while port.in_waiting:
        port.read(99)
    port.close()
    assert re.findall("closed: (.*)", lines.read_text()) == [
        "nothing came", "{'frames': 3, 'texts': 2, 'damaged': 1}"
    ]  # fmt: skip


def test_a_line_on_which_no_frame_ever_ends_is_logged_meanwhile_and_not_hoarded(lines: Path) -> None:
    port = TracedPort(Cable(*[b"x" * 1000] * 40))
    while port.in_waiting:
        port.read(1000)
        assert sum(len(data) for _, data in port._chunks) <= PIECE_MAX
    assert len(LINE.findall(lines.read_text())) >= 20
    port.close()
    assert [bytes.fromhex(text) for _, _, text in LINE.findall(lines.read_text())] == [b"x" * 1000] * 40


@given(st.sampled_from(sorted(CARRIERS)), st.data())
def test_no_damage_uncovers_a_name(carrier: str, data: st.DataObject) -> None:
    """Bytes flipped, lost, doubled, frames run into each other: what nobody understands is not shown."""
    line = bytearray(CARRIERS[carrier] + b"\0" + CARRIERS[data.draw(st.sampled_from(sorted(CARRIERS)))])
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(line) - 1))
        match data.draw(st.sampled_from(("flip", "lose", "double"))):
            case "flip":
                line[at] ^= 1 << data.draw(st.integers(0, 7))
            case "lose":
                del line[at : at + data.draw(st.integers(1, 9))]
            case "double":
                line[at:at] = line[at : at + 3]
    for each in bytes(line).split(b"\0"):
        _, shown = shown_of_piece(each)
        assert not says(visible(each, shown)[4:])


@pytest.mark.parametrize(
    "verb, argument", [("athlete", NAME.decode()), ("put", f'0 {{"name":"{NAME.decode()}"')]
)
def test_a_request_with_what_people_wrote_shows_its_verb_alone(verb: str, argument: str) -> None:
    line = build_request(5, verb, *argument.split(" "))
    shown = visible(line, shown_of_request(line))
    assert shown.startswith(f"@5 {verb}".encode())
    assert set(shown.removeprefix(f"@5 {verb}".encode())) == {1}, "nor the sum, by which names could be tried"


def test_what_carries_no_name_is_logged_to_the_last_byte_with_its_time(lines: Path) -> None:
    hello = bytes(frame(TYPE_ANSWER, 3, json.dumps({"ok": 1, "rig": "5feceb66ffc8", "boot": 7}).encode()))
    clock = ticking()
    port = TracedPort(Cable(b"rst:0x1 (POWERON)\r\n", hello[:9], hello[9:]), lambda: next(clock))
    request = build_request(3, "hello")
    port.write(request)
    while port.in_waiting:
        port.read(99)
    port.close()
    logged = LINE.findall(lines.read_text())
    assert [float(at) for at, _, _ in logged] == sorted(float(at) for at, _, _ in logged)
    sent, *came = [(way, bytes.fromhex(text)) for _, way, text in logged]
    assert sent == (">", request)
    pieces = [b"rst:0x1 (POWERON)\r\n", hello[:1], hello[1:9], hello[9:]]
    assert [data for _, data in came] == pieces, "as they came, and cut where a frame ends"


def test_a_prompt_that_echoes_a_request_is_not_shown_beyond_it() -> None:
    echoed = b">>> " + build_request(5, "athlete", NAME.decode())
    kind, shown = shown_of_piece(echoed)
    assert kind == "texts"
    assert visible(echoed, shown).startswith(b">>> ")
    assert not says(visible(echoed, shown))


def test_without_a_log_the_port_is_the_port() -> None:
    port = Cable()
    assert traced(port) is port


def test_the_log_is_its_owners_and_grows_with_each_command(tmp_path: Path) -> None:
    path = tmp_path / "cable.log"
    for _ in range(2):
        assert cli.run(["info", "--port", "/dev/there-is-none", "--log", str(path)]) == 3
    assert path.read_text().count("# retrorig log of 20") == 2
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert not logging.getLogger("retrorig").handlers


def test_the_log_can_be_asked_for_before_the_command_and_in_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cli.run(["--log", str(tmp_path / "a"), "info", "--port", "/dev/there-is-none"])
    monkeypatch.setenv("RETRORIG_LOG", str(tmp_path / "b"))
    cli.run(["info", "--port", "/dev/there-is-none"])
    assert all((tmp_path / name).read_text().count("# retrorig log of 20") == 1 for name in "ab")


def test_no_other_file_is_written_to(tmp_path: Path) -> None:
    other = tmp_path / "sets.csv"
    other.write_text("set_id")
    for path in (other, tmp_path, tmp_path / "none" / "there"):
        with pytest.raises(InputError), logging_to(path):
            pass
    assert other.read_text() == "set_id"


def test_the_version_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["--version"]) == 0
    assert re.fullmatch(r"retrorig \d+\.\d+\.\d+\S*\n", capsys.readouterr().out)


@pytest.mark.parametrize(
    "typed, offered",
    [("retrorig pul", "pull"), ("retrorig plan pus", "push"), ("retrorig sets --ath", "--athlete")],
)
def test_the_shell_completes_commands_and_options(
    typed: str, offered: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("_RETRORIG_COMPLETE", "complete_bash")
    monkeypatch.setenv("COMP_WORDS", typed)
    monkeypatch.setenv("COMP_CWORD", str(typed.count(" ")))
    with pytest.raises(SystemExit):
        cli.run([])
    assert offered in capsys.readouterr().out.split()


class Failing:
    """A file that fails once at what it is told, by a full disk, and then by something else."""

    def __init__(self, stream: Any, at: str) -> None:
        self._stream, self._at = stream, at
        self._errors = [
            OSError(errno.ENOSPC, "No space left on device"),
            OSError(errno.EIO, "Input/output error"),
        ]

    def write(self, text: str) -> int:
        if self._at == "write" and self._errors:
            raise self._errors.pop(0)
        return self._stream.write(text)

    def flush(self) -> None:
        self._stream.flush()

    def close(self) -> None:
        self._stream.close()
        if self._at == "close":
            raise self._errors.pop(0)


@pytest.mark.parametrize("at", ["write", "close"])
def test_a_disk_that_was_full_in_between_is_told_at_the_end_and_ends_nothing(tmp_path: Path, at: str) -> None:
    logger = logging.getLogger("retrorig.link")
    done = []
    with pytest.raises(DiskFullError, match="No space left on device"), logging_to(tmp_path / "log"):
        handler = cast("Any", logging.getLogger("retrorig").handlers[-1])
        handler.stream = Failing(handler.stream, at)
        for number in range(4):
            logger.info("line %d", number)
            done.append(number)
    assert done == [0, 1, 2, 3]
    written = re.findall(r"line (\d)", (tmp_path / "log").read_text())
    assert written == (["2", "3"] if at == "write" else ["0", "1", "2", "3"])
