"""Raw sets out of the published files, with the parts of files that were used last kept."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable

NEAR_N = 32
"""Parts of files that are kept, a megabyte or two each: sets that are asked for by date lie in a file for each rig."""

Part = dict[str, bytes]
"""Sets that lie together in a file, by id."""


class NearParts:
    """Threads may share it; none waits while another fetches."""

    def __init__(self, fetch: Callable[[str, str], Part]) -> None:
        """fetch: the part of a file that holds a set, by (file, set)."""
        self._fetch = fetch
        self._parts: OrderedDict[tuple[str, str], Part] = OrderedDict()
        self._turn = threading.Lock()

    def bytes_of(self, file: str, set_id: str) -> bytes:
        """One set's bytes as that file has them."""
        with self._turn:
            found = next(
                (key for key, part in self._parts.items() if key[0] == file and set_id in part), None
            )
            if found:
                self._parts.move_to_end(found)
                return self._parts[found][set_id]
        part = self._fetch(file, set_id)
        with self._turn:
            self._parts[file, min(part)] = part
            while len(self._parts) > NEAR_N:
                self._parts.popitem(last=False)
        return part[set_id]
