"""A site's part of the database: which sets it owns there, their rows, and what becomes of files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from retrorig.errors import InputError
from retrorig.publish.calibration_rows import put_calibrations
from retrorig.publish.connection import Connection
from retrorig.publish.tables import row_table
from retrorig.publish.target import field_columns

COMING, WHOLE, TORN, OLD = "coming", "whole", "torn", "old"
"""States of a file, as tables.sql explains them."""

_NOT_REBUILT = (
    "A name was deleted there and its old bytes may remain in the database's files: its owner ends that by "
    "VACUUM FULL of retrorig.people, retrorig.sets and retrorig.calibrations."
)


@dataclass(frozen=True, slots=True)
class Published:
    """A set as it is published."""

    set_id: str
    rig: str
    month: str
    row_digest: str
    samples_digest: str


class SiteCatalogue:
    """The rows of one site; `connection` is in no transaction between calls."""

    def __init__(self, connection: Connection, site: str) -> None:
        self._connection = connection
        self._site = site

    def register(self, name: str | None, has_names: bool | None) -> bool:
        """Enter the site, or find it; whether its names are published.

        has_names None: as before, at first with names. InputError when the name is another site's, or when names that
        were kept at home would go out unasked.
        """
        before = self._connection.rows("SELECT has_names FROM retrorig.sites WHERE site = $1", self._site)
        if before and has_names is None and not before[0][0]:
            raise InputError(
                "This library keeps its names at home there: say --no-names again, or --names to send them from now on."
            )
        has_names = True if has_names is None else has_names
        self._check_name(name)
        with self._connection.transaction():
            self._connection.run(
                """
                INSERT INTO retrorig.sites (site, name, has_names) VALUES ($1, coalesce($2, $1), $3::boolean)
                ON CONFLICT (site) DO UPDATE SET has_names = excluded.has_names, name = coalesce($2, sites.name)
                """,
                self._site, name, has_names,
            )  # fmt: skip
        return has_names

    def _check_name(self, name: str | None) -> None:
        sql = "SELECT 1 FROM retrorig.sites WHERE name = $1 AND site <> $2"
        if name is not None and self._connection.rows(sql, name, self._site):
            raise InputError(f"Another library is published as {name} there: give this one another --site.")

    def put_people(self, names: dict[str, str]) -> None:
        """Make the names there those of `names`, by person."""
        before = dict(
            self._connection.rows("SELECT person, name FROM retrorig.people WHERE site = $1", self._site)
        )
        gone = [person for person, name in before.items() if names.get(person) != name]
        new = {person: name for person, name in names.items() if before.get(person) != name}
        if gone or new:
            with self._connection.transaction():
                sql = "DELETE FROM retrorig.people WHERE site = $1 AND person = ANY($2)"
                self._connection.run(sql, self._site, gone or [""])
                self._note_rebuild(bool(gone))
                for person, name in new.items():
                    self._connection.run(
                        "INSERT INTO retrorig.people VALUES ($1, $2, $3)", self._site, person, name
                    )

    def _note_rebuild(self, is_needed: bool) -> None:
        sql = "UPDATE retrorig.sites SET is_to_rebuild = is_to_rebuild OR $2::boolean WHERE site = $1"
        self._connection.run(sql, self._site, is_needed)

    def put_calibrations(self, rows: dict[str, tuple[Any, ...]]) -> None:
        """Make the calibrations there those of `Makers.rows`."""
        put_calibrations(self._connection, self._site, rows)

    def months(self) -> list[str]:
        """Every month that has a set of this site."""
        sql = "SELECT DISTINCT month FROM retrorig.sets WHERE site = $1"
        return [month for (month,) in self._connection.rows(sql, self._site)]

    def of(self, month: str) -> Iterator[Published]:
        """The sets of a month."""
        sql = """
            SELECT set_id, rig_id, month, row_digest, samples_digest FROM retrorig.sets
            WHERE site = $1 AND month = $2
        """
        for row in self._connection.each(sql, self._site, month):
            yield Published(*row)

    def claim(self, set_ids: Sequence[str]) -> set[str]:
        """Those of these sets that are this site's to publish, by having been the first."""
        with self._connection.transaction():
            self._connection.run(
                "INSERT INTO retrorig.claims (set_id, site) SELECT unnest($1::text[]), $2 ON CONFLICT DO NOTHING",
                list(set_ids), self._site,
            )  # fmt: skip
            sql = "SELECT set_id FROM retrorig.claims WHERE set_id = ANY($1::text[]) AND site = $2"
            return {one for (one,) in self._connection.rows(sql, list(set_ids), self._site)}

    def announce(self, names: Sequence[str]) -> None:
        """Note that files are going to be written."""
        sql = "INSERT INTO retrorig.files SELECT unnest($1::text[]), $2, $3"
        self._connection.run(sql, list(names), self._site, COMING)

    def put(self, rows: Sequence[dict[str, Any]], new_files: Sequence[str]) -> None:
        """Store rows in place of those before, each in the file that it names, or with None in the one that it is in.

        new_files: which count from now on.
        """
        incoming = "SELECT set_id FROM pg_temp.incoming"
        with self._connection.transaction():
            self._connection.copy_in("incoming", row_table(rows))
            self._tear(f"set_id IN ({incoming} WHERE file IS NOT NULL)")
            self._become(WHOLE, new_files)
            self._connection.run(_upsert(list(rows[0])), self._site)
            self._connection.run(
                f"UPDATE retrorig.claims SET is_gone = false WHERE is_gone AND set_id IN ({incoming})"
            )

    def _become(self, state: str, names: Sequence[str]) -> None:
        sql = "UPDATE retrorig.files SET state = $1 WHERE file = ANY($2::text[])"
        self._connection.run(sql, state, list(names))

    def drop(self, set_ids: Sequence[str]) -> None:
        """Take sets away: their rows now, their samples when the files that they leave are written anew."""
        which = "site = $1 AND set_id = ANY($2::text[])"
        with self._connection.transaction():
            self._tear(which, self._site, list(set_ids))
            self._connection.run(f"DELETE FROM retrorig.sets WHERE {which}", self._site, list(set_ids))
            self._connection.run(
                f"UPDATE retrorig.claims SET is_gone = true WHERE {which}", self._site, list(set_ids)
            )

    def _tear(self, which: str, *values: Any) -> None:
        """Note that sets leave the files that they are in."""
        self._connection.run(
            f"UPDATE retrorig.files SET state = '{TORN}' WHERE file IN (SELECT file FROM retrorig.sets WHERE {which})",
            *values,
        )

    def torn(self) -> list[str]:
        """Files that a set has left."""
        return self._in_state(TORN)

    def stays_in(self, name: str) -> list[str]:
        """The sets that are in a file."""
        return [
            one for (one,) in self._connection.rows("SELECT set_id FROM retrorig.sets WHERE file = $1", name)
        ]

    def move(self, names: Sequence[str], to: str | None) -> None:
        """What was in some files is in another now, or nowhere; they are old."""
        with self._connection.transaction():
            if to is not None:
                self._become(WHOLE, [to])
                self._connection.run(
                    "UPDATE retrorig.sets SET file = $1 WHERE file = ANY($2::text[])", to, list(names)
                )
            self._become(OLD, names)

    def files(self) -> set[str]:
        """Every file of this site."""
        sql = "SELECT file FROM retrorig.files WHERE site = $1"
        return {name for (name,) in self._connection.rows(sql, self._site)}

    def lose(self, names: Sequence[str]) -> None:
        """Files are gone: the sets that were in them have no samples here any more."""
        sql = "UPDATE retrorig.sets SET samples_digest = '' WHERE file = ANY($1::text[])"
        self._connection.run(sql, list(names))

    def useless(self) -> list[str]:
        """Files that no set is in: old ones, and those whose writer was broken off."""
        return self._in_state(OLD) + self._in_state(COMING)

    def forget_files(self, names: Sequence[str]) -> None:
        """They are deleted from the store."""
        self._connection.run("DELETE FROM retrorig.files WHERE file = ANY($1::text[])", list(names))

    def scattered(self, before: str, sets_max: int) -> list[list[str]]:
        """Files to be made one: of each rig and month before this one, those that hold fewer sets than `sets_max`."""
        sql = """
            SELECT array_agg(file ORDER BY file) FROM (
                SELECT file, min(rig_id) AS rig_id, min(month) AS month, count(*) AS sets_n
                FROM retrorig.sets WHERE site = $1 AND month < $2 GROUP BY file
            ) AS small WHERE sets_n < $3::int GROUP BY rig_id, month HAVING count(*) > 1
        """
        return [names for (names,) in self._connection.rows(sql, self._site, before, sets_max)]

    def sizes(self, names: Sequence[str]) -> dict[str, int]:
        """How many sets are in each file."""
        sql = "SELECT file, count(*) FROM retrorig.sets WHERE file = ANY($1::text[]) GROUP BY file"
        return dict(self._connection.rows(sql, list(names)))

    def note_end(self) -> None:
        """This site is published up to now."""
        self._connection.run("UPDATE retrorig.sites SET published_utc = now() WHERE site = $1", self._site)

    def overwrite(self) -> list[str]:
        """Rebuild the tables in which a deleted name stood; a sentence when this user may not."""
        if not self._connection.rows(
            "SELECT 1 FROM retrorig.sites WHERE site = $1 AND is_to_rebuild", self._site
        ):
            return []
        owned = self._connection.rows(
            "SELECT 1 FROM pg_class WHERE oid = 'retrorig.sets'::regclass AND pg_has_role(relowner, 'USAGE')"
        )
        if owned:
            for table in ("people", "sets", "calibrations"):
                self._connection.run(f"VACUUM FULL retrorig.{table}")
        self._connection.run("UPDATE retrorig.sites SET is_to_rebuild = false WHERE site = $1", self._site)
        return [] if owned else [_NOT_REBUILT]

    def _in_state(self, state: str) -> list[str]:
        sql = "SELECT file FROM retrorig.files WHERE site = $1 AND state = $2 ORDER BY file"
        return [name for (name,) in self._connection.rows(sql, self._site, state)]


def _upsert(columns: Sequence[str]) -> str:
    """One statement from the temporary table into `sets`; a row of another site's is left alone."""
    kinds = field_columns() | {"noted": "json"}
    taken = {name: f"{name}::{kinds[name]}" if name in kinds else name for name in columns}
    taken["file"] = (
        "coalesce(file, (SELECT file FROM retrorig.sets AS now WHERE now.set_id = incoming.set_id))"
    )
    changed = [f"{name} = excluded.{name}" for name in columns if name != "set_id"]
    return f"""
        INSERT INTO retrorig.sets AS old ({", ".join(columns)}, site)
        SELECT {", ".join(taken.values())}, $1 FROM pg_temp.incoming
        ON CONFLICT (set_id) DO UPDATE SET {", ".join(changed)} WHERE old.site = excluded.site
    """
