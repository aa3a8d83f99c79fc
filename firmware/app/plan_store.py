"""Plans on the board's file system, and in the chip's settings how far the chosen one was followed."""

import binascii
import json
import os
import struct

from rigcore import TYPE_CHECKING
from rigcore.plan_progress import PlanProgress
from rigcore.plan_runner import NEVER

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from esp32 import NVS


FOLDER = "/plans"
PLANS_MAX = 12
PIECE = 300  # bytes of a plan at a time
_KEY = "progress"
_PROGRESS = (
    "<IHI"  # crc of the plan's text, sets done, number of the newest set in the log when this was written
)
_SIZE = 10
_REST_KEY = "rest"
_REST_SIZE = 300
_NOTHING = (0, 0, 0)


class PlanStore:
    """Files are written only when told so, which the rig does at standstill."""

    def __init__(self, nvs: "NVS", folder: str = FOLDER) -> None:
        self._nvs = nvs
        self._folder = folder
        self.before_files: "Callable[[], None] | None" = None  # a file is looked for in 15 ms and more
        self.draft = None  # the open file of a text that the host puts piece by piece (upload.py)
        try:
            os.mkdir(folder)
        except OSError:  # it is there
            pass

    def _wait(self) -> None:
        if self.before_files:
            self.before_files()

    def ids(self) -> "list[str]":
        self._wait()
        return sorted(name[:-5] for name in os.listdir(self._folder) if name.endswith(".json"))

    def extent(self, plan_id: str) -> "tuple[int, int]":
        """Bytes and CRC-32 of the plan's text; zeros when there is none of this id."""
        size = crc = 0
        self._wait()
        try:
            with open(self.path(plan_id), "rb") as file:
                piece = file.read(PIECE)
                while piece:
                    size += len(piece)
                    crc = binascii.crc32(piece, crc)
                    piece = file.read(PIECE)
        except OSError:
            pass
        return size, crc

    def piece(self, plan_id: str, at: int) -> "bytes | None":
        """Part of the plan's JSON text, None when there is none of this id."""
        self._wait()
        try:
            with open(self.path(plan_id), "rb") as file:
                file.seek(at)
                return file.read(PIECE)
        except OSError:
            return None

    def load(self, plan_id: str) -> "dict[str, Any] | None":
        """The plan as a dict, None when it is missing or damaged."""
        self._wait()
        try:
            with open(self.path(plan_id), "rb") as file:
                return json.load(file)  # it was checked before it was written
        except (OSError, ValueError):
            return None

    def remove(self, plan_id: str) -> bool:
        try:
            os.remove(self.path(plan_id))
        except OSError:
            return False
        return True

    def keep_progress(self, plan_id: str, done_n: int, set_no: int) -> None:
        """Remember the chosen plan ("" for none), and how much of it is done."""
        found = struct.pack(_PROGRESS, self._sum(plan_id), done_n, set_no)
        self._nvs.set_blob(_KEY, found)
        self._nvs.commit()

    def keep_rest(self, set_no: int, counts: "tuple[int, int]", remarks: "dict[str, list[int]]") -> None:
        """Remember what was moved since the set of this number: counts backward and forward, and remarks among it."""
        self._nvs.set_blob(_REST_KEY, json.dumps([set_no, counts, remarks]).encode())
        self._nvs.commit()

    def rest(self, set_no: int) -> "tuple[tuple[int, int], dict[str, list[int]]]":
        """(counts, remarks) as they were kept; nothing when the store's newest set is another one."""
        blob = bytearray(_REST_SIZE)
        try:
            size = self._nvs.get_blob(_REST_KEY, blob)
            kept_no, counts, remarks = json.loads(bytes(blob[:size]))
        except (OSError, ValueError):
            return (0, 0), {}
        return (tuple(counts), remarks) if kept_no == set_no else ((0, 0), {})

    def resume(
        self, find_last: "Callable[[], tuple[int, dict[str, Any], dict[str, Any] | None] | None]"
    ) -> "PlanProgress":
        """The progress where it was left; `find_last()` is the newest set's (number, header, end) or None.

        A set that ended after the last time of writing counts, one that the power cut did not end does not; but
        where it stands in the plan tells what was done before it.
        """
        crc, done_n, set_no = self._progress()
        for plan_id in self.ids() if crc else ():
            if self._sum(plan_id) == crc:
                plan = self.load(plan_id)
                if plan is None:
                    break
                found = _done_by(plan_id, find_last(), set_no)
                return PlanProgress(plan, done_n if found == NEVER else found)
        return PlanProgress()

    def _progress(self) -> "tuple[int, ...]":
        blob = bytearray(_SIZE)
        try:
            size = self._nvs.get_blob(_KEY, blob)
        except OSError:
            return _NOTHING
        return struct.unpack(_PROGRESS, blob) if size == _SIZE else _NOTHING

    def _sum(self, plan_id: str) -> int:
        return self.extent(plan_id)[1] if plan_id else 0

    def path(self, plan_id: str) -> str:
        """Where the plan of this id lies or would lie; OSError when that is outside of the folder."""
        if "/" in plan_id:
            raise OSError(2)
        return "%s/%s.json" % (self._folder, plan_id)


def _done_by(
    plan_id: str, last: "tuple[int, dict[str, Any], dict[str, Any] | None] | None", set_no: int
) -> int:
    """How many sets of the plan are done, by the newest set in the log; NEVER if the kept progress has that set."""
    if last is None or last[0] <= set_no or last[1].get("plan_id") != plan_id or "step" not in last[1]:
        return NEVER
    is_done = last[2] is not None and last[2].get("reason") != "host"
    return last[1]["step"] + (1 if is_done else 0)
