"""One connection to a PostgreSQL server: statements, transactions, and every failure as one sentence."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from retrorig.errors import InputError, LinkLostError, RetrorigError
from retrorig.extras import require
from retrorig.publish.address import checked, shown
from retrorig.publish.silence import NoAnswerError, answer_of, opened

if TYPE_CHECKING:
    import pyarrow

_IN_A_MOMENT = ("starting up", "shutting down", "too many clients", "recovery mode")
_LOST = ("57P01", "57P02", "57P03", "08000", "08003", "08006")
"""SQLSTATEs of a server that was shut down, or of a line that broke."""

_REFUSED = {
    "42501": "gives this user no right to that",
    "25006": "may only be read",
    "53100": "has no room on its disk",
    "55P03": "is busy with another publish of this same library, which goes on",
}


class Connection:
    """An open connection; outside `transaction()` each statement stands for itself.

    InputError (exit status 2) for what the user or the server's administrator must mend, LinkLostError (3) for a
    server that can't be reached, went away or fell silent: what was committed until then stays, and another run goes
    on.
    """

    def __init__(self, address: str) -> None:
        self.called = shown(address)
        postgres = require("adbc_driver_postgresql.dbapi", "publish")
        self._errors: type[Exception] = postgres.Error
        self._in_transaction = self._is_awaited = False
        self._open: Callable[[], Any] = lambda: opened(lambda: postgres.connect(given, autocommit=True))
        given = checked(address)
        try:
            self._connection = self._open()
        except postgres.Error as error:
            raise self._refused(str(error)) from None
        except NoAnswerError:
            raise self._refused("it accepts connections and says nothing") from None

    def rows(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        """Run one statement with $1, $2, ... and return its rows."""
        with self._explained(), self._cursor() as cursor:
            return self._wait(lambda: _all_rows(cursor, sql, values))

    def run(self, sql: str, *values: Any) -> None:
        """Run one statement that gives no rows."""
        self.rows(sql, *values)

    def each(self, sql: str, *values: Any) -> Iterator[tuple[Any, ...]]:
        """Run one statement and give its rows one by one, for when they are many."""
        with self._explained(), self._cursor() as cursor:
            self._wait(lambda: cursor.execute(sql, values or None))
            while some := self._wait(lambda: cursor.fetchmany(1000)):
                yield from some

    def copy_in(self, table: str, columns: pyarrow.Table) -> None:
        """Put rows into a temporary table of this connection in place of what was in it."""
        with self._explained(), self._cursor() as cursor:
            self._wait(lambda: cursor.execute(f"DROP TABLE IF EXISTS pg_temp.{table}"))
            self._wait(lambda: cursor.adbc_ingest(table, columns, mode="create", temporary=True))

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All statements inside happen, or none."""
        self.run("BEGIN")
        self._in_transaction = True
        try:
            yield
            self.run("COMMIT")
        except BaseException:
            with suppress(RetrorigError):
                self.run("ROLLBACK")
            raise
        finally:
            self._in_transaction = False

    def close(self) -> None:
        """Close it; one whose answer was given up is closed by the thread that still waits for it."""
        if not self._is_awaited:
            with suppress(self._errors):
                self._connection.close()

    @contextmanager
    def _cursor(self) -> Iterator[Any]:
        if self._is_awaited:
            raise self._lost()
        cursor = self._connection.cursor()
        try:
            yield cursor
        finally:
            if not self._is_awaited:
                cursor.close()

    def _wait(self, work: Callable[[], Any]) -> Any:
        """What `work` gives. Given up, by silence or by Ctrl-C, it goes on, and nobody else may use the connection."""
        self._is_awaited = True
        try:
            found = answer_of(work, self._answers_anew, self._connection.close)
        except NoAnswerError:
            raise self._lost() from None
        except Exception:
            self._is_awaited = False
            raise
        self._is_awaited = False
        return found

    def _answers_anew(self) -> bool:
        """Whether another connection comes about."""
        try:
            self._open().close()
        except (self._errors, NoAnswerError):
            return False
        return True

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except self._errors as error:
            raise self._failed(error) from None

    def _lost(self) -> RetrorigError:
        return LinkLostError(
            f"The connection to {self.called} was lost: what was finished is there; "
            "the same command goes on with the rest."
        )

    def _failed(self, error: Any) -> RetrorigError:
        state = error.sqlstate or ""
        if state in _LOST or not state and error.__class__.__name__ == "OperationalError":
            return self._lost()
        reason = _REFUSED.get(state) or f"refused ({_first_line(str(error))})"
        return InputError(f"The database {self.called} {reason}.")

    def _refused(self, text: str) -> RetrorigError:
        """Why no connection came about, in libpq's own words."""
        reason = _first_line(text)
        is_answer = "FATAL:" in text and not any(word in text for word in _IN_A_MOMENT)
        is_login = "no password supplied" in text or "connection option" in text
        if is_answer or is_login:
            return InputError(
                f"The database {self.called} does not let us in ({reason}): "
                "check user, password (PGPASSWORD or .pgpass) and name."
            )
        return LinkLostError(
            f"No database answers at {self.called} ({reason}): check host, port and network."
        )


def _all_rows(cursor: Any, sql: str, values: tuple[Any, ...]) -> list[tuple[Any, ...]]:
    cursor.execute(sql, values or None)
    return cursor.fetchall() if cursor.description else []


def _first_line(text: str) -> str:
    """The server's own first line, without the driver's words around it."""
    line = text.partition("\n")[0]
    for mark in ("FATAL:", "ERROR:", "failed:", "connect:"):
        line = line.rpartition(mark)[2]
    return line.strip().rstrip(".")
