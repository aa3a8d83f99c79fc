"""Stores sets: their bytes, notes, and the rows that are computed from both."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from retrorig.errors import InputError
from retrorig.library.calibrations import Calibrations
from retrorig.library.catalogue import Catalogue
from retrorig.library.clocks import REDATE_S, Boot, Clocks, Numbers, numbers_of, seconds_apart
from retrorig.library.database import Database, default_folder
from retrorig.library.notes import STARTED, Edits, Notes
from retrorig.library.partials import Partials
from retrorig.library.people import People
from retrorig.library.raw_sets import RawSets, no_set
from retrorig.library.reading import header_of, read_set
from retrorig.library.row_check import DamagedRowError
from retrorig.library.rows import row_of, understood
from retrorig.library.sample_files import SampleFiles
from retrorig.library.site import Site
from retrorig.library.states import States
from retrorig.set_row import SetRow
from rigcore.decode import RawSet


class Store:
    """One open library file and its parts, each of which owns its tables."""

    def __init__(
        self, folder: str | Path | None = None, create: bool = False, called: Path | str | None = None
    ) -> None:
        self.db = Database(Path(folder) if folder else default_folder(), create, called)
        self.people = People(self.db)
        self.clocks = Clocks(self.db)
        self.calibrations = Calibrations(self.db)
        self.notes = Notes(self.db)
        self.raw_sets = RawSets(self.db)
        self.catalogue = Catalogue(self.db, self.people)
        self.files = SampleFiles(self.db)
        self.partials = Partials(self.db)
        self.site = Site(self.db)
        self.states = States(self.db)

    def close(self) -> None:
        """Close the file."""
        self.db.close()

    @property
    def folder(self) -> Path:
        """Where the library is."""
        return self.db.folder

    def set(self, set_id: str) -> SetRow:
        """One set by its id; InputError if there is none of that name, or it was deleted."""
        found = self.find_set(set_id)
        if found is None:
            raise no_set(set_id)
        return found

    def find_set(self, set_id: str) -> SetRow | None:
        """One set, also one that was removed, or None if the catalogue has none of that name."""
        return self.catalogue.find(set_id)

    def listed(self, set_id: str) -> SetRow | None:
        """The same, and None also for a row that is damaged and can be computed anew."""
        try:
            return self.find_set(set_id)
        except DamagedRowError:
            return None

    def raw(self, set_id: str) -> RawSet:
        """One set as it is understood now: the raw values, under the calibration and within the trim that were noted.

        The header's `athlete` is this library's label. `read_set(library.blob(set_id))` is the set as the rig
        recorded it. InputError if there is none of that name, or it can't be read.
        """
        try:
            raw = understood(read_set(self.blob(set_id)), self.notes.of(set_id.lower()))
        except ValueError as error:
            raise InputError(
                f"Set {set_id} can't be read ({error}): `retrorig library check` tells more."
            ) from None
        row = self.listed(set_id)
        raw.header = {**raw.header, "athlete": (row and row.label) or ""}
        return raw

    def blob(self, set_id: str) -> bytes:
        """One set's bytes as the board logged them; InputError if there is none of that name."""
        return self.raw_sets.get(set_id).data

    def add_set(self, blob: bytes) -> tuple[str, bool]:
        """Store a set's bytes and its quantities, once: (its id, whether it was new).

        A set that has grown since it was stored, by what the athlete answered later, takes its own place. A set that
        was deleted for good is not taken again. ValueError if the bytes are no set; NameTakenError if another set of
        the same name is stored.
        """
        from retrorig.measure.metrics import set_id as id_of

        raw = read_set(blob)
        header, set_id = raw.header, id_of(raw.header)
        label, row = self._label_of(set_id, header.get("athlete")), None
        is_forgotten = self.raw_sets.is_forgotten(set_id)
        if self.raw_sets.beginning(set_id, blob) != blob and not is_forgotten:
            row = self._row(raw, label, self.notes.of(set_id))
        with self.db.transaction():
            stored = self.raw_sets.beginning(
                set_id, blob
            )  # asked again: another program may have been quicker
            if row is not None and stored != blob:
                self.raw_sets.put(set_id, header, blob, label)
                self.put_row(row)
            self.partials.drop(numbers_of(header), header["no"])
        return set_id, stored is None and not is_forgotten

    def holds(self, numbers: Numbers, no: int, size_bytes: int, crc32: int) -> bool:
        """Whether exactly this set of this rig is stored, or was and has been deleted for good."""
        return self.raw_sets.holds(numbers, no, size_bytes, crc32)

    def add_anchor(self, boot: Boot, board_us: int, utc_ms: float, half_rtt_us: float) -> None:
        """Note an exchange of the time with a rig (`Clocks.add`) and date the sets of this boot by it.

        A date that would move by less than REDATE_S is exact already and stays.
        """
        with self.db.transaction():
            if not self.clocks.add(boot, board_us, utc_ms, half_rtt_us):
                return
            for set_id, blob in list(self.raw_sets.of_boot(boot)):
                row = self.listed(set_id)
                if row is None or STARTED in row.edited:
                    continue
                started_utc = (
                    self.computed(set_id).started_utc
                    if row.trim_start_s
                    else self.clocks.dated(header_of(blob))
                )
                if seconds_apart(row.started_utc, started_utc) >= REDATE_S:
                    self.put_row(replace(row, started_utc=started_utc))

    def computed(self, set_id: str, edits: Edits | None = None) -> SetRow:
        """One set's row, computed anew from its bytes, with its own notes or with others; stores nothing."""
        edits = self.notes.of(set_id) if edits is None else edits
        stored = self.raw_sets.get(set_id)
        row = self._row(read_set(stored.data), stored.label, edits)
        listed = self.listed(set_id)
        keep_date = listed and seconds_apart(listed.started_utc, row.started_utc) < REDATE_S
        return replace(
            row,
            set_id=set_id,  # the name that it was stored under, should this program make another
            started_utc=listed.started_utc if listed and keep_date else row.started_utc,
        )

    def put_row(self, row: SetRow, new_samples: bool = True) -> None:
        """Store a set's row in place of the one before.

        `new_samples`: something of it stands in the samples' file, too, which has become old.
        """
        with self.db.transaction():
            self.catalogue.put(row)
            if new_samples:
                self.files.mark_old(row.set_id)

    def _row(self, raw: RawSet, label: str | None, edits: Edits) -> SetRow:
        raw = understood(raw, edits)
        row = row_of(raw, label, edits, self.clocks.dated(raw.header))
        return replace(row, name=self.people.names().get(row.label or ""))

    def _label_of(self, set_id: str, sent: str | None) -> str | None:
        """Who made a set: as known here, else by the label that the rig sent, unless that person was forgotten."""
        known = self.raw_sets.find(set_id)
        if known:
            return known.label
        return None if not sent or self.people.is_retired(sent) else sent
