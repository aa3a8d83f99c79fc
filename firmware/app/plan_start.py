"""What was kept of the plan and of the counts since the latest set, as the start finds it; needed there alone."""

import json
import struct

from rigcore import TYPE_CHECKING
from rigcore.plan_progress import PlanProgress
from rigcore.plan_runner import NEVER

from .kept_plans import KEY, PROGRESS, REST_KEY, extents

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from esp32 import NVS

    from .plan_store import PlanStore

    Newest = tuple[int, dict[str, Any], "dict[str, Any] | None"]

_SIZE = 10
_REST_SIZE = 300
_NOTHING = (0, 0, 0)


def resumed(store: "PlanStore", nvs: "NVS", find_last: "Callable[[], Newest | None]") -> "PlanProgress":
    """The progress where it was left; `find_last()` is the newest set's (number, header, end) or None.

    A set that ended after the last time of writing counts, one that the power cut did not end does not; but
    where it stands in the plan tells what was done before it.
    """
    crc, done_n, set_no = _kept(nvs)
    for plan_id, _size, its_crc in extents(store.opened()) if crc else ():
        if its_crc == crc:
            plan = store.load(plan_id)
            if plan is None:
                break
            found = _done_by(plan_id, find_last(), set_no)
            return PlanProgress(plan, done_n if found == NEVER else found)
    return PlanProgress()


def rest(nvs: "NVS", set_no: int) -> "tuple[tuple[int, int], dict[str, list[int]]]":
    """(counts, remarks) as they were kept; nothing when the store's newest set is another one."""
    blob = bytearray(_REST_SIZE)
    try:
        size = nvs.get_blob(REST_KEY, blob)
        kept_no, counts, remarks = json.loads(bytes(blob[:size]))
    except (OSError, ValueError):
        return (0, 0), {}
    return (tuple(counts), remarks) if kept_no == set_no else ((0, 0), {})


def _kept(nvs: "NVS") -> "tuple[int, ...]":
    blob = bytearray(_SIZE)
    try:
        size = nvs.get_blob(KEY, blob)
    except OSError:
        return _NOTHING
    return struct.unpack(PROGRESS, blob) if size == _SIZE else _NOTHING


def _done_by(plan_id: str, last: "Newest | None", set_no: int) -> int:
    """How many sets of the plan are done, by the newest set in the log; NEVER if the kept progress has that set."""
    if last is None or last[0] <= set_no or last[1].get("plan_id") != plan_id or "step" not in last[1]:
        return NEVER
    is_done = last[2] is not None and last[2].get("reason") != "host"
    return last[1]["step"] + (1 if is_done else 0)
