"""Fetching an image from the official place."""

from __future__ import annotations

import http.client
import urllib.error
import urllib.request

from retrorig.errors import InputError
from retrorig.flash.repl import Report

_STEP = 65536
_PATIENCE_S = 20.0


def fetched(url: str, report: Report) -> bytes:
    """The file at `url`; InputError says how to do without the network."""
    try:
        with urllib.request.urlopen(url, timeout=_PATIENCE_S) as answer:
            total = int(answer.headers.get("Content-Length", 0))
            content = bytearray()
            while part := answer.read(_STEP):
                content += part
                report(len(content), max(total, len(content)))
    except (OSError, ValueError, http.client.HTTPException) as error:
        if isinstance(error, urllib.error.HTTPError):
            error.close()
        reason = getattr(error, "reason", None) or str(error) or type(error).__name__
        raise InputError(
            f"{url} can't be fetched ({reason}): fetch it with a browser and name it with --image FILE."
        ) from None
    if total and len(content) != total:
        raise InputError(f"{url} came incomplete: give the same command again.")
    return bytes(content)
