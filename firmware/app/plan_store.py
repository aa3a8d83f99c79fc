"""What the rig keeps: plans, settings and calibration (rigcore/kept.py), and how far the chosen plan was followed.

Loaded late: what knows how values lie in flash.
"""

import json
import struct

from rigcore import TYPE_CHECKING

from .transient import transient_import

if TYPE_CHECKING:
    from typing import Any

    from esp32 import NVS

    from rigcore.kept import KeptValues


PLANS_MAX = 12
PIECE = 300  # bytes of a plan at a time
SPARE_MIN = 3  # with fewer erased sectors the next is erased at once
KEY = "progress"
PROGRESS = (
    "<IHI"  # crc of the plan's text, sets done, number of the newest set in the log when this was written
)
REST_KEY = "rest"


class PlanStore:
    """Nothing of it needs an erase: sectors are erased ahead, at standstill (`erase_step`)."""

    def __init__(self, nvs: "NVS", kept: "KeptValues | None" = None) -> None:
        """`kept`: as opened at the start, until `let_go`."""
        self._nvs = nvs
        self._kept = kept
        # A text that the host puts piece by piece: an io.BytesIO, or a kept.Draft (upload.py).
        self.draft: "Any" = None
        self._erased = 0  # sectors up to this one were looked at since something was kept; -1: all
        self.is_short = False  # of erased sectors

    def opened(self) -> "KeptValues":
        """What is kept now."""
        return self._kept or transient_import("app.keeping").opened()

    def let_go(self) -> None:
        """The rig has started: what knows where values lie is loaded for the moment from now on."""
        self._kept = None

    def keep(self, name: str, value: bytes) -> None:
        """Keep a value by this name; OSError when flash takes nothing."""
        kept = self.opened()
        kept.write(name, value)
        self.changed(kept)

    def changed(self, kept: "KeptValues") -> None:
        """Something was kept or dropped: sectors may be to erase."""
        kept.sync()
        self._erased = 0
        self.is_short = kept.spare_n() < SPARE_MIN

    def erase_step(self) -> bool:
        """Erase a sector that nobody needs, 30 to 80 ms; False when none was left. Only at standstill."""
        if self._erased < 0:
            return False
        kept = self.opened()
        sector = kept.erase_step(self._erased, getattr(self.draft, "sector", -1))
        self._erased = -1 if sector < 0 else sector + 1
        self.is_short = sector >= 0 and kept.spare_n() < SPARE_MIN
        return sector >= 0

    def ids(self) -> "list[str]":
        return transient_import("app.kept_plans").ids(self.opened())

    def load(self, plan_id: str) -> "dict[str, Any] | None":
        """The plan as a dict, None when it is missing or damaged."""
        return transient_import("app.kept_plans").load(self.opened(), plan_id)

    def keep_progress(self, plan_id: str, done_n: int, set_no: int) -> None:
        """Remember the chosen plan ("" for none), and how much of it is done."""
        crc = transient_import("app.kept_plans").text_crc(self.opened(), plan_id)
        found = struct.pack(PROGRESS, crc, done_n, set_no)
        self._nvs.set_blob(KEY, found)
        self._nvs.commit()

    def keep_rest(self, set_no: int, counts: "tuple[int, int]", remarks: "dict[str, list[int]]") -> None:
        """Remember what was moved since the set of this number: counts backward and forward, and remarks among it."""
        self._nvs.set_blob(REST_KEY, json.dumps([set_no, counts, remarks]).encode())
        self._nvs.commit()
