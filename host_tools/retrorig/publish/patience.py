"""How long a store may take for an answer: its own package waits for hours as long as a byte comes now and then."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any, TypeVar

from retrorig.extras import require
from retrorig.publish.silence import within

Result = TypeVar("Result")

ANSWER_S = 60.0
"""For any answer; what is larger has as much time again for each SLOW_BYTES."""

SLOW_BYTES = 1 << 20
"""A line that carries less in ANSWER_S is taken for none."""


def answered(work: Callable[[], Result], bytes_n: int = 0) -> Result:
    """What `work`, which moves so many bytes, gives in time; NoAnswerError otherwise, and it goes on unheard."""
    return within(ANSWER_S * (1 + bytes_n / SLOW_BYTES), work)


class PatientFile(io.RawIOBase):
    """A store's open file for a reader of Parquet; each read has its limit."""

    def __init__(self, file: Any) -> None:
        self._file = file

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()

    def read(self, size: int = -1) -> bytes:
        return answered(lambda: self._file.read(size), max(size, 0))

    def close(self) -> None:
        self._file.close()
        super().close()


def patient_files(files: Any, root: str) -> Any:
    """A folder of a store as a file system of fsspec's own whose files are patient."""
    dirfs = require("fsspec.implementations.dirfs", "publish")

    class PatientFiles(dirfs.DirFileSystem):
        def open(self, path: str, mode: str = "rb", **_: Any) -> PatientFile:
            opened = answered(lambda: files.open(self._join(path), mode, cache_type="none"))
            return PatientFile(opened)

    return PatientFiles(root, files)
