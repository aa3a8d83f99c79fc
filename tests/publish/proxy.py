"""Stands between a program and its server, and lets the network fail."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress


class Proxy:
    """A port of the loopback that leads to a server, and is cut after so many bytes in both directions.

    goes_silent: it only carries nothing any more, and neither end hears of it.
    """

    def __init__(self, port: int, bytes_n: int, goes_silent: bool = False) -> None:
        self._to, self._left, self._goes_silent = port, bytes_n, goes_silent
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]
        self._ends: list[socket.socket] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        """Cut all connections and take no more."""
        for each in (self._listening, *self._ends):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self._listening.accept()
                far = socket.create_connection(("127.0.0.1", self._to))
                self._ends += [near, far]
                for ends in ((near, far), (far, near)):
                    threading.Thread(target=self._carry, args=ends, daemon=True).start()

    def _carry(self, source: socket.socket, to: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                self._left -= len(data)
                if self._left >= 0:
                    to.sendall(data)
                elif not self._goes_silent:
                    self.close()
                    return
            if self._left >= 0:
                to.shutdown(socket.SHUT_WR)
