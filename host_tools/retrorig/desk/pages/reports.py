"""Reports and files of any days and people: a page, a PDF, tables and samples for other programs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from retrorig import Choice, Library, SetRow
from retrorig.desk.context import Desk
from retrorig.desk.pages.cells import shown as cell_text
from retrorig.desk.pages.forms import Form
from retrorig.desk.pages.task_parts import shown
from retrorig.desk.tasks import Task
from retrorig.desk.wording import Said, SaidError
from retrorig.export import DIALECTS, FORMATS
from retrorig.library import KINDS, QUALITIES
from retrorig.report import when, write_report
from rigcore.vocabulary import MACHINES

FILTERS = ("athlete", "on", "since", "until", "machine", "kind", "quality", "tag")
SHOWN_N = 100
"""Rows that are listed; more than these are only counted."""

SUMMARY = "summary"
_SUMMARY_FORMATS = ("csv", "xlsx")


def page(desk: Desk, request: Request) -> Response:
    """The form, with the sets of the last day."""
    with desk.library() as library:
        day = library.last_day()
        people = sorted(library.people.names().values())
        rows = library.sets(on=day) if day else []
    return desk.show(
        request, "reports.html", day=day, people=people, rows=rows[:SHOWN_N], rows_n=len(rows), formats=list(FORMATS),
        dialects=list(DIALECTS), kinds=KINDS, qualities=QUALITIES, machines=MACHINES, summary=SUMMARY, shown=cell_text,
    )  # fmt: skip


def sets(desk: Desk, request: Request) -> Response:
    """Which sets the form means."""
    asked = {key: request.query_params.get(key, "").strip() for key in (*FILTERS, "words")}
    with desk.library() as library:
        ids = _ids(library, asked)
        rows = [library.set(set_id) for set_id in ids[:SHOWN_N]]
    return desk.show(request, "report_sets.html", rows=rows, rows_n=len(ids), shown=cell_text)


def report(desk: Desk, request: Request, form: Form) -> Response:
    """A page about the sets, and its PDF if that is wished."""
    asked, title = _asked(form), form.text("title") or None
    names, pdf = bool(form.text("names")), bool(form.text("pdf"))

    def do(task: Task) -> Sequence[Said]:
        folder = desk.new_folder()
        with desk.library() as library:
            ids = _ids(library, asked)
            rows = [library.set(set_id) for set_id in ids]
            path = folder / f"{_name(rows)}.html"
            paper = path.with_suffix(".pdf") if pdf else None
            task.files += write_report(
                library, path, ids, title=title, has_names=names, pdf=paper, units=desk.units
            )
        return [Said("reported", len(rows), when(rows))]

    return shown(desk, request, desk.tasks.start("report", do))


def export(desk: Desk, request: Request, form: Form) -> Response:
    """Files for other programs: all sets with their samples, or a table with a row a set."""
    asked, file_format = _asked(form), form.text("format")
    dialect = form.text("dialect") or "standard"
    is_summary = form.text("what") == SUMMARY
    if is_summary and file_format not in _SUMMARY_FORMATS:
        raise SaidError("summary_format", ", ".join(_SUMMARY_FORMATS))

    def do(task: Task) -> Sequence[Said]:
        folder = desk.new_folder()
        with desk.library() as library:
            ids = _ids(library, asked)
            path = folder / f"{_name([library.set(set_id) for set_id in ids[:1]])}.{file_format}"
            how = dialect if file_format == "csv" else "standard"
            if is_summary:
                task.files += library.export_summary(
                    Choice(ids=ids), path, file_format=file_format, dialect=how
                )
            else:
                task.files += library.export(ids, file_format, path, how)
        return [Said("exported", len(ids))]

    return shown(desk, request, desk.tasks.start("export", do))


def _asked(form: Form) -> dict[str, str]:
    return {key: form.text(key) for key in (*FILTERS, "words")}


def _ids(library: Library, asked: dict[str, str]) -> list[str]:
    """The sets that filters and words mean; InputError without any."""
    filters: dict[str, Any] = {key: asked[key] for key in FILTERS if asked[key]}
    found = library.choose(asked["words"].split(), Choice(**filters))
    if not found:
        raise SaidError("no_such_set")
    return found


def _name(rows: Sequence[SetRow]) -> str:
    """A file's name without a person's: files are sent around."""
    day = next((row.day for row in rows if row.day), None)
    return f"retrorig-{day.isoformat()}" if day else "retrorig"
