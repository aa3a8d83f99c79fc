"""The library: queries, edits, exports and upkeep."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from retrorig.library.notes import DELETED, HIDDEN
from retrorig.library.query import Choice
from retrorig.library.selecting import chosen_ids
from retrorig.library.store import Store
from retrorig.local_time import local
from retrorig.set_row import SetRow

if TYPE_CHECKING:
    from retrorig.export.sources import ExportedSet
    from retrorig.library.checking import LibraryFault
    from retrorig.library.editing import Edited
    from retrorig.library.forgetting import Forgotten
    from retrorig.library.merge import Merged
    from retrorig.library.recompute import Recomputed
    from retrorig.measure.sample_table import SampleTable
    from retrorig.measure.samples import Samples

Progress = Callable[[int, int], None]
"""Called with (done, in all)."""


def no_progress(done: int, total: int) -> None:
    """The progress function of callers that show none."""


def _day(moment_utc: str | None) -> date | None:
    return local(moment_utc).date() if moment_utc else None


class Library(Store):
    """The library in `folder` (default: the platform's place). With `create` it is made when missing.

    Use it as a context manager, or call `close`. `people`, `clocks`, `calibrations` and `notes` are its parts. Every
    method raises InputError, in one sentence that says what to do, for what can't be used. `called`: what sentences
    name a copy after.
    """

    def __enter__(self) -> Library:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        if kind is None:
            self.close()
        else:
            self.db.close_in_vain()

    def close(self) -> None:
        """Close the file."""
        self.db.close()

    def sets(self, choice: Choice | None = None, /, **filters: Any) -> list[SetRow]:
        """The sets of a choice, oldest first and those without a date last.

        Filters are the fields of Choice: athlete, on, since, until, machine, kind, tag, rig, quality, ids, removed.
        InputError for a person nobody knows, a date that is none, or a word that is not known.
        """
        return list(self.each_set(choice, **filters))

    def each_set(self, choice: Choice | None = None, /, **filters: Any) -> Iterator[SetRow]:
        """The same sets one by one, for when they are many."""
        return self.catalogue.each(replace(choice or Choice(), **filters))

    def choose(self, words: Sequence[str] = (), choice: Choice | None = None, /, **filters: Any) -> list[str]:
        """The ids that words mean among the sets of a choice; without words, the whole choice.

        A word is an id or letters of one, `last`, `last-2` (two before the last), `today`, or two such words with
        `..` between them for all from the one to the other. InputError when a word means none or several.
        """
        return chosen_ids(self.catalogue, words, replace(choice or Choice(), **filters))

    def last_day(self, choice: Choice | None = None, /, **filters: Any) -> date | None:
        """The newest day of this computer's calendar on which a set of the choice started; None without any."""
        return _day(self.catalogue.ends(replace(choice or Choice(), **filters))[1])

    def first_day(self, choice: Choice | None = None, /, **filters: Any) -> date | None:
        """The oldest such day."""
        return _day(self.catalogue.ends(replace(choice or Choice(), **filters))[0])

    def told_in_no_set(self, choice: Choice | None = None, /, **filters: Any) -> list[str]:
        """A sentence for each day on which more than a metre backward is in no set, of the newest 200 of a choice."""
        from retrorig.library.remainder import told_days

        return list(told_days(self.catalogue, replace(choice or Choice(), **filters)))

    def samples(self, set_id: str) -> Samples:
        """A set's samples as arrays of one length: `time_s`, `distance_m`, `speed_mps`, `force_n`, `power_w`.

        Time is in seconds since the set's start, distance net backward in metres; NaN where nothing was measured.
        InputError if there is no set of that name.
        """
        from retrorig.measure.samples import sample_set  # mathematics is loaded only where sets are measured

        return sample_set(self.raw(set_id))

    def drawn_samples(self, set_id: str) -> SampleTable:
        """What is drawn and written of a set's samples; of what is published, as it was published."""
        from retrorig.measure.sample_table import table_of

        return table_of(self.samples(set_id))

    def exported(self, set_ids: Sequence[str]) -> list[ExportedSet]:
        """These sets for the writers of `retrorig.export`, each once, in this order."""
        from retrorig.export.sources import ExportedSet

        rows = {row.set_id: row for row in map(self.set, set_ids)}
        return [ExportedSet(row, lambda name=name: self.drawn_samples(name)) for name, row in rows.items()]

    def export(
        self, set_ids: Sequence[str], file_format: str | None, output: str | Path, dialect: str = "standard"
    ) -> list[Path]:
        """Write sets with their samples and return the files: `retrorig.export.export_sets` says which."""
        from retrorig.export import export_sets

        return export_sets(self.exported(set_ids), file_format, Path(output), dialect)

    def export_summary(
        self,
        choice: Choice | None,
        output: str | Path,
        /,
        file_format: str | None = None,
        dialect: str = "standard",
        **filters: Any,
    ) -> list[Path]:
        """Write a table of the sets of a choice, a row each, without samples, as CSV or a workbook."""
        from retrorig.export import export_summary

        return export_summary(self.each_set(choice, **filters), Path(output), file_format, dialect)

    def edit(
        self,
        set_ids: Sequence[str],
        values: Mapping[str, Any] | None = None,
        *,
        add_tags: Iterable[str] = (),
        drop_tags: Iterable[str] = (),
        undo: Iterable[str] = (),
        expected: Mapping[str, Any] | None = None,
    ) -> Edited:
        """Note `values` beside each of the sets, change their tags, take notes of `undo` back; all sets or none.

        Keys: athlete (a known person, to move the sets there), notes, attachment, side, machine, load_kg,
        first_foot (left or right), rpe, pain, trim_start_s, trim_end_s, tags. What this returns can be given to `undo`.
        `expected`: values that whoever edits has seen; InputError, and nothing noted, when one is another by now.
        """
        from retrorig.library.editing import edit_sets

        return edit_sets(
            self,
            set_ids,
            values or {},
            add_tags=add_tags,
            drop_tags=drop_tags,
            undo=undo,
            expected=expected or {},
        )

    def undo(self, edited: Edited) -> Edited:
        """Take an edit, a deletion or a hiding back; what this returns can be undone, too.

        InputError when something else was noted beside one of the sets since, which would be lost.
        """
        from retrorig.library.editing import undo_edit

        return undo_edit(self, edited)

    def delete(self, set_ids: Sequence[str]) -> Edited:
        """Remove sets: they are in no list and no sum. `undo` or `restore` brings them back until `compact`."""
        from retrorig.library.editing import remove_sets

        return remove_sets(self, set_ids, DELETED)

    def hide(self, set_ids: Sequence[str]) -> Edited:
        """Take sets out of every list and sum, for as long as nobody restores them."""
        from retrorig.library.editing import remove_sets

        return remove_sets(self, set_ids, HIDDEN)

    def restore(self, set_ids: Sequence[str]) -> Edited:
        """Bring deleted or hidden sets back into the lists."""
        from retrorig.library.editing import remove_sets

        return remove_sets(self, set_ids, None)

    def compact(self) -> int:
        """Erase deleted sets for good and rebuild the file; how many sets. No pull brings them back."""
        from retrorig.library.forgetting import compact

        return compact(self)

    def recompute(
        self,
        set_ids: Sequence[str],
        calibration: Mapping[str, Any] | None = None,
        progress: Progress = no_progress,
    ) -> Recomputed:
        """Compute sets anew from their bytes and notes, under `calibration` from now on if one is given."""
        from retrorig.library.recompute import recompute

        return recompute(self, set_ids, calibration, progress)

    def to_recompute(self, choice: Choice | None = None, /, **filters: Any) -> list[str]:
        """The sets of a choice, and those whose row got lost, of which nothing is known but their bytes."""
        return [*self.choose((), choice, **filters), *self.catalogue.missing()]

    def corrected(self, calibration_id: str | None = None, **values: int | str | None) -> Mapping[str, Any]:
        """A calibration for `recompute`: the sizes of a kept record, and `values` over them.

        Values: circumference_um, counts_per_rev, scale_nn, and zero, a code or "rest" for the slack line's beside each
        set. InputError when there is no such record, or a value can't be one.
        """
        from retrorig.library.recompute import calibration_of

        return calibration_of(self, calibration_id, values)

    def forget(self, person: str, delete_sets: bool) -> Forgotten:
        """Remove a person, and the sets too or only the person from them."""
        from retrorig.library.forgetting import forget

        return forget(self, person, delete_sets)

    def merge(
        self, other: Library, only: Sequence[str] | None = None, progress: Progress = no_progress
    ) -> Merged:
        """Take over everything that another library has, or some of its sets; `copy_of` opens one safely."""
        from retrorig.library.merge import merge

        return merge(self, other, only, progress)

    def backup(self, target: str | Path) -> None:
        """Copy the library to a new file, as it is at this moment."""
        from retrorig.library.backup import backup

        backup(self, Path(target))

    def check(self, progress: Progress = no_progress, is_thorough: bool = False) -> list[LibraryFault]:
        """Everything that is not as it should be; nothing is changed. is_thorough: compute every set anew."""
        from retrorig.library.checking import check

        return check(self, progress, is_thorough)

    def write_samples(self, set_ids: Sequence[str] | None = None, progress: Progress = no_progress) -> int:
        """Write the Parquet files of these sets, or all that are missing or old; how many."""
        from retrorig.library.sample_files import write_samples

        return write_samples(self, set_ids, progress)
