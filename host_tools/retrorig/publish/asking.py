"""DuckDB on the published samples: questions in SQL to all that a login may see, and single sets."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from difflib import get_close_matches
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from retrorig.errors import InputError
from retrorig.extras import require
from retrorig.publish.file_store import FileStore
from retrorig.publish.files import path_of

if TYPE_CHECKING:
    from retrorig.measure.sample_table import SampleTable

_QUESTIONS = files("retrorig.publish") / "questions"
_SETTINGS = {
    "autoinstall_known_extensions": "false",  # nothing is fetched from anywhere
    "autoload_known_extensions": "false",
}


@dataclass(frozen=True)
class SamplesAnswer:
    """The rows of an answer under the names of its columns."""

    columns: list[str]
    rows: list[tuple[Any, ...]]


def can_ask() -> bool:
    """Whether DuckDB is installed."""
    return find_spec("duckdb") is not None


def questions() -> dict[str, str]:
    """What each question that is shipped asks, by name."""
    names = sorted(place.name for place in _QUESTIONS.iterdir() if place.name.endswith(".sql"))
    return {
        name.removesuffix(".sql"): _first_sentence((_QUESTIONS / name).read_text("utf-8")) for name in names
    }


def question_of(word: str) -> str:
    """The SQL of a question by its name, or of a file that ends in .sql."""
    if word in questions():
        return (_QUESTIONS / f"{word}.sql").read_text("utf-8")
    if not word.endswith(".sql"):
        (nearest, *_) = get_close_matches(word, questions(), n=1, cutoff=0.0)
        raise InputError(
            f"No question is called {word}, the nearest is {nearest}; or name a file that ends in .sql."
        )
    try:
        return Path(word).read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{word} can't be read ({error}): name a file with one question in SQL.") from None


class Asking:
    """DuckDB with the files of a store; `answer` is for one thread."""

    def __init__(self, store: FileStore) -> None:
        self._duckdb = require("duckdb", "ask")
        self._connection = self._duckdb.connect(config=_SETTINGS)
        self._address_of = store.for_duckdb(self._connection)
        self._store = store

    def answer(self, sql: str, published: Iterable[tuple[str, str]]) -> SamplesAnswer:
        """What a question to the view `samples` gives; published: the sets that may be seen, each with its file."""
        self._see(dict(published))
        with self._explained():
            found = self._connection.execute(sql)
            if found is None or not found.description:
                raise InputError("That is no question: write one SELECT from the view samples.")
            return SamplesAnswer([name for name, *_ in found.description], found.fetchall())

    def samples(self, file: str, set_id: str) -> SampleTable:
        """A set's samples out of a published file, none where it has none of them; threads may ask at once."""
        from retrorig.export.parquet_file import samples_in

        sql = "SELECT * FROM read_parquet(?) WHERE set_id = ?"
        with self._explained(), closing(self._connection.cursor()) as cursor:
            place = self._address_of(path_of("samples", file))
            try:
                return samples_in(cursor.sql(sql, params=[place, set_id]).to_arrow_table())
            except self._duckdb.IOException as error:
                raise FileNotFoundError(_first_line(error)) from None

    def _see(self, published: dict[str, str]) -> None:
        if not published:
            raise InputError(
                "This login sees nothing there: whoever keeps the database can tell what it may see."
            )
        visible = require("pyarrow", "publish").table({"set_id": list(published)})
        places = [self._address_of(path_of("samples", file)) for file in sorted(set(published.values()))]
        listed = ", ".join("'" + place.replace("'", "''") + "'" for place in places)
        with self._explained():
            self._connection.register("visible", visible)
            self._connection.execute(
                f"""
                CREATE VIEW samples AS
                SELECT * FROM read_parquet([{listed}], hive_partitioning = true, hive_types_autocast = false)
                SEMI JOIN visible USING (set_id)
                """
            )

    @contextmanager
    def _explained(self) -> Iterator[None]:
        with self._store.explained():
            try:
                yield
            except self._duckdb.Error as error:
                raise InputError(f"DuckDB refused that ({_first_line(error)}).") from None


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0].rstrip(".")


def _first_sentence(sql: str) -> str:
    """Of the comment that a question begins with."""
    lines = [line.removeprefix("--").strip() for line in sql.splitlines() if line.startswith("--")]
    return " ".join(lines).partition(". ")[0].partition(": ")[0]
