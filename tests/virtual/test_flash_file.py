"""The file that holds a virtual board's flash: what is no flash of this rig stays as it is."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from retrorig.errors import InputError
from retrorig.virtual.parts.flash import FlashImage

SIZE = 1 << 16


@pytest.mark.parametrize("length", [1, SIZE - 8, SIZE + 1, 2 * SIZE])
def test_a_file_of_another_size_is_refused_and_left_alone(tmp_path: Path, length: int) -> None:
    path = tmp_path / "flash"
    path.write_bytes(bytes(range(256)) * (length // 256) + bytes(length % 256))
    before = path.read_bytes()
    with pytest.raises(InputError, match="left alone"):
        FlashImage(SIZE, path)
    assert path.read_bytes() == before


def test_a_disk_that_takes_nothing_is_one_sentence(tmp_path: Path) -> None:
    image = FlashImage(SIZE, tmp_path / "flash")
    image.deliver()
    image.close()
    image = FlashImage(SIZE, tmp_path / "flash")
    image.is_new = False
    with open("/dev/full", "wb") as full:
        image._file = full.fileno()
        with pytest.raises(InputError, match="can't be written"):
            image.write(0, b"x")
        image._file = None


def test_a_file_that_may_only_be_read_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever may do anything, as in a container, is not stopped by the file's mode: the system's answer is made."""
    path = tmp_path / "flash"
    path.write_bytes(bytes(SIZE))

    def refusing(name: object, flags: int, *mode: int) -> int:
        assert flags & os.O_RDWR
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(name))

    monkeypatch.setattr(os, "open", refusing)
    with pytest.raises(InputError, match=r"flash can't be used \(Permission denied\)\.$"):
        FlashImage(SIZE, path)
    assert path.read_bytes() == bytes(SIZE)


def test_a_short_write_is_carried_on_and_one_of_nothing_is_a_full_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, pwrite = tmp_path / "flash", os.pwrite
    image = FlashImage(SIZE, path)
    monkeypatch.setattr(os, "pwrite", lambda file, data, at: pwrite(file, bytes(data[:700]), at))
    image.deliver()
    image.write(4000, bytes(range(256)) * 16)
    assert path.read_bytes() == b"\xff" * 4000 + bytes(range(256)) * 16 + b"\xff" * (SIZE - 8096)
    monkeypatch.setattr(os, "pwrite", lambda file, data, at: 0)
    with pytest.raises(InputError, match="No space left"):
        image.write(0, b"x")
    image.close()


def test_a_file_that_is_shortened_while_it_is_read_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "flash"
    path.write_bytes(bytes(SIZE))
    pieces = [b"\0" * 100, b""]
    monkeypatch.setattr(os, "read", lambda file, n: pieces.pop(0))
    with pytest.raises(InputError, match="left alone"):
        FlashImage(SIZE, path)
