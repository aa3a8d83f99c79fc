"""People and the library: enter, rename and forget a person; back up, merge, check, erase for good; the desk itself."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from datetime import date
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from retrorig import copy_of
from retrorig.desk.context import Desk
from retrorig.desk.pages.forms import Form
from retrorig.desk.pages.task_parts import shown
from retrorig.desk.settings import DeskSettings, read_settings, write_settings
from retrorig.desk.tasks import Task
from retrorig.desk.wording import Said, SaidError
from retrorig.report import UNIT_CHOICES


def page(desk: Desk, request: Request) -> Response:
    """Everybody, and what can be done with the library."""
    with desk.library() as library:
        people = library.people.all()
        ends = library.first_day(), library.last_day()
        deleted_n = len(library.choose((), removed="deleted"))
        hidden = library.sets(removed="hidden")[-50:]
        calibrations = library.calibrations.all()
    return desk.show(
        request, "library.html", people=people, ends=ends, folder=desk.place, deleted_n=deleted_n,
        hidden=hidden, settings=read_settings(desk.folder), units=UNIT_CHOICES, calibrations=calibrations,
    )  # fmt: skip


def add(desk: Desk, request: Request, form: Form) -> Response:
    """Enter a person."""
    with desk.library() as library:
        label = library.people.add(form.text("name"), form.text("label") or None)
        name = library.people.names()[label]
    return _people(desk, request, [Said("known_as", name, label)])


def rename(desk: Desk, request: Request, form: Form) -> Response:
    """Correct a name."""
    with desk.library() as library:
        old, new = library.people.rename(form.text("label"), form.text("name"))
        naming = library.notes.naming(old)
    told = [Said("renamed", old, new)]
    if naming:
        told.append(Said("still_named", old, ", ".join(naming)))
    return _people(desk, request, told)


def forget(desk: Desk, request: Request, form: Form) -> Response:
    """Remove a person for good, once the name was typed again."""
    label = form.text("label")
    with desk.library() as library:
        name = library.people.names().get(label, label)
        if form.text("sure").casefold() != name.casefold():
            raise SaidError("no_way_back", name)
        forgotten = library.forget(label, form.text("sets") == "delete")
    desk.forget_kept()
    fate = "forgotten_deleted" if form.text("sets") == "delete" else "forgotten_kept"
    return _people(desk, request, [Said(fate, name, forgotten.sets_n), *forgotten.left])


def backup(desk: Desk, request: Request) -> Response:
    """The library as one file, to be saved where one likes."""

    def do(task: Task) -> Sequence[str | Said]:
        path = desk.new_folder() / f"retrorig-{date.today()}.sqlite3"
        with desk.library() as library:
            library.backup(path)
        task.files.append(path)
        return [Said("backed_up")]

    return shown(desk, request, desk.tasks.start("backup", do))


async def upload(desk: Desk, request: Request) -> Response:
    """A backup file of another laptop, taken over."""
    path = desk.new_folder() / "other.sqlite3"
    await run_in_threadpool(path.touch, 0o600)
    with path.open("wb") as file:
        async for piece in _pieces(request):
            await run_in_threadpool(file.write, piece)
    return await run_in_threadpool(_merge, desk, request, path, request.query_params.get("only", "").split())


def merge(desk: Desk, request: Request, form: Form) -> Response:
    """A library's folder, or a backup, of this computer, taken over."""
    if not form.text("path"):
        raise SaidError("no_source")
    return _merge(desk, request, Path(form.text("path")).expanduser(), form.text("only").split())


def check(desk: Desk, request: Request, form: Form) -> Response:
    """Look the library over."""
    thorough = bool(form.text("thorough"))

    def do(task: Task) -> Sequence[str | Said]:
        with desk.library() as library:
            found = library.check(task.report, thorough)
        damaged_n = sum(fault.is_damage for fault in found)
        verdict = Said("damaged", damaged_n) if damaged_n else Said("whole")
        return [verdict, *(f"{fault.where}: {fault.what}" for fault in found[:100])]

    return shown(desk, request, desk.tasks.start("check", do))


def samples(desk: Desk, request: Request) -> Response:
    """Write the sample files that other programs read."""

    def do(task: Task) -> Sequence[str | Said]:
        with desk.library() as library:
            removed_n = library.files.remove_leftovers()
            return [Said("samples_written", library.write_samples(progress=task.report), removed_n)]

    return shown(desk, request, desk.tasks.start("samples", do))


def compact(desk: Desk, request: Request) -> Response:
    """Erase deleted sets for good."""

    def do(_: Task) -> Sequence[str | Said]:
        with desk.library() as library:
            return [Said("erased", library.compact())]

    return shown(desk, request, desk.tasks.start("compact", do))


def restore(desk: Desk, _: Request, form: Form) -> Response:
    """Bring hidden or deleted sets back into the lists."""
    with desk.library() as library:
        chosen = form.texts("set") or library.choose((), removed="deleted")
        if not chosen:
            raise SaidError("none_chosen")
        library.restore(chosen)
    return Response(status_code=204, headers={"HX-Redirect": "/library"})


def settings(desk: Desk, request: Request, form: Form) -> Response:
    """Store the desk's own settings."""
    units = {key: form.text(key) for key in ("distance", "speed", "force") if form.text(key)}
    write_settings(
        desk.folder, DeskSettings(ends_with_last_tab=bool(form.text("ends_with_last_tab")), **units)
    )
    return desk.show(request, "message.html", sentence=Said("saved"), undo=None, kind="done")


def _merge(desk: Desk, request: Request, other: Path, only: Sequence[str] = ()) -> Response:
    """Take over all that another library has, or only some of its sets."""

    def do(task: Task) -> Sequence[str | Said]:
        with desk.library() as library, copy_of(other, task.say) as source:
            result = library.merge(source, only or None, task.report)
        return [*result.notices, Said("merged", len(result.new), result.known_n)]

    return shown(desk, request, desk.tasks.start("merge", do))


def _people(desk: Desk, request: Request, told: Sequence[str | Said]) -> Response:
    with desk.library() as library:
        found = library.people.all()
    return desk.show(request, "library_people.html", people=found, told=told)


async def _pieces(request: Request) -> AsyncIterator[bytes]:
    async for piece in request.stream():
        if piece:
            yield piece
