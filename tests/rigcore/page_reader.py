"""A reader of frames and sets written from firmware/PROTOCOL.md alone; shares no code with the project."""

import json
import re
import zlib
from pathlib import Path

PAGE = Path(__file__).parents[2] / "firmware" / "PROTOCOL.md"


def field_table():
    """{number: (name, kind)} as the page tells them."""
    rows = re.findall(r"^\| (\d+) \| `(\w+)` \| (\w+) \|", PAGE.read_text(encoding="utf-8"), re.M)
    return {int(number): (name, kind) for number, name, kind in rows}


FIELDS = field_table()


def uncobs(data):
    out = bytearray()
    while data:
        code, data = data[0], data[1:]
        out += data[: code - 1]
        data = data[code - 1 :]
        if code < 255 and data:
            out.append(0)
    return bytes(out)


def read_frames(stream):
    """[(type, n, payload)] of what is sound in a stream."""
    frames = []
    for part in stream.split(b"\0"):
        plain = uncobs(part)
        if len(plain) >= 7 and zlib.crc32(plain[:-4]) == int.from_bytes(plain[-4:], "little"):
            frames.append((plain[0], plain[1] | plain[2] << 8, plain[3:-4]))
    return frames


def read_fields(data):
    values = {}
    while data:
        number, length, shift, used = data[0], 0, 0, 1
        while True:
            length |= (data[used] & 0x7F) << shift
            shift, used = shift + 7, used + 1
            if not data[used - 1] & 0x80:
                break
        body, data = data[used : used + length], data[used + length :]
        if number not in FIELDS:
            continue
        name, kind = FIELDS[number]
        if kind == "int":
            values[name] = int.from_bytes(body, "little", signed=True)
        elif kind == "text":
            values[name] = body.decode()
        elif kind == "list":
            values[name] = []
            while body:
                values[name].append(int.from_bytes(body[1 : 1 + body[0]], "little", signed=True))
                body = body[1 + body[0] :]
        elif kind == "json":
            values[name] = json.loads(body)
        else:
            values.update(json.loads(body))
    return values


class Bits:
    def __init__(self, data):
        self.text = "".join(f"{byte:08b}" for byte in data)
        self.at = 0

    def plain(self, width):
        self.at += width
        return int(self.text[self.at - width : self.at] or "0", 2)

    def signed(self, width):
        value = self.plain(width)
        return value - (1 << width) if value >= 1 << (width - 1) else value

    def rice(self, k):
        ones = 0
        while ones < 12 and self.plain(1):
            ones += 1
        return self.signed(self.plain(5) + 1) if ones == 12 else self.folded(ones, k)

    def steep(self, k):
        s = 0
        while s < 12 and self.plain(1):
            s += 1
        return self.signed(self.plain(5) + 1) if s == 12 else self.folded(2**s + self.plain(s) - 1, k)

    def folded(self, q, k):
        f = q * 2**k + (self.plain(k) if k else 0)
        return f // 2 if f % 2 == 0 else -(f + 1) // 2


def read_block(body):
    bits = Bits(body)
    n = bits.plain(7) + 1
    start = bits.plain(16) * 2**26 + bits.plain(26)
    k, period = bits.plain(5), bits.plain(20)
    late = [bits.steep(k) for _ in range(n)]
    times = [16 * (start + i * period // 64 + late[i]) for i in range(n)]
    rate = bits.signed(12)
    columns = []
    for _ in range(2):
        order, k = bits.plain(3), bits.plain(5)
        sized = min(order, n)
        column = [bits.signed(bits.plain(5) + 1) for _ in range(sized)]
        column += [bits.rice(k) for _ in range(n - sized)]
        for step in range(order - 1, -1, -1):
            for i in range(step + 1, n):
                column[i] += column[i - 1]
        columns.append(column)
    columns[0] = [
        c + (rate * r // 1024 if abs(r) < 2**17 else 0) for c, r in zip(columns[0], late, strict=True)
    ]
    return list(zip(times, *columns, strict=True))


def read_set(data):
    """{"header", "end", "note", "samples", "holes"} of a set's bytes."""
    found = {"header": {}, "end": None, "note": {}, "samples": [], "holes": 0}
    number, expected = int.from_bytes(data[3:7], "little"), 0
    while len(data) >= 7:
        head = data[0] | data[1] << 8
        size = head % 4096 + 7
        record, data = data[:size], data[size:]
        body = record[3:-4]
        if zlib.crc32(record[:-4], number) != int.from_bytes(record[-4:], "little"):
            continue
        found["holes"] += (record[2] - expected) % 256
        expected = record[2] + 1
        if head // 4096 == 1:
            found["header"] = {"no": number, **read_fields(body[20:])}
        elif head // 4096 == 2:
            found["samples"] += read_block(body)
        elif head // 4096 == 3:
            found["end"] = read_fields(body)
        elif head // 4096 == 5:
            found["note"].update(read_fields(body))
    return found
