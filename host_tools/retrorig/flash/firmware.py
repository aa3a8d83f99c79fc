"""Puts the firmware on a board whose MicroPython answers, and waits for its greeting."""

from __future__ import annotations

import re
from collections.abc import Iterable

from retrorig import firmware_build
from retrorig.errors import LinkLostError, RigRefusedError
from retrorig.flash import pins_file
from retrorig.flash.bundle import BLOCK, DOOR, DRAFT, NEXT, blocks_needed, bundle, changes, leftovers, sha256
from retrorig.flash.file_backup import Keeper
from retrorig.flash.job import Job
from retrorig.flash.repl import Repl, Report
from retrorig.link.client import RigClient

_VERSION = re.compile(rb'^FIRMWARE = "(.+)"', re.MULTILINE)
_SPARE_BLOCKS = 4
_COPY_SHARE, _CHECK_SHARE = 0.8, 0.2  # of the bar


def version() -> str:
    """Of the firmware in this installation."""
    match = _VERSION.search(firmware_build.sources()["app/wiring.py"])
    return match.group(1).decode() if match else "?"


def installed(job: Job, report: Report) -> str:
    """Every file of the firmware is on the board, proved by its hash; the user's files are as they were."""
    repl = job.prompt()
    repl.remove(DRAFT)
    if NEXT.strip("/") in repl.files():
        repl.restart()  # an earlier update was complete, but not yet in place
    there = repl.files()
    keeper = Keeper(repl.value("__import__('machine').unique_id().hex()"), job.keep_in)
    wanted = _with_users_files(job, repl, there, keeper)
    mine = [path for path in wanted if path in there]
    found = repl.hashes(mine, lambda done, of: report(0.05 * done, of))
    put, remove = changes(wanted, found), leftovers(wanted, there)
    if put or remove:
        _update(repl, put, remove, there, report)
    _verify(repl, wanted, report)
    if keeper.is_owed:
        keeper.settle()
    told = _pins_told(job, repl)
    kept_n = len([path for path in repl.files() if path not in wanted])
    counted = f"{len(put)} files new, {len(wanted) - len(put)} as they were, {kept_n} of yours untouched"
    return f"{counted}; all hashes agree{told}"


def _with_users_files(job: Job, repl: Repl, there: dict[str, int], keeper: Keeper) -> dict[str, bytes]:
    """The firmware, the builder's pins, and files that are owed to a board whose file system was made anew."""
    owed = {path: content for path, content in keeper.owed().items() if path not in there}
    wanted = {**job.wanted, **owed}
    pins = repl.read(pins_file.NAME) if pins_file.NAME in there else owed.get(pins_file.NAME)
    if pins and pins_file.NAME in job.wanted:
        wanted[pins_file.NAME] = pins_file.kept(pins, job.wanted[pins_file.NAME], version())
    if job.pins:
        pins_file.check_pins(job.pins, wanted[pins_file.NAME], _chip(repl))
        wanted[pins_file.NAME] = pins_file.changed(wanted[pins_file.NAME], job.pins)
    return wanted


def _chip(repl: Repl) -> str:
    """esp32 or esp32s3, by the same test as board.py."""
    machine = str(repl.value("__import__('sys').implementation._machine"))
    return "esp32s3" if "ESP32S3" in machine.replace("-", "") else "esp32"


def _pins_told(job: Job, repl: Repl) -> str:
    """The sentence about pins that `--pins` set, with doubts."""
    if not job.pins:
        return ""
    told = ", ".join(f"{name} = {value}" for name, value in job.pins.items())
    doubts = pins_file.check_pins(job.pins, job.wanted[pins_file.NAME], _chip(repl))
    return "; ".join([f"; set: {told}", *doubts])


def _update(
    repl: Repl, put: dict[str, bytes], remove: list[str], there: dict[str, int], report: Report
) -> None:
    """Copy the update, check it, name it: from then on the board itself sees to it."""
    update = bundle(put, remove)
    _check_room(repl, blocks_needed(update, put, there), there, put)
    if DOOR not in there or NEXT.encode() not in repl.read(DOOR):
        _place(repl, DOOR, put[DOOR], report)  # on a board that does not know how to finish an update
    try:
        _place(repl, NEXT, update, lambda done, of: report(_COPY_SHARE * done, of))
    except RigRefusedError:
        repl.remove(DRAFT)
        raise
    repl.restart()


def _place(repl: Repl, path: str, content: bytes, report: Report) -> None:
    """Write a file beside its place, check it, and let it take its place in one operation."""
    repl.write(DRAFT, content, report)
    if repl.hashes([DRAFT], lambda done, of: None)[DRAFT] != sha256(content):
        raise LinkLostError("The update arrived damaged and was not used: give the same command again.")
    repl.rename(DRAFT, "/" + path.strip("/"))


def _check_room(repl: Repl, needed: int, there: dict[str, int], put: Iterable[str]) -> None:
    free = repl.free_blocks()
    if free >= needed + _SPARE_BLOCKS:
        return
    big = sorted((path for path in there if path not in put), key=lambda path: -there[path])[:3]
    raise RigRefusedError(
        f"The board has {free * BLOCK // 1024} KB free and the update needs "
        f"{(needed + _SPARE_BLOCKS) * BLOCK // 1024} KB: delete files of yours there (the biggest: {', '.join(big)}). "
        "The old firmware is untouched.",
        "room",
    )


def _verify(repl: Repl, wanted: dict[str, bytes], report: Report) -> None:
    there = repl.files()
    paths = [path for path in wanted if path in there]
    found = repl.hashes(paths, lambda done, of: report(_COPY_SHARE * of + _CHECK_SHARE * done, of))
    wrong = sorted(changes(wanted, found))
    if wrong:
        raise RigRefusedError(
            f"{len(wrong)} files on the board are not what was sent (the first: {wrong[0]}): "
            "give the same command again; if that repeats, the flash is worn out.",
            "flash",
        )


def greeted(job: Job, _: Report) -> str:
    """Wait until the firmware answers, and return its identity as a sentence."""
    job.prompt().start()
    job.hang_up()
    port = job.open_port(job.port)
    try:
        answer = RigClient(port).hello()
    except LinkLostError as error:
        raise RigRefusedError(f"The firmware is in place but does not start. {error}", "start") from None
    finally:
        port.close()
    return f"rig {answer.get('rig')} runs firmware {answer.get('firmware')}"
