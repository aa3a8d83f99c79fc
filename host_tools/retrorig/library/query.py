"""Lists of sets: all of them, or those that a question is about."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from retrorig.library.anchors import format_utc
from retrorig.library.athletes import Athletes
from retrorig.library.columns import SetRow, as_dict
from retrorig.measure.keys import KEYS

IN_ORDER = "ORDER BY started_utc IS NULL, started_utc, set_id"


@dataclass(frozen=True)
class Choice:
    """Which sets: those for which everything holds that is not None. `athlete` is a name or a label."""

    athlete: str | None = None
    since: datetime | None = None
    kind: str | None = None
    rig: str | None = None
    tag: str | None = None
    quality: str | None = None
    ids: Sequence[str] | None = None


class Finding(Athletes):
    """Looking sets up by what is in the catalogue."""

    def sets(
        self, athlete: str | None = None, since: datetime | None = None, choice: Choice | None = None
    ) -> list[SetRow]:
        """The sets, oldest first and those without a date last, by `choice` or by person and moment alone."""
        where, values = self.where(choice or Choice(athlete, since))
        found = self.db.rows(f"SELECT {', '.join(KEYS)} FROM sets WHERE {where} {IN_ORDER}", values)
        names = self.names()
        return [as_dict(row, names) for row in found]

    def sets_json(self, choice: Choice) -> Iterator[str]:
        """The same list as JSON, one object a set; far quicker than the list where there are many."""
        where, values = self.where(choice)
        names = {label: json.dumps(name, ensure_ascii=False) for label, name in self.names().items()}
        sql = (
            f"SELECT json_quote(set_id), json_quote(rig_id), athlete, tail FROM sets WHERE {where} {IN_ORDER}"
        )
        for set_id, rig, label, tail in self.db.each(sql, values):
            name = names.get(label) or json.dumps(label)
            yield f'{{"set_id": {set_id}, "rig_id": {rig}, "athlete": {name}, {tail}'

    def set_ids(self, choice: Choice) -> list[str]:
        """The ids of the same list."""
        where, values = self.where(choice)
        return [name for (name,) in self.db.rows(f"SELECT set_id FROM sets WHERE {where} {IN_ORDER}", values)]

    def where(self, choice: Choice) -> tuple[str, tuple[Any, ...]]:
        """A choice as a condition of SQL on `sets`, and its values."""
        wanted: list[tuple[str, Any]] = []
        if choice.athlete is not None:
            wanted.append(("athlete = ?", self.label_of(choice.athlete)))
        if choice.since is not None:
            wanted.append(("(started_utc IS NULL) = 0 AND started_utc >= ?", format_utc(choice.since)))
        if choice.kind is not None:
            wanted.append(("kind = ?", choice.kind))
        if choice.rig is not None:
            wanted.append(("rig_id = ?", choice.rig))
        if choice.tag is not None:
            wanted.append(("EXISTS (SELECT 1 FROM json_each(tags) WHERE value = ?)", choice.tag))
        if choice.quality is not None:
            wanted.append(("quality = ?", choice.quality.upper()))
        if choice.ids is not None:
            wanted.append(("set_id IN (SELECT value FROM json_each(?))", json.dumps(choice.ids)))
        return " AND ".join(["1", *(sql for sql, _ in wanted)]), tuple(value for _, value in wanted)
