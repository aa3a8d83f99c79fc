"""What the rig keeps: plans, settings and calibration (rigcore/kept.py), and how far the chosen plan was followed.

Loaded late: what knows how values lie in flash.
"""

from rigcore import TYPE_CHECKING

from .transient import collect_now, transient_import

if TYPE_CHECKING:
    from typing import Any

    from esp32 import NVS

    from rigcore.kept import KeptValues


PLANS_MAX = 12
PIECE = 300  # bytes of a plan at a time


class PlanStore:
    """Nothing of it needs an erase: sectors are erased ahead, at standstill (`erase_step`)."""

    def __init__(self, nvs: "NVS", kept: "KeptValues | None" = None) -> None:
        self._nvs = nvs
        self.kept = kept  # as opened at the start; then what knows where values lie is loaded for the moment
        # A text that the host puts piece by piece: an io.BytesIO, or a kept.Draft (upload.py).
        self.draft: "Any" = None
        self.erased = 0  # sectors up to this one were looked at since something was kept; -1: all
        self.is_short = False  # of erased sectors
        self.damaged_n = 0  # things kept that can't be read
        self.is_told = False  # to the host, of all of these: from then on they may be erased in their turn

    def opened(self) -> "KeptValues":
        """What is kept now."""
        return self.kept or transient_import("app.keeping").opened(self.is_told)

    def keep(self, name: str, value: bytes) -> None:
        """Keep a value by this name; OSError when flash takes nothing."""
        kept = self.opened()
        kept.write(name, value)
        self.changed(kept)

    def changed(self, kept: "KeptValues") -> None:
        """Something was kept or dropped: sectors may be to erase."""
        kept.sync()
        self.erased = 0
        self.is_short = kept.is_short()

    def erase_step(self) -> bool:
        """Erase a sector that nobody needs, 30 to 80 ms; False when none was left. Only at standstill."""
        if self.erased < 0:
            return False
        kept = self.opened()
        self.erased = kept.erase_step(self.erased, getattr(self.draft, "sector", -1)) + 1 or -1
        self.is_short = self.erased > 0 and kept.is_short()
        return self.erased > 0

    def ids(self) -> "list[str]":
        """They stay: made once what found them has gone."""
        found = " ".join(transient_import("app.kept_plans").ids(self.opened()))
        collect_now()
        return found.split()

    def load(self, plan_id: str) -> "dict[str, Any] | None":
        """The plan as a dict, None when it is missing or damaged."""
        text = transient_import("app.kept_plans").text_of(self.opened(), plan_id)
        if not text:
            return None
        return transient_import("app.paced_json").loaded(text)  # it was checked before it was written

    def keep_progress(self, plan_id: str, done_n: int, set_no: int) -> None:
        """Remember the chosen plan ("" for none), and how much of it is done."""
        transient_import("app.kept_plans").keep_progress(self._nvs, self.opened(), plan_id, done_n, set_no)

    def keep_rest(self, set_no: int, counts: "tuple[int, int]", remarks: "dict[str, list[int]]") -> None:
        """Remember what was moved since the set of this number: counts backward and forward, and remarks among it."""
        transient_import("app.kept_plans").keep_rest(self._nvs, set_no, counts, remarks)
