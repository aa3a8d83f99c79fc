"""Output of the commands: tables and JSON on stdout, notices and progress on stderr."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice
from typing import Any

from retrorig import local_minute
from retrorig.cli.terminal import commanding, write_json

NO_VALUE = "-"
AT_ONCE = 32
"""Lines to write together: a system call each would take long, and so would the memory for one long text."""


def print_json(value: Any) -> None:
    """JSON alone on stdout; a list has one line an entry."""
    if isinstance(value, list):
        lines = ",\n".join(map(_json, value))
        print(f"[\n{lines}\n]" if value else "[]")
    else:
        print(_json(value))


def print_line(value: Any) -> None:
    """One line of a stream of JSON, at once."""
    print(_json(value), flush=True)


def print_json_entries(entries: Iterator[str]) -> None:
    """A list whose entries are JSON already, as print_json would print it."""
    between = "[\n"
    while some := list(islice(entries, AT_ONCE)):
        write_json(between + ",\n".join(some))
        between = ",\n"
    print("[]" if between == "[\n" else "\n]")


def print_lines(lines: Iterator[str]) -> None:
    """Many lines."""
    while some := list(islice(lines, AT_ONCE)):
        sys.stdout.write("\n".join(some) + "\n")


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def notify(sentence: str) -> None:
    """A sentence for the person, out of the way of what programs read."""
    print(sentence, file=sys.stderr)


def print_facts(facts: dict[str, Any]) -> None:
    """A table of names and values."""
    values = [_cell(key, value, 3 if isinstance(value, float) else None) for key, value in facts.items()]
    print("\n".join(map("  ".join, zip(aligned(list(facts), to_right=False), values, strict=True))))


def aligned(cells: list[str], to_right: bool) -> list[str]:
    """The cells of a column, all of one width."""
    if not all(map(str.isascii, cells)):
        return _aligned_wide(cells, to_right)
    width = max(map(len, cells))
    return [cell.rjust(width) if to_right else cell.ljust(width) for cell in cells]


def cell_width(text: str) -> int:
    """Places that a text takes on a terminal: letters may be two places wide, or none."""
    if text.isascii():
        return len(text)
    from rich.cells import cell_len

    return cell_len(text)


def _aligned_wide(cells: list[str], to_right: bool) -> list[str]:
    """The same where letters may be two places wide, or none."""
    width = max(map(cell_width, cells))
    blanks = [" " * (width - cell_width(cell)) for cell in cells]
    return [f"{blank}{cell}" if to_right else f"{cell}{blank}" for cell, blank in zip(cells, blanks)]


@contextmanager
def progress(label: str) -> Iterator[Callable[[float, float], None]]:
    """A progress bar on stderr while the block runs; call what it gives with (done, total)."""
    if not sys.stderr.isatty():
        yield lambda done, total: None
        return
    from rich.console import Console  # takes longer to load than most commands run
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(file=commanding(sys.stderr))
    columns = (TextColumn(label), BarColumn(), TextColumn("{task.percentage:3.0f} %"), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(label, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def _cell(key: str, value: Any, digits: int | None) -> str:
    if value is None:
        return NO_VALUE
    if key == "started_utc":
        return local_minute(value)
    if digits is not None:
        return f"{value:.{digits}f}"
    if isinstance(value, list):
        return "; ".join(map(str, value)) or NO_VALUE
    if isinstance(value, dict):
        return "; ".join(f"{name}: {entry}" for name, entry in value.items()) or NO_VALUE
    return str(value)


def tell_wait() -> None:
    """Say that the command waits until the rig stands still."""
    notify(
        "The rig writes only while its belt stands: waiting for that. Ctrl-C gives up, and nothing is changed."
    )
