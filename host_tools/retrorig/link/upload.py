"""Sends a longer text to the rig, in pieces that fit a request's line."""

from __future__ import annotations

import binascii
from collections.abc import Iterator

from retrorig.link.client import RigClient
from rigcore.request_encoding import encode_argument

PIECE_BYTES = 70
"""Of a request's 120 bytes: number, verb, offset and checksum take the rest."""


def put(client: RigClient, text: str) -> int:
    """Send a text of ASCII; returns its CRC-32, by which the request that follows says what to do with it."""
    offset = 0
    for piece in pieces(text):
        client.request("put", offset, piece)
        offset += len(piece)
    return binascii.crc32(text.encode())


def pieces(text: str) -> Iterator[str]:
    """ASCII cut so that each piece fits a line once it is encoded."""
    piece = ""
    for char in text:
        if len(encode_argument(piece + char)) > PIECE_BYTES:
            yield piece
            piece = ""
        piece += char
    yield piece
