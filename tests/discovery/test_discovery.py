"""One rig is found by itself among whatever else is plugged in; every typical failure gets its own sentence."""

from __future__ import annotations

import errno
import os
import random
from collections.abc import Callable, Mapping
from pathlib import Path
from types import SimpleNamespace

import pytest
import serial
from serial.tools import list_ports
from tests.host.fake_board import FakeBoard

from retrorig.discovery import candidates as candidates_module
from retrorig.discovery.candidates import candidates, vid_of, without_port
from retrorig.discovery.holders import holder
from retrorig.discovery.silence import ASK_INSTALLED, explain, is_virtual
from retrorig.discovery.trouble import cannot_open, nothing_found
from retrorig.errors import LinkLostError, NoRigError
from retrorig.link.client import RigClient
from retrorig.link.ports import Port, find_port, open_port
from retrorig.link.rig_port import find_rig

CP210X, CH340, FTDI, ESPRESSIF, MOUSE = 0x10C4, 0x1A86, 0x0403, 0x303A, 0x046D


def plug(monkeypatch: pytest.MonkeyPatch, **vids: int | None) -> None:
    ports = [SimpleNamespace(device=f"/dev/{name}", vid=vid) for name, vid in vids.items()]
    monkeypatch.setattr(list_ports, "comports", lambda: ports)
    monkeypatch.setattr(candidates_module, "SYSFS", Path("/nowhere"))


class Chatter(FakeBoard):
    """A device that is no rig: never silent, in binary or in words."""

    words: bytes | None = None

    def read(self, size: int = 1) -> bytes:
        if not self._out:
            self.say(self.words or random.Random(self.now_s).randbytes(200))
        return super().read(size)

    def write(self, data: bytes) -> int:
        return len(data)


class Echo(FakeBoard):
    """A modem: gives back what it is sent."""

    def write(self, data: bytes) -> int:
        self.say(data)
        return len(data)


class Dying(FakeBoard):
    def write(self, data: bytes) -> int:
        raise serial.SerialTimeoutException("Write timeout")


def opener(boards: Mapping[str, FakeBoard | Exception]) -> Callable[[str], Port]:
    def open_url(url: str) -> Port:
        board = boards[url]  # a KeyError: a port that must not be touched
        if isinstance(board, Exception):
            raise board
        return board

    return open_url


def test_the_rig_is_found_among_other_devices_and_only_boards_are_spoken_to(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    plug(monkeypatch, ttyS0=None, gps=MOUSE, a=CP210X, b=CH340, c=FTDI, d=ESPRESSIF, e=CP210X, f=CP210X)
    boards: dict[str, FakeBoard | Exception] = {
        "/dev/a": Chatter(),
        "/dev/b": Echo(),
        "/dev/c": NoRigError("You may not."),
        "/dev/d": FakeBoard(rig="aabbccddeeff"),
        "/dev/e": Dying(),
        "/dev/f": FakeBoard(to_board=lambda data: b""),
    }
    assert find_rig(opener(boards)) == "/dev/d"
    opened = [board for board in boards.values() if isinstance(board, FakeBoard)]
    assert len(opened) == 5
    for board in opened:
        assert board.closed
        # Three times half a second, plus what already waits on the line.
        assert board.now_s - 100 < 2.0, "asked briefly"


@pytest.mark.parametrize("answer_s", [0.01, 1.2])
def test_a_rig_that_is_busy_for_a_second_is_found_among_others_too(
    monkeypatch: pytest.MonkeyPatch, answer_s: float
) -> None:
    plug(monkeypatch, a=CP210X, b=CH340)
    boards = {"/dev/a": FakeBoard(to_board=lambda data: b""), "/dev/b": FakeBoard(answer_s=answer_s)}
    assert find_rig(opener(boards)) == "/dev/b"


def test_several_rigs_are_told_apart_by_their_ids(monkeypatch: pytest.MonkeyPatch) -> None:
    plug(monkeypatch, a=CP210X, b=CH340)
    with pytest.raises(NoRigError, match=r"/dev/a is rig one, /dev/b is rig two.*--port"):
        find_rig(opener({"/dev/a": FakeBoard(rig="one"), "/dev/b": FakeBoard(rig="two")}))


def test_where_none_answers_each_port_has_its_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    plug(monkeypatch, a=CP210X, b=CH340)
    waiting = FakeBoard(to_board=lambda data: b"")
    waiting.say(b"rst:0x1 (POWERON_RESET),boot:0x3 (DOWNLOAD_BOOT)\r\nwaiting for download\r\n")
    with pytest.raises(NoRigError, match=r"/dev/a: The board waits in its bootloader.*/dev/b: In use"):
        find_rig(opener({"/dev/a": waiting, "/dev/b": NoRigError("In use.")}))


def test_a_lone_candidate_is_taken_whatever_its_chip_and_never_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    for vids in ({"a": CH340, "gps": MOUSE}, {"a": MOUSE, "ttyS0": None}):
        plug(monkeypatch, **vids)
        assert find_rig(opener({})) == find_port() == "/dev/a"
    plug(monkeypatch, a=MOUSE, b=MOUSE)
    with pytest.raises(NoRigError, match=r"/dev/a, /dev/b.*--port"):
        find_port()
    assert candidates() == []


@pytest.mark.parametrize("n", [2, 3])
def test_which_of_several_boards_is_flashed_is_never_guessed(monkeypatch: pytest.MonkeyPatch, n: int) -> None:
    """What runs on them is not asked: it may be anything."""
    names = "abc"[:n]
    plug(monkeypatch, **dict.fromkeys(names, CP210X))
    listed = ", ".join(f"/dev/{name}" for name in names)
    with pytest.raises(NoRigError, match=rf"several USB serial ports \({listed}\): choose one with --port"):
        find_port()
    plug(monkeypatch)
    with pytest.raises(NoRigError, match="No USB serial port was found"):
        find_port()


def test_a_port_is_known_under_its_other_names(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "ttyUSB7").touch()
    (tmp_path / "by-id").symlink_to(tmp_path / "ttyUSB7")
    port = SimpleNamespace(device=str(tmp_path / "ttyUSB7"), vid=ESPRESSIF)
    monkeypatch.setattr(list_ports, "comports", lambda: [port])
    assert vid_of(str(tmp_path / "by-id")) == ESPRESSIF
    assert vid_of("socket://host:1") is None


@pytest.mark.parametrize(
    ("platform", "word"),
    [("linux", "only charge"), ("darwin", "System Information"), ("win32", "Device Manager")],
)
def test_nothing_plugged_in_or_a_cable_that_only_charges(
    monkeypatch: pytest.MonkeyPatch, platform: str, word: str
) -> None:
    plug(monkeypatch, ttyS0=None)
    assert word in nothing_found(platform) and "only charge" in nothing_found(platform)


def test_a_board_without_a_driver_is_seen_on_the_bus(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name, text in (("1-1", "046d\n"), ("1-2", "1a86\n"), ("1-3", "rubbish")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "idVendor").write_text(text)
    plug(monkeypatch)
    assert without_port(tmp_path) == CH340
    monkeypatch.setattr("retrorig.discovery.trouble.without_port", lambda: without_port(tmp_path))
    assert "modprobe ch341" in nothing_found("linux") and "brltty" in nothing_found("linux")
    plug(monkeypatch, ttyUSB0=CH340)
    assert without_port(tmp_path) is None


WINDOWS_DENIED = serial.SerialException(
    "could not open port 'COM3': PermissionError(13, 'Access is denied.', None, 5)"
)
WINDOWS_GONE = serial.SerialException(
    "could not open port 'COM9': FileNotFoundError(2, 'The system cannot find', None, 2)"
)
WINDOWS_DRIVER = serial.SerialException(
    "could not open port 'COM3': OSError(22, 'A device attached to the system is not functioning.', None, 31)"
)
LOCKED = serial.SerialException(
    errno.EAGAIN, "Could not exclusively lock port /dev/x: Resource temporarily unavailable"
)


@pytest.mark.parametrize(
    ("platform", "error", "words"),
    [
        ("linux", PermissionError(errno.EACCES, "Permission denied"), ("usermod -aG", "log out")),
        ("darwin", PermissionError(errno.EACCES, "Permission denied"), ("/dev/cu",)),
        ("win32", WINDOWS_DENIED, ("in use", "close that")),
        ("win32", WINDOWS_GONE, ("There is no port", "cable")),
        ("win32", WINDOWS_DRIVER, ("driver",)),
        ("linux", FileNotFoundError(errno.ENOENT, "No such file"), ("There is no port",)),
        ("linux", LOCKED, ("in use", "close that")),
        ("darwin", OSError(errno.EBUSY, "Resource busy"), ("in use",)),
        ("linux", OSError(errno.EIO, "Input/output error"), ("can't be opened", "cable")),
    ],
)
def test_each_refusal_to_open_is_one_sentence_with_the_mend(
    platform: str, error: Exception, words: tuple[str, ...]
) -> None:
    sentence = cannot_open("/dev/x", error, platform)
    assert all(word in sentence for word in words), sentence
    assert sentence.endswith(".") and sentence.count(". ") == 0 and "\n" not in sentence
    assert "Error" not in sentence


def test_the_program_that_holds_the_port_is_named(tmp_path: Path) -> None:
    port = tmp_path / "ttyUSB0"
    port.touch()
    for number, name, target in (
        ("12", "bash", "/dev/null"),
        ("77", "minicom", str(port)),
        (str(os.getpid()), "me", str(port)),
    ):
        (tmp_path / "proc" / number / "fd").mkdir(parents=True)
        (tmp_path / "proc" / number / "comm").write_text(name + "\n")
        (tmp_path / "proc" / number / "fd" / "3").symlink_to(target)
    (tmp_path / "proc" / "99").mkdir()  # gone while it was looked at
    (tmp_path / "link").symlink_to(port)
    assert (
        holder(str(port), tmp_path / "proc")
        == holder(str(tmp_path / "link"), tmp_path / "proc")
        == "minicom (process 77)"
    )
    assert holder("/dev/null2", tmp_path / "proc") is None


def test_a_second_program_is_kept_from_the_port() -> None:
    master, slave = os.openpty()
    name = os.ttyname(slave)
    try:
        first = open_port(name)
        with pytest.raises(NoRigError, match="in use"):
            open_port(name)
        first.close()
        open_port(name).close()
    finally:
        os.close(master)
        os.close(slave)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "does not answer"),
        ("ets Jul 29 2019\r\nrst:0x1,boot:0x3 (DOWNLOAD_BOOT)\r\nwaiting for download\r\n", "let go of BOOT"),
        ("rst:0x10 (RTCWDT_RTC_RESET)\r\ninvalid header: 0xffffffff\r\n" * 3, "flash is empty"),
        ("\r\nBrownout detector was triggered\r\n\r\nets Jul 29 2019", "supply"),
        ("ets Jul 29 2019 12:21:46\r\n\r\nrst:0x1 (POWERON_RESET),boot:0x13\r\n", "restarted while"),
        ('\x02Ab{"end": 464, "ok": 1, "first": 64, "ti', "damages"),
        ("@3118 hello ~2234a9d2\r\n... @3118 hello ~2234a9d2\r\n... ", "MicroPython prompt"),
        ("Safe mode: three crashes in a row. Start with: import main\r\n>>> ", "safe mode"),
        ("Stopped. Start with: import main; main.run()\r\nMicroPython v1.28\r\n>>> ", "was stopped"),
        (
            "Starting: log\r\nRefused: a newer firmware wrote this rig's sets. Flash the newest one.\r\n>>> ",
            "update",
        ),
        ("hello from Arduino\r\nhello from Arduino\r\n", "another program"),
        ("".join(map(chr, range(128, 200))) + "\x02\x00\x07" * 9, "can't be read"),
    ],
)
def test_each_kind_of_silence_is_explained(text: str, words: str) -> None:
    board = FakeBoard(to_board=lambda data: b"")
    board.say(text.encode("latin-1"))
    with pytest.raises(LinkLostError) as raised:
        RigClient(board).info()
    sentence = str(raised.value)
    assert words in sentence, sentence
    assert sentence.endswith(".") and sentence.count(". ") == 0
    assert words in explain(text)


@pytest.mark.parametrize(
    ("answer", "words"), [("OSError: [Errno 2] ENOENT", "without retrorig"), ("(16384, 0)", "press EN")]
)
def test_a_prompt_is_asked_whether_the_firmware_is_there(answer: str, words: str) -> None:
    class Prompt(FakeBoard):
        def write(self, data: bytes) -> int:
            self.say(
                data + b"\r\n" + (answer.encode() if data == ASK_INSTALLED else b"SyntaxError") + b"\r\n>>> "
            )
            return len(data)

    with pytest.raises(LinkLostError, match=words):
        RigClient(Prompt()).info()


def test_a_virtual_rig_has_no_button_to_press() -> None:
    """As after mpremote, which leaves the prompt."""
    for text in ("", ">>> ", "Stopped. Start again: press EN", "Safe mode: after three crashes"):
        sentence = explain(text, "(16384, 0)", is_virtual=True)
        assert "EN" not in sentence and "`retrorig sim` with Ctrl-C and start it again" in sentence, sentence
    ours, theirs = os.openpty()
    try:
        assert is_virtual(os.ttyname(theirs)) and not is_virtual("/dev/ttyUSB0") and not is_virtual("COM3")
    finally:
        os.close(ours)
        os.close(theirs)


def test_who_else_listens_is_told_when_nothing_answers() -> None:
    assert "minicom (process 7) has its port open" in explain("", holder="minicom (process 7)")
