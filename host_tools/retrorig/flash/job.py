"""The task of flashing one board: what is wished, and what was found out about the board so far."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from retrorig.flash import file_backup, images, rom
from retrorig.flash.chips import Chip
from retrorig.flash.file_backup import Keeper
from retrorig.flash.repl import Repl
from retrorig.flash.sums import Sums
from retrorig.link.ports import Port, open_port
from retrorig.partitions import PartitionEntry


@dataclass
class Job:
    """One board to flash: first the wishes, below them what the steps have found out.

    Args:
        port: of the board.
        wanted: the firmware's files.
        image: MicroPython's image as a file; None keeps what is on the board, unless `download`.
        version: which release to download; None: the newest known.
        sha256: sum that the image must have.
        chip: esptool's name of the chip; None: whichever is found.
        firmware_only: leave chip, MicroPython and partitions alone.
        sets_pulled: sets kept in files may be given up.
        pins: what `--pins` sets in board.py.
        is_bare: files on a board whose MicroPython doesn't answer may be given up.
        open_port, keep_in: where the prompt and the kept files are; for tests.
    """

    port: str
    wanted: dict[str, bytes]
    image: Path | None = None
    download: bool = False
    version: str | None = None
    sha256: str | None = None
    chip: str | None = None
    baud: int | None = None
    firmware_only: bool = False
    sets_pulled: bool = False
    pins: dict[str, int] = field(default_factory=dict)
    is_bare: bool = False
    open_port: Callable[[str], Port] = open_port
    keep_in: Path = field(default_factory=file_backup.backup_folder)

    found: rom.FoundChip | None = None
    fitting: Chip | None = None
    loader: bytes = b""  # the boot loader's first bytes on the board
    table: list[PartitionEntry] | None = None  # on the board
    checked: images.Image | None = None
    is_untouched: bool = False  # the chip waits in its boot loader, and nothing was written yet
    repl: Repl | None = None

    def boot_loader(self) -> rom.Rom:
        """The chip's boot loader."""
        return rom.Rom(
            self.port, self.fitting.option if self.fitting else self.chip or "auto", self.baud or rom.BAUD
        )

    def keeper(self) -> Keeper:
        """The files kept for this board."""
        assert self.found
        return Keeper(self.found.mac, self.keep_in)

    def sums(self) -> Sums:
        """The sums of images that the user has vouched for."""
        return Sums(self.keep_in)

    @property
    def has_setlog(self) -> bool:
        """Whether the board's table has the partition for sets already; then nothing of it is touched."""
        return any(entry.label == "setlog" for entry in self.table or ())

    def prompt(self) -> Repl:
        """The board's prompt, opened when first needed."""
        if self.repl is None:
            self.repl = Repl(self.open_port(self.port))
        return self.repl

    def hang_up(self) -> None:
        """Close the port, for others to use."""
        if self.repl:
            self.repl.close()
        self.repl = None
