"""Each reason why a rig is not found or its port not opened, told by what the system says of it and by no more."""

from __future__ import annotations

import errno
import grp
import os
from pathlib import Path
from types import SimpleNamespace

import pytest
import serial
from serial.tools import list_ports

from retrorig.discovery import candidates as candidates_module
from retrorig.discovery.candidates import CHIPS, candidates, usb_ports, without_port
from retrorig.discovery.holders import holder
from retrorig.discovery.silence import FLOOD_MIN, explain, starting
from retrorig.discovery.trouble import cannot_open, nothing_found

VENDORS = {0x303A: "cdc_acm", 0x10C4: "cp210x", 0x1A86: "ch341", 0x0403: "ftdi_sio"}
"""USB vendors of the chips on such boards, as usb.ids has them, and Linux's drivers."""

MOUSE = 0x046D


def plug(monkeypatch: pytest.MonkeyPatch, *vids: int | None) -> None:
    ports = [SimpleNamespace(device=f"/dev/tty{n}", vid=vid) for n, vid in enumerate(vids)]
    monkeypatch.setattr(list_ports, "comports", lambda: ports[::-1])


def bus(folder: Path, *vids: int) -> Path:
    for number, vid in enumerate(vids):
        (folder / f"1-{number}").mkdir()
        (folder / f"1-{number}" / "idVendor").write_text(f"{vid:04x}\n")
    (folder / "1-8").mkdir()
    (folder / "1-8" / "idVendor").mkdir()  # what can't be read
    return folder


@pytest.mark.parametrize("vid", VENDORS)
def test_a_board_of_each_vendor_is_one_with_its_port_and_seen_without(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, vid: int
) -> None:
    assert set(CHIPS) == set(VENDORS)
    plug(monkeypatch, MOUSE, vid, None)
    assert [port.device for port in candidates()] == ["/dev/tty1"]
    sysfs = bus(tmp_path, MOUSE, vid)
    assert without_port(sysfs) is None, "it has one"
    plug(monkeypatch, MOUSE)
    assert without_port(sysfs) == vid
    monkeypatch.setattr(candidates_module, "SYSFS", sysfs)
    plug(monkeypatch)
    monkeypatch.setattr("retrorig.discovery.trouble.without_port", lambda: without_port(sysfs))
    sentence = nothing_found("linux")
    assert CHIPS[vid][0] in sentence
    assert f"sudo modprobe {VENDORS[vid]})" in sentence
    monkeypatch.setattr("sys.platform", "darwin")
    assert without_port(sysfs) is None, "only Linux shows its bus like that"


def test_ports_are_in_order_and_a_lone_one_may_be_of_any_chip(monkeypatch: pytest.MonkeyPatch) -> None:
    plug(monkeypatch, 0x1A86, None, 0x0403)
    assert [port.device for port in usb_ports()] == ["/dev/tty0", "/dev/tty2"]
    plug(monkeypatch, MOUSE)
    assert [port.device for port in candidates()] == ["/dev/tty0"]
    plug(monkeypatch, MOUSE, MOUSE)
    assert candidates() == []
    assert "(/dev/tty0, /dev/tty1) looks like a rig's" in nothing_found("linux")


@pytest.mark.parametrize(
    ("platform", "error", "words"),
    [
        ("linux", OSError(errno.ENOENT, "x"), "There is no port /dev/x"),
        ("linux", FileNotFoundError("x"), "There is no port /dev/x"),
        ("win32", serial.SerialException("FileNotFoundError(2)"), "There is no port /dev/x"),
        ("linux", OSError(errno.EBUSY, "x"), "/dev/x is in use"),
        ("darwin", serial.SerialException("Resource busy"), "/dev/x is in use"),
        ("linux", serial.SerialException("Could not exclusively lock port"), "/dev/x is in use"),
        ("win32", serial.SerialException("PermissionError(13)"), "/dev/x is in use"),
        ("win32", OSError(errno.EACCES, "x"), "/dev/x is in use"),
        ("linux", OSError(errno.EACCES, "x"), "You may not use /dev/x: run `sudo usermod -aG "),
        ("linux", OSError(errno.EPERM, "x"), "You may not use /dev/x: run `sudo usermod -aG "),
        ("linux", serial.SerialException("PermissionError(13)"), "You may not use /dev/x: run `sudo"),
        ("darwin", OSError(errno.EPERM, "x"), "begins with /dev/cu"),
        ("win32", serial.SerialException("The semaphore timeout period"), "Windows can't use /dev/x"),
        ("win32", serial.SerialException("is not functioning."), "Windows can't use /dev/x"),
        ("linux", OSError(errno.EIO, "line\none."), "opened as a serial port ([Errno 5] line one): check"),
        ("linux", ValueError("odd"), "opened as a serial port (odd): check"),
    ],
)
def test_each_sign_of_a_reason_alone_tells_it(platform: str, error: Exception, words: str) -> None:
    assert words in cannot_open("/dev/x", error, platform)


def test_who_holds_a_port_is_told_and_else_what_it_may_be(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    busy = OSError(errno.EBUSY, "x")
    assert cannot_open("/dev/x", busy).endswith(
        "close that first (a serial monitor, Thonny, or another retrorig)."
    )
    monkeypatch.setattr("retrorig.discovery.trouble.holder", lambda url: "minicom (process 7)")
    assert cannot_open("/dev/x", busy) == "/dev/x is in use by minicom (process 7): close that first."


@pytest.mark.parametrize(
    ("group", "told"), [("uucp", "uucp"), ("dialout", "dialout"), ("root", "dialout"), (None, "dialout")]
)
def test_the_group_that_may_use_a_port_is_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, group: str | None, told: str
) -> None:
    def named(number: int) -> SimpleNamespace:
        assert number == tmp_path.stat().st_gid
        if group is None:
            raise KeyError(number)
        return SimpleNamespace(gr_name=group)

    monkeypatch.setattr(grp, "getgrgid", named)
    denied = PermissionError(errno.EACCES, "x")
    assert f"usermod -aG {told} $USER`" in cannot_open(str(tmp_path), denied, "linux")
    assert "usermod -aG dialout $USER`" in cannot_open("/dev/there-is-none", denied, "linux")


def process(proc: Path, number: str, name: str | None, target: str) -> None:
    (proc / number / "fd").mkdir(parents=True)
    (proc / number / "fd" / "0").symlink_to("/dev/null")
    (proc / number / "fd" / "3").symlink_to(target)
    if name is not None:
        (proc / number / "comm").write_text(name)


@pytest.mark.parametrize(("name", "told"), [("thonny\n", "thonny"), ("\n", "a program"), (None, "a program")])
def test_a_program_without_a_name_is_told_by_its_number(tmp_path: Path, name: str | None, told: str) -> None:
    (tmp_path / "port").touch()
    process(tmp_path / "proc", "31", name, str(tmp_path / "port"))
    (tmp_path / "proc" / "32" / "fd").mkdir(parents=True)
    (tmp_path / "proc" / "30" / "fd").mkdir(parents=True)
    (tmp_path / "proc" / "30" / "fd" / "3").touch()  # no link
    assert holder(str(tmp_path / "port"), tmp_path / "proc") == f"{told} (process 31)"


def test_this_program_is_not_its_own_holder(tmp_path: Path) -> None:
    (tmp_path / "port").touch()
    process(tmp_path / "proc", str(os.getpid()), "me", str(tmp_path / "port"))
    assert holder(str(tmp_path / "port"), tmp_path / "proc") is None


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("x" * 7, "does not answer"),
        ("\x01" * 7, "does not answer"),
        ("\x01" * 8, "can't be read"),
        ("x" * 8, 'it says "xxxxxxxx"'),
        ("y" * 90 + "\x01" * 10, 'it says "' + "y" * 40 + '"'),
        ("y" * 88 + "\x01" * 12, "can't be read"),
        ("two words and more", 'it says "two words and more"'),
        ("x" * FLOOD_MIN, "without a pause"),
        ("x" * (FLOOD_MIN - 1), 'it says "'),
        ("", "does not answer"),
    ],
)
def test_what_a_port_says_is_told_as_far_as_it_can_be_read(text: str, words: str) -> None:
    assert words in explain(text)


def test_how_far_a_start_has_got_is_told_until_it_is_done_or_failed() -> None:
    begun = "Starting: log\r\nStarting: plans\r\n"
    assert starting(begun) == "plans (2)"
    assert starting("rubbish " + begun + "Starting: dis") == "plans (2)", (
        "a line that is not complete is none"
    )
    for end in (
        "Starting: done\r\n",
        "Refused: a newer firmware.\r\n",
        "ValueError: x\r\n",
        "KeyboardInterrupt:\r\n",
    ):
        assert starting(begun + end) == ""
    assert starting("ValueError: of before\r\n" + begun) == "plans (2)"
    assert "still starting (it says: plans (2))" in explain(begun)


@pytest.mark.parametrize(
    ("before", "shown"),
    [
        ("", ""),
        ("Traceback (most recent call last):\r\nValueError: a\r\n", " (ValueError: a)"),
        ("ValueError: a\r\nMemoryError: b\r\n", " (MemoryError: b)"),
        ("ValueError: a\r\nMemoryError: b\r\nKeyboardInterrupt:\r\n", " (KeyboardInterrupt:)"),
        ("no Error: here\r\n", ""),
    ],
)
@pytest.mark.parametrize(("installed", "is_there"), [("(16384, 0)", True), ("", True), ("OSError: 2", False)])
def test_a_prompt_is_told_with_the_newest_complaint_before_it(
    before: str, shown: str, installed: str, is_there: bool
) -> None:
    sentence = explain(before + ">>> ", installed)
    assert sentence.startswith("A bare MicroPython prompt answers at this port")
    if is_there:
        assert f"at this port{shown}: press EN" in sentence
    else:
        assert sentence.endswith("without retrorig: `retrorig flash` installs it.")
