"""A report as files: the page, and the same on paper."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from retrorig.errors import InputError
from retrorig.library import Choice, Library
from retrorig.report.html import write_html
from retrorig.report.pdf import find_browser, write_pdf
from retrorig.report.session import choose
from retrorig.report.units import SI, Units


def write_report(
    library: Library,
    output: str | Path,
    words: Sequence[str] = (),
    choice: Choice | None = None,
    *,
    title: str | None = None,
    has_names: bool = True,
    pdf: str | Path | None = None,
    units: Units = SI,
) -> list[Path]:
    """Write a page about the sets that words or a choice mean, else about the last session; returns the files.

    `pdf`: where the page is printed to, too. `units`: what tables and plots show. InputError when there is no set, a
    file can't be written, or there is no browser to print with; then nothing is written.
    """
    page, paper = Path(output), Path(pdf) if pdf is not None else None
    if paper is not None:
        if paper.absolute() == page.absolute():
            raise InputError("The page and its PDF are two files: give --pdf a name of its own.")
        find_browser()
    write_html(library, choose(library, words, choice), page, title, names=has_names, units=units)
    if paper is None:
        return [page]
    write_pdf(page, paper)
    return [page, paper]
