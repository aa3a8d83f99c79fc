"""From a bare board to a running rig: the table of steps.

Each step looks first whether its work is done already, returns its evidence as one sentence, and can be repeated after
an interruption at any point. What is dear to the user is on this computer before anything of it is erased on the
board, and the board's partition table is written last of what changes the layout.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, suppress
from typing import NamedTuple

from retrorig import firmware_build
from retrorig.errors import InputError, LinkLostError, NoRigError, RetrorigError, RigRefusedError
from retrorig.flash import images, pins_file, releases
from retrorig.flash.chips import chip_named, chip_optioned
from retrorig.flash.download import fetched
from retrorig.flash.firmware import greeted, installed
from retrorig.flash.job import Job
from retrorig.flash.repl import Report
from retrorig.flash.table import TABLE_AT, TABLE_SIZE, decoded, encoded
from retrorig.link.client import RigClient
from retrorig.partitions import SECTOR, STOCK, VFS, with_setlog
from rigcore.kept import SECTORS_N
from rigcore.vocabulary import RUNNING

STARTING_S = 15.0
"""A board that restarts takes its USB port away for seconds."""

RETRY_S = 0.5
_SMALLEST = 4 << 20


class Step(NamedTuple):
    """One row of the table; `do` returns the evidence, None when there was nothing to do."""

    name: str
    label: str
    do: Callable[[Job, Report], str | None]
    is_firmware: bool = False  # also part of --firmware-only


class Done(NamedTuple):
    """A finished step and its evidence."""

    name: str
    evidence: str


def flash(job: Job, bar: Callable[[str], AbstractContextManager[Report]]) -> Iterator[Done]:
    """Carry out the steps, yielding each that did something; `bar(label)` shows the progress of one.

    Raises what stopped it; the same call later goes on from there.
    """
    try:
        for step in STEPS:
            if step.is_firmware or not job.firmware_only:
                with bar(step.label) as report:
                    evidence = step.do(job, report)
                if evidence:
                    yield Done(step.name, evidence)
    finally:
        job.hang_up()
        if job.is_untouched:  # refused: the board goes on with what it had
            with suppress(RetrorigError):
                job.boot_loader().leave()


def ask(job: Job, _: Report) -> str | None:
    """A running set is never interrupted."""
    port = job.open_port(job.port)
    client = RigClient(port)
    try:
        state = client.request("info", tries=2).get("state")
    except (LinkLostError, RigRefusedError):
        return None
    finally:
        port.close()
    if state == RUNNING:
        raise RigRefusedError("A set is running: end it, then give the same command again.", "running")
    return "a rig answers and is idle"


def identify(job: Job, _: Report) -> str:
    """The chip, its flash, and how that is divided now."""
    if job.chip:
        chip_optioned(job.chip)
    job.found = job.boot_loader().identify()
    job.is_untouched = True
    job.fitting = chip_named(job.found.chip)
    pins_file.check_pins(job.pins, firmware_build.sources()[pins_file.NAME], job.fitting.option)
    if job.found.flash_mb << 20 < _SMALLEST:
        raise RigRefusedError(
            f"This board has {job.found.flash_mb} MB of flash: 4 MB or more are needed.", "chip"
        )
    start = job.boot_loader().read(job.fitting.image_at, TABLE_AT + TABLE_SIZE - job.fitting.image_at)
    job.loader, job.table = start[:16], decoded(start[-TABLE_SIZE:])
    return f"{job.found.kind}, {job.found.flash_mb} MB of flash, MAC {job.found.mac}"


def check_image(job: Job, report: Report) -> str | None:
    """The image is what it should be, before anything is written."""
    assert job.fitting
    if job.download:
        wanted = releases.release(job.fitting, job.version)
        content, name = (
            fetched(releases.url(job.fitting, wanted), report),
            releases.file_name(job.fitting, wanted),
        )
    elif job.image:
        content, name = images.read_image(job.image), job.image.name
    elif not job.has_setlog and not _is_micropythons(job):
        raise InputError(
            "This board has no MicroPython: name MicroPython's image with --image FILE, or fetch it with --download."
        )
    else:
        return None
    image = images.take_apart(content, job.fitting, name)
    total, who = releases.checked_sum(content, job.fitting, name, job.sha256, job.sums())
    if who == "given":
        job.sums().remember(name, total)
    job.checked = image
    version = ".".join(map(str, image.version))
    return f"MicroPython {version} for the {job.fitting.name}, SHA-256 {total} as {who}"


def keep_files(job: Job, report: Report) -> str | None:
    """Before the file system is made anew, the user's files are read out; also again, as they may have changed."""
    if job.has_setlog or job.is_bare or not _is_micropythons(job):
        return None
    job.boot_loader().leave()
    try:
        _await_prompt(job)
    except (LinkLostError, NoRigError):
        if job.keeper().is_owed:
            return "files from an earlier try are safe on this computer"
        raise RigRefusedError(
            "Files that may be on this board can't be saved first, because its MicroPython does not answer: press EN "
            "and repeat, or give them up with --bare.",
            "silent",
        ) from None
    files_n = job.keeper().save(job.prompt(), job.sets_pulled, report)
    job.hang_up()
    return f"{files_n} files are safe on this computer"


def write_micropython(job: Job, report: Report) -> str | None:
    """Boot loader and application; between them lie the settings in NVS, which stay."""
    if job.checked is None:
        return None
    assert job.fitting
    _check_app_fits(job)
    parts = [(job.fitting.image_at, job.checked.loader), (job.checked.app_at, job.checked.app)]
    if job.table is not None and job.boot_loader().holds(parts):
        return "the board has this MicroPython already"
    job.is_untouched = False
    job.boot_loader().write(parts, report)
    job.loader = job.checked.loader[:16]
    return f"{sum(len(part) for _, part in parts)} bytes written and verified"


def divide(job: Job, report: Report) -> str:
    """The table with the sets' own partition; one that is there is never touched."""
    assert job.found
    if job.has_setlog:
        return "the partition for sets is there; its sets stay"
    size = min(job.found.flash_mb << 20, images.flash_size(job.loader) or _SMALLEST)
    table = with_setlog(job.checked.table if job.checked else job.table or STOCK, size)
    vfs, setlog = table[-2:]
    job.is_untouched = False
    job.boot_loader().erase(vfs.address, vfs.size + setlog.size)
    job.boot_loader().write([(TABLE_AT, encoded(table))], report)
    job.table = table
    kept_bytes = SECTORS_N * SECTOR
    return f"{setlog.size - kept_bytes >> 10} KB for sets, {vfs.size + kept_bytes >> 10} KB for all else"


def start(job: Job, _: Report) -> str:
    """MicroPython answers and is one that can run the firmware."""
    if not job.firmware_only:
        job.boot_loader().leave()
        job.is_untouched = False
    _await_prompt(job)
    repl = job.prompt()
    if repl.value("__import__('sys').platform") != "esp32":
        raise RigRefusedError("What answers at this port is no ESP32: choose another port.", "chip")
    version = repl.value("tuple(__import__('sys').implementation[1][:3])")
    images.check_version(version)
    return f"MicroPython {'.'.join(map(str, version))} answers"


def _await_prompt(job: Job) -> None:
    """Try until the port is there and the prompt answers."""
    until_s = time.monotonic() + STARTING_S
    while True:
        try:
            job.prompt()
            return
        except (NoRigError, LinkLostError):
            if job.firmware_only or time.monotonic() > until_s:
                raise
            time.sleep(RETRY_S)


def _is_micropythons(job: Job) -> bool:
    """Whether the table is MicroPython's own, so that there may be a file system of somebody."""
    return job.table is not None and {entry.label for entry in job.table} <= {
        entry.label for entry in STOCK
    } | {VFS}


def _check_app_fits(job: Job) -> None:
    """A table that stays must have room for the application where the image has it."""
    assert job.checked
    if not job.has_setlog:
        return
    for entry in job.table or ():
        if entry.kind == 0 and entry.address == job.checked.app_at and len(job.checked.app) <= entry.size:
            return
    raise InputError(
        "This image does not fit the board's partitions: take an older one, or pull the sets and erase the chip."
    )


STEPS = (
    Step("rig", "asking", ask, is_firmware=True),
    Step("chip", "looking at the chip", identify),
    Step("image", "fetching MicroPython", check_image),
    Step("files", "saving files", keep_files),
    Step("micropython", "writing MicroPython", write_micropython),
    Step("partitions", "dividing the flash", divide),
    Step("start", "starting", start, is_firmware=True),
    Step("firmware", "copying the firmware", installed, is_firmware=True),
    Step("greeting", "greeting the rig", greeted, is_firmware=True),
)
