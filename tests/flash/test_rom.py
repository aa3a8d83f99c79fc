"""What esptool and mpremote say is told in a sentence, and how far they are in bytes; without a chip."""

from __future__ import annotations

from typing import Any

import pytest

from retrorig.errors import InputError, LinkLostError, NoRigError, RetrorigError, RigRefusedError
from retrorig.flash import repl as repl_module
from retrorig.flash.repl import _Line, _link_watched
from retrorig.flash.rom import FoundChip, Rom, _explained, _over_all

FOUND = """Connected to ESP32-S3 on /dev/x:
Chip type:          ESP32-S3 (QFN56) (revision v0.2)
MAC:                a4:cf:12:00:00:01
Detected flash size: 16MB
"""


@pytest.mark.parametrize(
    ("text", "kind", "sentence"),
    [
        ("Could not open /dev/x, the port is busy", NoRigError, "/dev/x can't be opened: check the name"),
        ("This chip is ESP32-S3, not ESP32. Wrong chip?", InputError, "is an ESP32-S3, not an ESP32: leave --chip"),
        ("Failed to connect to ESP32: no reply", NoRigError, "No chip answers at /dev/x: hold its BOOT button"),
        ("No serial data received.", NoRigError, "No chip answers at /dev/x: hold its BOOT button"),
        ("noise\nA fatal error occurred: Packet is short. See", LinkLostError, "broke off (Packet is short): check"),
        ("A fatal error occurred: one\nA fatal error occurred: two", LinkLostError, "broke off (two): check"),
        ("Traceback\nOSError: gone.\n", LinkLostError, "broke off (OSError: gone): check the cable"),
    ],
)  # fmt: skip
def test_what_ended_esptool_is_one_sentence(text: str, kind: type[RetrorigError], sentence: str) -> None:
    error = _explained(text, "/dev/x")
    assert type(error) is kind and sentence in str(error)


def saying(monkeypatch: pytest.MonkeyPatch, *answers: str | RetrorigError) -> list[str]:
    """Have esptool answer so, call by call; returns the commands that it gets."""
    left, commands = list(answers), []

    def once(self: Rom, command: str, *arguments: str, **how: Any) -> str:
        commands.append(command)
        answer = left.pop(0)
        if isinstance(answer, RetrorigError):
            raise answer
        return answer

    monkeypatch.setattr(Rom, "_once", once)
    return commands


def test_a_chip_is_what_it_says_of_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    saying(monkeypatch, FOUND)
    kind = "ESP32-S3 (QFN56) (revision v0.2)"
    assert Rom("/dev/x").identify() == FoundChip("ESP32-S3", kind, "a4:cf:12:00:00:01", 16)


@pytest.mark.parametrize("missing", range(4))
def test_a_chip_that_does_not_tell_all_is_asked_again_by_the_user(
    monkeypatch: pytest.MonkeyPatch, missing: int
) -> None:
    lines = FOUND.splitlines()
    saying(monkeypatch, "\n".join(lines[:missing] + lines[missing + 1 :]))
    with pytest.raises(LinkLostError, match="told too little"):
        Rom("/dev/x").identify()


def test_a_second_hiccup_ends_it_and_what_a_user_must_mend_is_told_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    commands = saying(monkeypatch, LinkLostError("first"), LinkLostError("second"), "")
    with pytest.raises(LinkLostError, match="second"):
        Rom("/dev/x").erase(0, 4096)
    assert commands == ["erase-region"] * 2
    commands = saying(monkeypatch, NoRigError("no chip"), "")
    with pytest.raises(NoRigError, match="no chip"):
        Rom("/dev/x").leave()
    assert len(commands) == 1


def test_flash_holds_what_is_verified_and_another_error_is_no_difference(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    differs = _explained("Verification failed (digest mismatch)", "/dev/x")
    saying(monkeypatch, "", differs, NoRigError("no chip"))
    rom, parts = Rom("/dev/x"), [(0x1000, b"a"), (0x8000, b"b")]
    assert rom.holds(parts) and not rom.holds(parts)
    with pytest.raises(NoRigError):
        rom.holds(parts)


def test_the_bar_goes_once_over_the_bytes_of_all_parts() -> None:
    told: list[tuple[float, float]] = []
    parts = [(number, bytes(size)) for number, size in enumerate((100, 300, 600))]
    count = _over_all(lambda done, of: told.append((done, of)), parts)
    for percent in (0.0, 50.0, 100.0) * 3:
        count(percent, 100)
    assert [done for done, _ in told] == [0, 50, 100, 100, 250, 400, 400, 700, 1000]
    assert {of for _, of in told} == {1000}
    count(0.0, 100)  # one more than there are parts: at the last one still
    assert told[-1] == (400, 1000)


class Silent:
    """A port that brings these pieces, one a read, as much of it as is asked for, and then nothing."""

    def __init__(self, *pieces: bytes) -> None:
        self.pieces, self.asked, self.now_s = list(pieces), [], 0.0
        self.write = self.asked.append

    def read(self, size: int) -> bytes:
        self.now_s += 0.4
        piece = self.pieces.pop(0) if self.pieces else b""
        if len(piece) > size:
            self.pieces.insert(0, piece[size:])
        return piece[:size]


def test_bytes_are_waited_for_until_the_board_falls_silent(monkeypatch: pytest.MonkeyPatch) -> None:
    for pieces, size, expected, most_s in (
        ((b"ab", b"", b"c", b"d"), 4, b"abcd", 1.7),
        ((b"ab", b"cdef"), 4, b"abcd", 0.9),
        ((b"ab",), 4, b"ab", 1.7),
        ((b"a", b"b", b"c", b"d", b"e"), 5, b"abcde", 2.1),
    ):
        port = Silent(*pieces)
        monkeypatch.setattr(repl_module.time, "monotonic", lambda port=port: port.now_s)
        assert _Line(port).read(size) == expected  # type: ignore[arg-type]
        assert port.now_s < most_s


def test_what_ends_the_prompt_is_one_sentence() -> None:
    from mpremote.transport import TransportError, TransportExecError

    complaint = "Traceback (most recent call last):\r\nOSError: [Errno 28] ENOSPC\r\n"
    for error, kind, sentence in (
        (TransportExecError(1, complaint), RigRefusedError, "complains: OSError: [Errno 28] ENOSPC."),
        (TransportError("could not enter raw repl"), LinkLostError, "answering (could not enter raw repl): check"),
        (OSError("gone"), LinkLostError, "answering (gone): check the cable and give the same command again"),
        (IndexError(), LinkLostError, "answering (silence): check"),
    ):  # fmt: skip
        with pytest.raises(kind) as raised, _link_watched():
            raise error
        assert sentence in str(raised.value)
