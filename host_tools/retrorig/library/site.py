"""What a library is to others when it is published: its permanent id, and the key of its pseudonyms.

Both are drawn when they are first asked for. The key stays here: with it alone can a pseudonym be told from a label.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets

from retrorig.library.part import Part

_PSEUDONYM_N = 16
"""Hex digits: no two of a million people share one."""


class Site(Part):
    """A library's own id and key, kept in its file."""

    @property
    def id(self) -> str:
        """Twelve hex digits, unique to this library and its backups."""
        return self._kept("site", 6)

    def pseudonym(self, label: str) -> str:
        """What stands for a label where names stay at home; always the same, and no label can be read from it."""
        key = bytes.fromhex(self._kept("pseudonym_key", 32))
        return hmac.new(key, label.encode(), hashlib.sha256).hexdigest()[:_PSEUDONYM_N]

    def resolve(self, pseudonym: str, labels: list[str]) -> str | None:
        """Which of the labels a pseudonym stands for."""
        return next((label for label in labels if self.pseudonym(label) == pseudonym), None)

    @property
    def published_at(self) -> list[str]:
        """Where this library was published, without user and password."""
        found = self._value("published_at")
        return found.split("\n") if found else []

    def note_published(self, where: str) -> None:
        """Remember a place for `forget` to name."""
        if where not in self.published_at:
            self._put("published_at", "\n".join([*self.published_at, where]))

    def _kept(self, key: str, bytes_n: int) -> str:
        value = self._value(key)
        if value is None:
            with self.db.transaction():
                value = self._value(key) or secrets.token_hex(bytes_n)
                self._put(key, value)
        return value

    def _value(self, key: str) -> str | None:
        if self.db.row("SELECT 1 FROM sqlite_master WHERE name = 'site'") is None:
            return None
        (value,) = self.db.row("SELECT value FROM site WHERE key = ?", (key,)) or (None,)
        return value

    def _put(self, key: str, value: str) -> None:
        self.db.rows("CREATE TABLE IF NOT EXISTS site (key TEXT PRIMARY KEY, value TEXT NOT NULL)")
        self.db.rows("INSERT OR REPLACE INTO site VALUES (?, ?)", (key, value))
