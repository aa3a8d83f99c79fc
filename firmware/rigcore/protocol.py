"""Requests from the host to the board: printable lines, so that Ctrl-C stays Ctrl-C.

    @<n> <verb>[ <argument>...] ~<crc>\\n

n: 0 to 65535. Arguments are percent-encoded UTF-8. crc: CRC-32 of all before the " ~", 8 hex digits.
"""

import binascii

PROTOCOL = 1  # spoken
PROTOCOL_OLDEST = 1  # still understood
LINE_MAX = 120  # bytes with the newline: two fit the board's 259-byte receive ring
N_BAD_LINE = 65535  # answers to lines whose number could not be trusted
SETS_PER_ANSWER = 24
READ_MAX = 131072  # bytes that one request can have sent
FRAME_MIN = 64  # bytes of sets in a data frame
FRAME_MAX = 1024

# Telemetry: version, board_us, set_no, index, of, target (a letter), amount, speed_mmps, force_mn, distance_mm,
# elapsed_ms, wait_ms, steps, lost, dropped, skipped; then words with tabs between.
TELEMETRY = "<BQIHHBIiiiIIHIII"
TELEMETRY_BYTES = 56
TELEMETRY_VERSION = 1
NOT_MEASURED = -0x40000000
LIVE_MIN_MS = 50
LEASE_MS = 5000  # telemetry ends so long after the last request

ERR_FORM = "form"
ERR_VERB = "verb"
ERR_ARGUMENT = "argument"
ERR_BUSY = "busy"
ERR_MOVING = "moving"
ERR_NOISY = "noisy"
ERR_NO_SET = "no-set"
ERR_STORE = "store"
ERR_CHANGED = "changed"
ERR_MEMORY = "memory"


class RequestError(Exception):
    """A request that cannot be carried out: args are (code, sentence)."""


def decode_argument(token: str) -> str:
    """The text of a percent-encoded argument; ValueError on a broken escape or bad UTF-8."""
    out = bytearray()
    parts = token.encode().split(b"%")
    out.extend(parts[0])
    for part in parts[1:]:
        if len(part) < 2:
            raise ValueError("broken escape")
        out.append(int(part[:2], 16))
        out.extend(part[2:])
    return bytes(out).decode()


def parse_request(line: bytes) -> "tuple[int, str, list[str]]":
    """(n, verb, [arguments]) of a line without its newline; RequestError if it is damaged."""
    body, mark, crc = line.rpartition(b" ~")
    try:
        if not mark or len(crc) != 8 or int(crc, 16) != binascii.crc32(body):
            raise ValueError
        words = body.decode().split(" ")
        n = int(words[0][1:])
        if words[0][0] != "@" or not 0 <= n < N_BAD_LINE or len(words) < 2:
            raise ValueError
        return n, words[1], [decode_argument(w) for w in words[2:]]
    except (ValueError, UnicodeError, IndexError):
        raise RequestError(ERR_FORM, "The line is damaged or not a request.") from None
