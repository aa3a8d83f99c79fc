"""The address of a published library's database, and how it is named to people: never with its password."""

from __future__ import annotations

from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from retrorig.errors import InputError

SCHEMES = ("postgresql", "postgres")
_PATIENCE = {
    "connect_timeout": "10",
    "application_name": "retrorig",
    "keepalives_idle": "10",
    "keepalives_interval": "5",
    "keepalives_count": "3",
    "tcp_user_timeout": "30000",
}
"""What libpq is told unless the address says otherwise: a line that went dead is noticed within half a minute."""


def is_address(text: str) -> bool:
    """Whether a text is meant as the address of a database rather than as a folder."""
    return text.partition(":")[0].lower() in SCHEMES


def checked(address: str) -> str:
    """The address with our patience in it; InputError when it can't be one."""
    try:
        parts = urlsplit(address)
        _ = parts.port  # raises when it is no number
    except ValueError:
        parts = None
    if parts is None or parts.scheme.lower() not in SCHEMES or not parts.path.strip("/"):
        raise InputError("That is no database: write it like postgresql://user@host/database.")
    given = dict(parse_qsl(parts.query, keep_blank_values=True))
    query = urlencode({**_PATIENCE, **given}, quote_via=quote)
    return f"postgresql://{parts.netloc}{parts.path}?{query}"


def shown(address: str) -> str:
    """The address as sentences and files may hold it: user, password and options are left out."""
    parts = urlsplit(address)
    return f"postgresql://{parts.netloc.rpartition('@')[2]}{parts.path}"


def has_password(address: str) -> bool:
    """Whether the address itself holds a password, which no file of ours may keep."""
    parts = urlsplit(address)
    return bool(parts.password) or "password" in dict(parse_qsl(parts.query))
