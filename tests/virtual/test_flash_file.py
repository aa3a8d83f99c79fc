"""The file that holds a virtual board's flash: what is no flash of this rig stays as it is."""

from __future__ import annotations

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
