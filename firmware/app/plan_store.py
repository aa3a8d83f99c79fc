"""Plans on the board's file system, and in the chip's settings how far the chosen one was followed."""

import binascii
import json
import os
import struct

from rigcore import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from esp32 import NVS


FOLDER = "/plans"
PLANS_MAX = 12
PIECE = 300  # bytes of a plan at a time
KEY = "progress"
PROGRESS = (
    "<IHI"  # crc of the plan's text, sets done, number of the newest set in the log when this was written
)
REST_KEY = "rest"


class PlanStore:
    """Files are written only when told so, which the rig does at standstill."""

    def __init__(self, nvs: "NVS", folder: str = FOLDER) -> None:
        self._nvs = nvs
        self._folder = folder
        self.before_files: "Callable[[], None] | None" = None  # a file is looked for in 15 ms and more
        # A text that the host puts piece by piece, in memory or an open file (upload.py).
        self.draft: "Any" = None
        try:
            os.mkdir(folder)
        except OSError:  # it is there
            pass

    def wait(self) -> None:
        """For the right moment to look for a file."""
        if self.before_files:
            self.before_files()

    def ids(self) -> "list[str]":
        self.wait()
        return sorted(name[:-5] for name in os.listdir(self._folder) if name.endswith(".json"))

    def extent(self, plan_id: str) -> "tuple[int, int]":
        """Bytes and CRC-32 of the plan's text; zeros when there is none of this id."""
        size = crc = 0
        self.wait()
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

    def load(self, plan_id: str) -> "dict[str, Any] | None":
        """The plan as a dict, None when it is missing or damaged."""
        self.wait()
        try:
            with open(self.path(plan_id), "rb") as file:
                return json.load(file)  # it was checked before it was written
        except (OSError, ValueError):
            return None

    def keep_progress(self, plan_id: str, done_n: int, set_no: int) -> None:
        """Remember the chosen plan ("" for none), and how much of it is done."""
        found = struct.pack(PROGRESS, self.text_crc(plan_id), done_n, set_no)
        self._nvs.set_blob(KEY, found)
        self._nvs.commit()

    def keep_rest(self, set_no: int, counts: "tuple[int, int]", remarks: "dict[str, list[int]]") -> None:
        """Remember what was moved since the set of this number: counts backward and forward, and remarks among it."""
        self._nvs.set_blob(REST_KEY, json.dumps([set_no, counts, remarks]).encode())
        self._nvs.commit()

    def text_crc(self, plan_id: str) -> int:
        """CRC-32 of the plan's text, 0 for none."""
        return self.extent(plan_id)[1] if plan_id else 0

    def path(self, plan_id: str) -> str:
        """Where the plan of this id lies or would lie; OSError when that is outside of the folder."""
        if "/" in plan_id:
            raise OSError(2)
        return "%s/%s.json" % (self._folder, plan_id)
