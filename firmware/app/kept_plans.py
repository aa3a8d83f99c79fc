"""The plans among what is kept, and in the chip's settings how far one was followed; loaded for the moment."""

import json
import struct

from rigcore import TYPE_CHECKING

if TYPE_CHECKING:
    from esp32 import NVS

    from rigcore.kept import KeptValues

PLAN = "plan/"  # their names begin so
KEY = "progress"
PROGRESS = (
    "<IHI"  # crc of the plan's text, sets done, number of the newest set in the log when this was written
)
REST_KEY = "rest"


def extents(kept: "KeptValues") -> "list[tuple[str, int, int]]":
    """(id, bytes, CRC-32 of the text) of each plan."""
    return sorted((name[len(PLAN) :], size, crc) for name, size, crc in kept.names() if name.startswith(PLAN))


def ids(kept: "KeptValues") -> "list[str]":
    return [plan_id for plan_id, _size, _crc in extents(kept)]


def text_of(kept: "KeptValues", plan_id: str) -> "bytes | None":
    return kept.read(PLAN + plan_id)


def text_crc(kept: "KeptValues", plan_id: str) -> int:
    """CRC-32 of the plan's text, 0 for none."""
    for found_id, _size, crc in extents(kept):
        if found_id == plan_id:
            return crc
    return 0


def keep_progress(nvs: "NVS", kept: "KeptValues", plan_id: str, done_n: int, set_no: int) -> None:
    nvs.set_blob(KEY, struct.pack(PROGRESS, text_crc(kept, plan_id), done_n, set_no))
    nvs.commit()


def keep_rest(nvs: "NVS", set_no: int, counts: "tuple[int, int]", remarks: "dict[str, list[int]]") -> None:
    nvs.set_blob(REST_KEY, json.dumps([set_no, counts, remarks]).encode())
    nvs.commit()
