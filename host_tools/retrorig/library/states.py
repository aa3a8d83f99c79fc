"""Each set's state in two short digests, by which a publish tells what is new or changed without sending anything."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from retrorig.library.part import Part
from retrorig.library.sample_files import UNKNOWN

_DIGEST_BYTES = 12

# What tells that a set's samples are others: its bytes, whom they belong to, when and how they were computed. A
# calibration or another program shows in the sums.
_IN_SAMPLES = (
    "crc32, bytes, started_utc, trim_start_s, trim_end_s, calibration_id, duration_s, samples, backward_m, forward_m, "
    "impulse_ns, work_j, peak_speed_mps, peak_force_n"
)
_SQL = f"""
    SELECT set_id, rig_id, sets.label, tail, {_IN_SAMPLES} FROM sets JOIN raw_sets USING (set_id)
    WHERE removed IS NULL AND
"""


@dataclass(frozen=True, slots=True)
class SetState:
    """A listed set: where it is filed, and digests of all that is published of it and of its samples alone."""

    set_id: str
    rig: str
    month: str
    row_digest: str
    samples_digest: str


class States(Part):
    """The states of all listed sets, month by month; memory holds one month at a time."""

    def months(self) -> list[str]:
        """Every month that has a set, in order, UNKNOWN last."""
        sql = "SELECT DISTINCT substr(started_utc, 1, 7) FROM sets WHERE removed IS NULL"
        found = [month for (month,) in self.db.rows(sql)]
        return [*sorted(filter(None, found)), *[UNKNOWN] * (None in found)]

    def count(self) -> int:
        """How many sets are listed."""
        (sets_n,) = self.db.row("SELECT count(*) FROM sets WHERE removed IS NULL") or (0,)
        return sets_n

    def of(self, month: str, person_of: Callable[[str], str], form: str) -> Iterator[SetState]:
        """The sets of a month by rig and name.

        person_of: what stands for a label. form: the version of what is sent.
        """
        for set_id, rig, label, tail, *samples in self.db.each(*_query(month)):
            person = label and person_of(label)
            about = repr((form, rig, person, *samples))
            yield SetState(set_id, rig, month, _digest(about + tail), _digest(about))

    def gone(self, set_ids: list[str]) -> list[str]:
        """Those of these sets that were deleted or hidden here; others may never have been here."""
        found = []
        for set_id in set_ids:
            sql = """
                SELECT 1 FROM forgotten WHERE set_id = ?1
                UNION ALL SELECT 1 FROM sets WHERE set_id = ?1 AND removed IS NOT NULL
            """
            if self.db.row(sql, (set_id,)):
                found.append(set_id)
        return found


def _query(month: str) -> tuple[str, tuple[str, ...]]:
    order = "ORDER BY rig_id, set_id"
    if month == UNKNOWN:
        return f"{_SQL} started_utc IS NULL {order}", ()
    span = "(started_utc IS NULL) = 0 AND started_utc >= ? AND started_utc < ?"
    return f"{_SQL} {span} {order}", (month, f"{month}~")


def _digest(text: str) -> str:
    return hashlib.blake2b(text.encode(), digest_size=_DIGEST_BYTES).hexdigest()
