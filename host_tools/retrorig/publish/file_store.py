"""The store of files: a folder or a bucket, whatever fsspec opens. A file appears whole or not at all."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

from retrorig.errors import InputError, LinkLostError, MissingPackageError
from retrorig.extras import require
from retrorig.publish.patience import PatientFile, answered, patient_files
from retrorig.publish.silence import NoAnswerError
from retrorig.writing import make_folder, replacing

MARK = "retrorig.json"
"""The file that says whose files these are."""

_LINE_ERRORS = {"ConnectionError", "HTTPClientError", "ClientConnectionError", "TimeoutError"}
"""Of botocore and aiohttp."""

_LOCAL = "file"
_WHOLE = ("s3", "s3a", "gs", "gcs", "abfs", "abfss", "az", "memory")
"""Stores in which a file that is being written can't be seen."""


class FileStore:
    """Files below one address. InputError when it refuses or is missing, LinkLostError when it can't be reached."""

    def __init__(self, address: str) -> None:
        self.called = address
        fsspec = require("fsspec", "publish")
        try:
            self._files, self._root = fsspec.core.url_to_fs(address)
        except ImportError as error:
            raise MissingPackageError(f"{address} can't be opened: {error}.") from None
        except ValueError as error:
            raise InputError(
                f"{address} is no address of files ({error}): give a folder or one like s3://bucket/folder."
            ) from None
        protocol = self._files.protocol
        self._protocols = (protocol,) if isinstance(protocol, str) else tuple(protocol)

    def check_mark(self, mark: str, version: int, may_write: bool = True) -> None:
        """See that these files belong to the database with this mark; an empty store is marked as its own."""
        with self.explained():
            text = answered(self._mark_text)
            is_empty = text is None and not answered(self._holds_anything)
        if is_empty and may_write:
            self._write_mark(mark, version)
            return
        if _mark_of(text) != mark:
            raise InputError(
                f"The files at {self.called} belong to another database or to nobody: "
                "name an empty folder or bucket with --files."
            )

    def put(self, source: Path, name: str) -> None:
        """Copy a local file to a name that is new here."""
        with self.explained():
            answered(lambda: self._put(source, self._path(name)), source.stat().st_size)

    def below(self, folder: str) -> set[str]:
        """The names of all files in a folder and those in it; none where there is no such folder."""
        with self.explained():
            found = answered(lambda: self._found(folder))
            return {name[len(self._path("")) :] for name in found}

    def remove(self, names: Sequence[str]) -> None:
        """Delete files; those that are not there are gone already."""
        with self.explained():
            for name in names:
                with suppress(FileNotFoundError):
                    answered(lambda path=self._path(name): self._files.rm_file(path))

    @contextmanager
    def reading(self, name: str) -> Iterator[Any]:
        """A file to be read in the block, whose failures are told in sentences, too.

        Only what is asked for comes: readers of Parquet know which bytes they want.
        """
        with self.explained():
            opened = answered(lambda: self._files.open(self._path(name), "rb", cache_type="none"))
            with closing(PatientFile(opened)) as file:
                yield file

    def for_duckdb(self, connection: Any) -> Callable[[str], str]:
        """By what address a connection of DuckDB's reads a file here, given its name."""
        if _LOCAL in self._protocols:
            return self._path
        connection.register_filesystem(patient_files(self._files, self._root))
        return lambda name: f"dir://{name}"

    def _path(self, name: str) -> str:
        return f"{self._root.rstrip('/')}/{name}"

    def _found(self, folder: str) -> list[str]:
        self._files.invalidate_cache()
        return self._files.find(self._path(folder))

    def _mark_text(self) -> bytes | None:
        self._files.invalidate_cache()
        return self._files.cat_file(self._path(MARK)) if self._files.exists(self._path(MARK)) else None

    def _put(self, source: Path, path: str) -> None:
        if _LOCAL in self._protocols:
            self._put_here(source, Path(path))
        elif set(self._protocols) & set(_WHOLE):
            self._files.put_file(str(source), path)
        else:
            self._files.makedirs(path.rpartition("/")[0], exist_ok=True)
            self._files.put_file(str(source), f"{path}.part")
            self._files.mv(f"{path}.part", path)

    def _put_here(self, source: Path, path: Path) -> None:
        make_folder(path.parent)
        with replacing(path) as file, source.open("rb") as made:
            while some := made.read(1 << 20):
                file.write(some)

    def _write_mark(self, mark: str, version: int) -> None:
        with self.explained():
            if _LOCAL in self._protocols:
                make_folder(Path(self._root), mode=0o700)
            text = json.dumps({"mark": mark, "version": version}).encode()
            answered(lambda: self._files.pipe_file(self._path(MARK), text))

    def _holds_anything(self) -> bool:
        try:
            return bool(self._files.ls(self._root, detail=False))
        except FileNotFoundError:
            return False

    @contextmanager
    def explained(self) -> Iterator[None]:
        """Failures of this store in the block as sentences."""
        try:
            yield
        except FileNotFoundError as error:
            raise InputError(
                f"The store {self.called} lacks a file or is no bucket ({error}): check its address; "
                "a library that is published again sends what is missing."
            ) from None
        except PermissionError as error:
            raise InputError(
                f"The store {self.called} refuses ({error}): check rights, keys and this computer's clock."
            ) from None
        except NoAnswerError:
            raise LinkLostError(
                f"The store {self.called} does not answer, or takes minutes for a megabyte: "
                "what was finished is there; the same command goes on with the rest."
            ) from None
        except Exception as error:
            if isinstance(error, OSError) or _is_of_line(error):
                raise LinkLostError(
                    f"The store {self.called} can't be reached ({error}): "
                    "what was finished is there; the same command goes on with the rest."
                ) from None
            if _is_of_store(error):
                raise InputError(
                    f"The store {self.called} can't be used ({error}): check its address and your keys."
                ) from None
            raise


def _mark_of(text: bytes | None) -> str | None:
    try:
        return json.loads(text or b"null")["mark"]
    except (ValueError, TypeError, KeyError):
        return None


def _is_of_line(error: Exception) -> bool:
    """Whether an error of a store's package says that the line broke; these packages are not loaded here."""
    return not _LINE_ERRORS.isdisjoint(kind.__name__ for kind in type(error).__mro__)


def _is_of_store(error: Exception) -> bool:
    """Whether an error comes from the package that speaks to a store rather than from this program."""
    return type(error).__module__.partition(".")[0] in (
        "botocore",
        "aiobotocore",
        "s3fs",
        "gcsfs",
        "aiohttp",
        "adlfs",
        "azure",
    )
