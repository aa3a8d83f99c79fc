"""A long text reaches the board whole, in requests that fit its line, whatever stands in it."""

from __future__ import annotations

import binascii
from dataclasses import dataclass, field

import pytest
from tests.host.fake_board import FakeBoard

from retrorig.link.client import RigClient
from retrorig.link.upload import put
from rigcore.protocol import LINE_MAX, N_BAD_LINE


@dataclass
class Taking(FakeBoard):
    """Puts pieces together as PROTOCOL.md says: each must begin where the one before ended."""

    text: str = ""
    lines: list[bytes] = field(default_factory=list)

    def _take(self, line: bytes) -> None:
        self.lines.append(line)
        super()._take(line)

    def do_put(self, n: int, offset: str, piece: str = "") -> dict:
        if int(offset) != len(self.text):
            return {"err": "offset", "text": "A piece is missing."}
        self.text += bytes.fromhex("".join(_codes(piece))).decode()
        return {"ok": 1}


def _codes(piece: str) -> list[str]:
    """Two hex digits for each character of a percent-encoded text."""
    head, *rest = piece.split("%")
    found = [f"{ord(char):02x}" for char in head]
    for part in rest:
        found += [part[:2], *(f"{ord(char):02x}" for char in part[2:])]
    return found


@pytest.mark.parametrize("char", ["x", " "], ids=["plain", "encoded"])
@pytest.mark.parametrize("length", [0, 1, 22, 23, 24, 69, 70, 71, 140, 141, 12_345])
def test_a_text_of_any_length_arrives_whole_in_lines_that_the_board_takes(char: str, length: int) -> None:
    board = Taking(now_s=(N_BAD_LINE - 200) / 1000)  # its numbers have as many digits as there are
    text = char * length
    assert put(RigClient(board), text) == binascii.crc32(text.encode())
    assert board.text == text
    assert all(len(line) < LINE_MAX for line in board.lines)
    each_takes = 3 if char == " " else 1
    assert len(board.lines) <= each_takes * length // 60 + 1, "and in few of them"
