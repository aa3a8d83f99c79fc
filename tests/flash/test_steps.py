"""What each step looks at before it writes, on a flash of a few lines: nothing is written that could not be used."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.flash.doubles import image, no_bar

from retrorig.errors import InputError, NoRigError, RigRefusedError
from retrorig.flash import Job, flash, flashing, steps
from retrorig.flash.chips import CHIPS
from retrorig.flash.images import take_apart
from retrorig.flash.rom import FoundChip
from retrorig.flash.table import TABLE_AT, TABLE_SIZE, decoded, encoded
from retrorig.partitions import SECTOR, STOCK, PartitionEntry, with_setlog, without_setlog
from rigcore.kept import SECTORS_N

ESP32 = CHIPS[0]
WHOLE = image(ESP32)
MB = 1 << 20


class Chip:
    """The boot loader of a chip whose flash is this long; `done` is what was asked of it."""

    def __init__(self, flash_mb: int = 4, table: bytes = b"", loader: bytes = b"") -> None:
        self.memory = bytearray(b"\xff" * (flash_mb * MB))
        self.memory[ESP32.image_at : ESP32.image_at + len(loader)] = loader
        self.memory[TABLE_AT : TABLE_AT + len(table)] = table
        self.flash_mb, self.done = flash_mb, list[str]()

    def identify(self) -> FoundChip:
        return FoundChip("ESP32", "ESP32-D0WD", "24:6f:28:aa:bb:cc", self.flash_mb)

    def read(self, address: int, size: int) -> bytes:
        return bytes(self.memory[address : address + size])

    def holds(self, parts: list[tuple[int, bytes]]) -> bool:
        return all(self.read(address, len(content)) == content for address, content in parts)

    def write(self, parts: list[tuple[int, bytes]], report: Any) -> None:
        self.done.append("write")
        for address, content in parts:
            self.memory[address : address + len(content)] = content

    def erase(self, address: int, size: int) -> None:
        self.done.append("erase")
        self.memory[address : address + size] = b"\xff" * size

    def leave(self) -> None:
        self.done.append("leave")

    @property
    def table(self) -> list[PartitionEntry] | None:
        return decoded(self.read(TABLE_AT, TABLE_SIZE))


def job(
    monkeypatch: pytest.MonkeyPatch, chip: Chip, folder: Path, with_image: bool = True, **how: Any
) -> Job:
    """A job on this chip; no prompt answers."""

    def silent(self: Job) -> None:
        raise NoRigError("Nothing answers.")

    monkeypatch.setattr(Job, "boot_loader", lambda self: chip)
    monkeypatch.setattr(Job, "prompt", silent)
    monkeypatch.setattr(steps, "STARTING_S", -1)
    path = folder / "micropython.bin"
    if with_image:
        path.write_bytes(WHOLE)
        how |= {"image": path, "sha256": take_apart(WHOLE, ESP32, "x").sha256}
    return Job("double", {}, keep_in=folder / "kept", **how)


ON_THE_CHIP = steps.STEPS[1:]


def looked(wanted: Job) -> dict[str, str]:
    """What the steps on the chip itself did."""
    done = {}
    for step in ON_THE_CHIP[:5]:
        with no_bar("") as report:
            if evidence := step.do(wanted, report):
                done[step.name] = evidence
    return done


def test_a_flash_without_room_for_sets_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    small = Chip(2)
    with pytest.raises(RigRefusedError, match="2 MB of flash: 4 MB or more are needed"):
        looked(job(monkeypatch, small, tmp_path))
    assert small.done == []


@pytest.mark.parametrize(
    ("flash_mb", "code", "sets_to_mb"),
    [(4, 2, 4), (16, 2, 4), (16, 4, 16), (8, 4, 8), (16, 8, 4), (16, 15, 4), (16, None, 4)],
)
def test_sets_have_all_of_the_flash_that_chip_and_boot_loader_know_of(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, flash_mb: int, code: int | None, sets_to_mb: int
) -> None:
    """`code`: the size in the boot loader's header, 2 for 4 MB and 4 for 16 MB; None: there is no boot loader."""
    loader = b"" if code is None else bytes((0xE9, 3, 2, code << 4))
    chip = Chip(flash_mb, encoded(STOCK), loader)
    done = looked(job(monkeypatch, chip, tmp_path, with_image=False, is_bare=True))
    assert chip.table == with_setlog(STOCK, sets_to_mb * MB)
    vfs, sets = chip.table[-2:]
    assert sets.address + sets.size == sets_to_mb * MB
    kept_kb = SECTORS_N * SECTOR >> 10
    assert (
        done["partitions"]
        == f"{(sets.size >> 10) - kept_kb} KB for sets, {(vfs.size >> 10) + kept_kb} KB for all else"
    )
    assert chip.done == ["erase", "write"], "the table comes last"


def test_an_image_is_written_around_the_settings_once(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    chip, parts = Chip(), take_apart(WHOLE, ESP32, "x")
    chip.memory[0x9000:0x9004] = b"mine"
    done = looked(job(monkeypatch, chip, tmp_path))
    assert done["micropython"] == f"{len(parts.loader) + len(parts.app)} bytes written and verified"
    assert chip.read(0x9000, 4) == b"mine" and chip.read(0x10000, len(parts.app)) == parts.app
    assert chip.done == ["write", "erase", "write"]
    again = looked(job(monkeypatch, chip, tmp_path))
    assert "already" in again["micropython"] and "stay" in again["partitions"] and len(chip.done) == 3


@pytest.mark.parametrize(("change", "is_refused"), [(0, False), (-1, True), (SECTOR, False)])
def test_an_image_that_does_not_fit_beside_the_sets_is_refused_before_it_is_written(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, change: int, is_refused: bool
) -> None:
    app_n = len(take_apart(WHOLE, ESP32, "x").app)
    table = with_setlog(STOCK, 4 * MB)
    table[2] = table[2]._replace(size=app_n + change)
    chip = Chip(4, encoded(table))
    wanted = job(monkeypatch, chip, tmp_path)
    if is_refused:
        with pytest.raises(InputError, match="does not fit the board's partitions"):
            looked(wanted)
        assert chip.done == []
    else:
        assert "written" in looked(wanted)["micropython"] and chip.table == table


@pytest.mark.parametrize("label", ["elsewhere", "application"])
def test_an_image_with_its_application_elsewhere_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, label: str
) -> None:
    table = with_setlog(STOCK, 4 * MB)
    where = {"elsewhere": {"address": 0x20000, "size": 0x1E0000}, "application": {"kind": 1}}[label]
    table[2] = table[2]._replace(**where)
    chip = Chip(4, encoded(table))
    with pytest.raises(InputError, match="does not fit the board's partitions"):
        looked(job(monkeypatch, chip, tmp_path))
    assert chip.done == []


FOREIGN = [*STOCK[:2], STOCK[2]._replace(label="somebody's")]


@pytest.mark.parametrize(
    ("table", "is_bare", "asks"),
    [
        (encoded(STOCK), False, True),
        (encoded(without_setlog(STOCK, 4 * MB)), False, True),
        (encoded(STOCK), True, False),
        (encoded(with_setlog(STOCK, 4 * MB)), False, False),
        (encoded(FOREIGN), False, False),
        (b"", False, False),
    ],
)
def test_files_are_looked_for_where_micropython_may_have_some_that_would_go(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, table: bytes, is_bare: bool, asks: bool
) -> None:
    """Its prompt is silent here, so what is on the board can't be known."""
    chip = Chip(4, table)
    wanted = job(monkeypatch, chip, tmp_path, is_bare=is_bare)
    if not asks:
        assert "files" not in looked(wanted)
        return
    with pytest.raises(RigRefusedError, match="does not answer: press EN"):
        looked(wanted)
    assert chip.done == ["leave"]
    keeper = wanted.keeper()
    keeper.folder.mkdir(parents=True)
    (keeper.folder / "files.json").write_text("[]")
    assert looked(wanted)["files"] == "files from an earlier try are safe on this computer"


def test_a_refused_board_goes_on_with_what_it_had(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(steps, "STEPS", ON_THE_CHIP)
    refused = Chip(4)
    with pytest.raises(InputError, match="name MicroPython's image with --image"):
        list(flash(job(monkeypatch, refused, tmp_path, with_image=False), no_bar))
    assert refused.done == ["leave"]
    written = Chip(4)
    with pytest.raises(NoRigError):
        list(flash(job(monkeypatch, written, tmp_path), no_bar))
    assert written.done == ["write", "erase", "write", "leave"], "left to start what was written"


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ({"image": Path("x.bin"), "download": True}, "--image and --download exclude each other"),
        ({"image": Path("x.bin"), "firmware_only": True}, "give no image with it"),
        ({"download": True, "firmware_only": True}, "give no image with it"),
    ],
)
def test_wishes_that_exclude_each_other_are_told_before_a_port_is_looked_for(
    monkeypatch: pytest.MonkeyPatch, how: dict[str, Any], said: str
) -> None:
    monkeypatch.setattr(flashing, "find_port", lambda: pytest.fail("a port was looked for"))
    with pytest.raises(InputError, match=said):
        flashing.flash_board(None, no_bar, **how)
