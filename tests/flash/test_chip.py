"""From a bare chip on, against the mock of its ROM; behind the prompt is the virtual rig."""

from __future__ import annotations

import hashlib
import itertools
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from tests.flash.doubles import Cable, MockChip, firmware, image, no_bar

from retrorig.errors import InputError, LinkLostError, NoRigError, RigRefusedError
from retrorig.flash import Job, flash
from retrorig.flash.chips import CHIPS
from retrorig.flash.repl import Repl, Report
from retrorig.flash.rom import Rom
from retrorig.flash.table import TABLE_AT, TABLE_SIZE, decoded, encoded
from retrorig.link.client import RigClient
from retrorig.partitions import SECTOR, STOCK, with_setlog
from retrorig.virtual.belts import StillBelt
from retrorig.virtual.rig import VirtualRig

ESP32, S3 = CHIPS
NVS_AT = 0x9000
NEW = firmware(2)


@pytest.fixture(scope="module")
def chip(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MockChip]:
    """An ESP32 that the tests of this file share; each begins by putting its flash into the state it needs."""
    mock = MockChip(tmp_path_factory.mktemp("mock"))
    yield mock
    mock.stop()


@contextmanager
def bare_rig(chip: MockChip, files: dict[str, bytes] | None = None) -> Iterator[VirtualRig]:
    """MicroPython on the same chip as the mock's, as its unique number tells."""
    with VirtualRig(StillBelt(), files=files or {}) as rig:
        rig.board.unique_id = chip.number
        rig.power_on()
        rig.run_for(3_500_000)
        yield rig


def job(mock: MockChip, folder: Path, rig: VirtualRig, content: bytes | None = None, **kinds: object) -> Job:
    path = folder / "micropython.bin"
    if content is not None:
        path.write_bytes(content)
        kinds = {"image": path, "sha256": hashlib.sha256(content).hexdigest(), **kinds}

    def opened(url: str) -> Cable:
        return Cable(rig)

    return Job(mock.port, open_port=opened, keep_in=folder / "kept", wanted=NEW, **kinds)  # type: ignore[arg-type]


def run(wanted: Job) -> dict[str, str]:
    return {step.name: step.evidence for step in flash(wanted, no_bar)}


def without_power() -> VirtualRig:
    """A board whose prompt never answers."""
    return VirtualRig(StillBelt(), files={})


def only_to_be_read(monkeypatch: pytest.MonkeyPatch, table: bytes) -> None:
    """The chip's flash begins with this table, and must not be touched."""

    def touched(*_: object) -> None:
        raise AssertionError("the flash was changed")

    monkeypatch.setattr(Rom, "read", lambda self, address, size: b"\xff" * (size - len(table)) + table)
    monkeypatch.setattr(Rom, "write", touched)
    monkeypatch.setattr(Rom, "erase", touched)


def put(chip: MockChip, *parts: tuple[int, bytes]) -> None:
    Rom(chip.port).write(parts, lambda done, of: None)


def test_a_bare_chip_becomes_a_greeting_rig_and_a_second_time_changes_nothing(
    chip: MockChip, tmp_path: Path
) -> None:
    settings = os.urandom(4096)
    put(chip, (TABLE_AT, b"\xff" * TABLE_SIZE), (NVS_AT, settings))
    content = image(ESP32)
    with bare_rig(chip) as rig:
        done = run(job(chip, tmp_path, rig, content))
        assert "firmware 2" in done["greeting"]
        flashed = bytes(0x1000) + Rom(chip.port).read(0x1000, 0x14000)
        assert decoded(flashed[TABLE_AT:][:TABLE_SIZE]) == with_setlog(STOCK, 4 << 20)
        assert flashed[0x1000:][:5000] == content[:5000]
        assert flashed[0x10000:][:20_000] == content[0xF000:][:20_000]
        assert flashed[NVS_AT:][:4096] == settings, "an image's filling between its parts is not written"
        again = run(job(chip, tmp_path, rig, content))
    assert "already" in again["micropython"] and "its sets stay" in again["partitions"]
    assert again["firmware"].startswith("0 files new")


def test_an_update_of_micropython_never_touches_the_sets(chip: MockChip, tmp_path: Path) -> None:
    table = with_setlog(STOCK, 4 << 20)
    older = [*table[:3], table[3]._replace(size=0x40000), table[4]._replace(address=0x240000, size=0x1C0000)]
    sets = os.urandom(4096)
    put(chip, (TABLE_AT, encoded(older)), (0x240000, sets))
    done = dict(itertools.islice(flash(job(chip, tmp_path, without_power(), image(ESP32)), no_bar), 4))
    assert "written and verified" in done["micropython"] and "its sets stay" in done["partitions"]
    assert Rom(chip.port).read(0x240000, len(sets)) == sets
    assert decoded(Rom(chip.port).read(TABLE_AT, TABLE_SIZE)) == older


def test_files_of_a_stock_board_survive_the_new_division_even_if_interrupted(
    chip: MockChip, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = {
        "coach.json": b"{}",
        "plans/mine.json": b"[1]",
    }
    put(chip, (TABLE_AT, encoded(STOCK)))

    def pulled(self: Rom, parts: object, report: Report) -> None:
        raise LinkLostError("pulled")

    with bare_rig(chip, mine) as before, monkeypatch.context() as patch:
        patch.setattr(Rom, "write", pulled)
        with pytest.raises(LinkLostError, match="pulled"):
            run(job(chip, tmp_path, before))
    with bare_rig(chip) as after:  # the file system was erased and made anew
        done = run(job(chip, tmp_path, after))
        found = Repl(Cable(after))
        assert found.read("coach.json") == b"{}" and found.read("plans/mine.json") == b"[1]"
        assert "KB for sets" in done["partitions"]
    assert not any((tmp_path / "kept").rglob("*.json")), "what was put back is no longer kept"


@pytest.mark.parametrize("call", ["erase", "write"])
@pytest.mark.parametrize("is_done", [False, True])
def test_a_division_that_breaks_off_anywhere_goes_on_and_hands_over_a_blank_partition(
    chip: MockChip, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str, is_done: bool
) -> None:
    """A table that names the sets' partition before that is erased would have the next try leave it as it is."""
    *_, sets = table = with_setlog(STOCK, 4 << 20)
    put(chip, (TABLE_AT, encoded(STOCK)), (sets.address, os.urandom(4096)))
    working = getattr(Rom, call)

    def broken(*arguments: object) -> None:
        if is_done:
            working(*arguments)
        raise LinkLostError("pulled")

    def once() -> dict[str, str]:
        """Chip and partitions; behind them nothing answers."""
        steps = flash(job(chip, tmp_path, without_power(), is_bare=True), no_bar)
        return {step.name: step.evidence for step in itertools.islice(steps, 2)}

    with monkeypatch.context() as patch, pytest.raises(LinkLostError, match="pulled"):
        patch.setattr(Rom, call, broken)
        once()
    assert "partitions" in once()
    flashed = Rom(chip.port).read(TABLE_AT, TABLE_SIZE)
    assert decoded(flashed) == table
    assert Rom(chip.port).read(sets.address, 4096) == b"\xff" * 4096


def test_the_room_for_sets_is_said_as_the_rig_has_it(chip: MockChip, tmp_path: Path) -> None:
    """The last sectors of their partition keep plans, settings and calibrations, and hold no set."""
    put(chip, (TABLE_AT, encoded(STOCK)))
    steps = flash(job(chip, tmp_path, without_power(), is_bare=True), no_bar)
    said = {step.name: step.evidence for step in itertools.islice(steps, 2)}["partitions"]
    with VirtualRig(StillBelt()) as rig:
        rig.power_on()
        sectors = RigClient(Cable(rig)).request("evidence")["sectors"]
    whole_kb = sum(entry.size for entry in with_setlog(STOCK, 4 << 20)[-2:]) >> 10
    sets_kb = sectors * SECTOR >> 10
    assert said == f"{sets_kb} KB for sets, {whole_kb - sets_kb} KB for all else"


def test_one_hiccup_of_each_command_does_not_end_a_flashing(
    chip: MockChip, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(chip, (TABLE_AT, b"\xff" * TABLE_SIZE))
    working, hiccups = Rom._once, set[str]()

    def hiccuping(self: Rom, command: str, *arguments: str, **how: Any) -> str:
        if command not in hiccups:
            hiccups.add(command)
            raise LinkLostError("noise on the line")
        return working(self, command, *arguments, **how)

    monkeypatch.setattr(Rom, "_once", hiccuping)
    steps = flash(job(chip, tmp_path, without_power(), image(ESP32)), no_bar)
    done = dict(itertools.islice(steps, 4))
    assert "KB for sets" in done["partitions"]
    assert hiccups >= {"flash-id", "read-flash", "write-flash", "erase-region"}


def test_sets_in_files_are_pulled_before_they_may_go(
    chip: MockChip, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    only_to_be_read(monkeypatch, encoded(STOCK))
    told = pytest.raises(InputError, match="run `retrorig pull`, then repeat this with --sets-pulled")
    with bare_rig(chip, {"setlog/00.bin": bytes(3000)}) as rig, told:
        run(job(chip, tmp_path, rig))


def test_a_silent_board_that_may_hold_files_is_not_erased_unasked(
    chip: MockChip, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("retrorig.flash.steps.STARTING_S", 0)
    only_to_be_read(monkeypatch, encoded(STOCK))
    with pytest.raises(RigRefusedError, match="--bare"):
        run(job(chip, tmp_path, without_power()))


def test_a_bare_chip_without_an_image_says_what_is_missing(
    chip: MockChip, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    only_to_be_read(monkeypatch, b"\xff" * TABLE_SIZE)
    left: list[Rom] = []
    monkeypatch.setattr(Rom, "leave", lambda self: left.append(self))
    with pytest.raises(InputError, match="--image FILE, or fetch it with --download"):
        run(job(chip, tmp_path, without_power()))
    assert left, "the chip does not stay in its boot loader"


def test_an_image_for_another_chip_is_refused_before_anything_is_written(
    chip: MockChip, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    only_to_be_read(monkeypatch, encoded(STOCK))
    with pytest.raises(InputError, match="is for an ESP32-S3 and this is an ESP32"):
        run(job(chip, tmp_path, without_power(), image(S3)))
    with pytest.raises(InputError, match="damaged"):
        run(job(chip, tmp_path, without_power(), image(ESP32), sha256="0" * 64))


def test_insisting_on_the_wrong_chip_is_an_error_of_the_user(chip: MockChip, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="leave --chip out"):
        run(job(chip, tmp_path, without_power(), chip="esp32s3"))


def test_a_c3_is_refused_with_the_reason(tmp_path: Path) -> None:
    mock = MockChip(tmp_path, "esp32c3")
    try:
        with pytest.raises(RigRefusedError, match="ESP32-C3 has no pulse counter"):
            run(job(mock, tmp_path, without_power()))
    finally:
        mock.stop()


def test_an_s3_is_flashed_where_its_images_begin(tmp_path: Path) -> None:
    mock = MockChip(tmp_path, "esp32s3")
    content = image(S3)
    try:
        steps = flash(job(mock, tmp_path, without_power(), content), no_bar)
        done = dict(itertools.islice(steps, 4))
        assert "ESP32-S3" in done["chip"] and "KB for sets" in done["partitions"]
        assert Rom(mock.port).read(0, 5000) == content[:5000]
    finally:
        mock.stop()


def test_a_chip_that_falls_silent_while_it_is_written_can_be_written_again(tmp_path: Path) -> None:
    mock = MockChip(tmp_path)
    held = os.open(mock.port, os.O_RDWR | os.O_NOCTTY)  # else another test's chip may get its name meanwhile
    try:
        with pytest.raises((LinkLostError, NoRigError)) as caught:
            Rom(mock.port).write([(0x10000, os.urandom(1 << 18))], lambda done, of: mock.stop())
    finally:
        os.close(held)
    assert "the same command again" in str(caught.value) or "check the name" in str(caught.value)


def test_a_port_that_is_not_there_is_explained(tmp_path: Path) -> None:
    with pytest.raises(NoRigError, match="can't be opened"):
        Rom(str(tmp_path / "none")).identify()
