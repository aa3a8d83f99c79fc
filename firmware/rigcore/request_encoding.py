"""Requests as lines for the board (see protocol.py): the host's half, never on the board."""

import binascii

from .protocol import LINE_MAX

_PLAIN = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.,:;/+*=()[]{}\"'"


def encode_argument(text: object) -> str:
    """Percent-encode everything but plain ASCII."""
    return "".join(chr(b) if b in _PLAIN else "%%%02X" % b for b in str(text).encode())


def build_request(n: int, verb: str, *args: object) -> bytes:
    """The line for a request as bytes; ValueError when it would be too long for the board."""
    words = ["@%d" % n, verb] + [encode_argument(a) for a in args]
    body = " ".join(words).encode()
    line = body + b" ~%08x\n" % binascii.crc32(body)
    if len(line) > LINE_MAX:
        raise ValueError("the request is %d bytes long, the board takes %d" % (len(line), LINE_MAX))
    return line
