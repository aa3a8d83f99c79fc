"""The list of sets on a screen of any width: as many columns as fit, those that matter first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import pytest

from retrorig.library import Choice, Column, Library, ListStyle, set_lines

COLUMNS = (
    Column("set", "set_id"), Column("athlete", "athlete"), Column("started", "started_utc"),
    Column("time s", "duration_s", 1), Column("kg", "load_kg", 1), Column("a side", "side"), Column("RPE", "rpe", 0),
    Column("work J", "work_j", 1),
)  # fmt: skip
MATTERS = ("set_id", "started_utc", "load_kg", "rpe")
ORDER = ("set_id", "started_utc", "rpe", "athlete", "duration_s", "side", "work_j")
"""In which they are shown; no load was noted."""

ID_END = 10


def padded(cells: list[str]) -> list[str]:
    return [cell.ljust(max(map(len, cells))) for cell in cells]


LOOK = ListStyle(COLUMNS, padded, "-", matters=MATTERS)


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    """Two sets of which nobody noted the load."""
    with Library(tmp_path_factory.mktemp("library"), create=True) as opened:
        for no in (7, 8):
            keys = "set_id, label, started_utc, duration_s, side, rpe, work_j"
            values = (
                f"a1b2c3d4e5f6-0003-{no:05d}",
                "Anna",
                "2026-11-28T10:00:00.000Z",
                9.5,
                "left",
                no,
                1e5 * no,
            )
            opened.db.rows(f"INSERT INTO sets ({keys}) VALUES (?, ?, ?, ?, ?, ?, ?)", values)
        yield opened


def lines(library: Library, look: ListStyle) -> tuple[list[str], list[str]]:
    found = set_lines(library, Choice(), look)
    assert found
    return list(found.lines), found.left_out


def columns_for(widths: dict[str, int], width: int) -> set[str]:
    """Those that have room side by side, two places apart, the first of `widths` first; one at least."""
    kept: list[str] = []
    for key in widths:
        if not kept or sum(widths[one] for one in [*kept, key]) + 2 * len(kept) <= width:
            kept.append(key)
    return set(kept)


def heading(kept: set[str], widths: dict[str, int]) -> str:
    """Numbers stand to the right, texts to the left."""
    cells = [
        one.heading.ljust(widths[one.key]) if one.digits is None else one.heading.rjust(widths[one.key])
        for one in COLUMNS
        if one.key in kept
    ]
    return "  ".join(cells).rstrip()


def wide(library: Library, order: Sequence[str]) -> dict[str, int]:
    """How wide each column is that holds something."""
    alone = {one.key: lines(library, replace(LOOK, columns=[one]))[0] for one in COLUMNS}
    return {key: max(map(len, alone[key])) for key in order}


def test_a_column_is_as_wide_as_its_longest_cell_or_its_heading(library: Library) -> None:
    found = wide(library, ORDER)
    assert found == {
        "set_id": 23, "athlete": 7, "started_utc": 16, "duration_s": 6, "side": 6, "rpe": 3, "work_j": 8,
    }  # fmt: skip


def test_a_column_without_a_value_takes_the_room_of_its_heading(library: Library) -> None:
    columns = [Column("why", "notes"), Column("set", "set_id")]
    shown, _ = lines(library, replace(LOOK, columns=columns))
    assert shown == ["why  set", *(f"-    a1b2c3d4e5f6-0003-{no:05d}" for no in (7, 8))]


@pytest.mark.parametrize("width", range(5, 100))
def test_a_screen_shows_what_has_room_what_matters_first_and_names_the_rest(
    library: Library, width: int
) -> None:
    widths = wide(library, ORDER)
    if not {"set_id", "started_utc", "rpe"} <= columns_for(widths, width):
        widths["set_id"] = ID_END
    kept = columns_for(widths, width)
    (shown, *rows), left_out = lines(library, replace(LOOK, width=width))
    assert shown == heading(kept, widths)
    assert left_out == [one.heading for one in COLUMNS if one.key in ORDER and one.key not in kept]
    assert all(len(row) <= max(width, ID_END) for row in rows)
    ids = [f"a1b2c3d4e5f6-0003-{no:05d}"[-widths["set_id"] :] for no in (7, 8)]
    assert [row.split()[0] for row in rows] == ids
