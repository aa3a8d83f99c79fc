"""Starting the desk, joining one that runs on the same library, and ending it."""

from __future__ import annotations

import json
import logging
import os
import socket
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import uvicorn

from retrorig import InputError, Library
from retrorig.desk.app import application
from retrorig.desk.context import Desk
from retrorig.desk.ending import EndingServer
from retrorig.desk.security import JOIN_HEADER, JOIN_PATH, Keys
from retrorig.desk.settings import read_settings

if TYPE_CHECKING:
    from retrorig.publish import PublishedCopy

HOST = "127.0.0.1"
FILE_NAME = "desk.json"
"""In the library's folder, for its owner alone, while a desk runs: its port and the key by which others join it."""


@dataclass(frozen=True)
class Started:
    """address: lets one browser in. is_joined: the desk ran already. shared: the live page's on the local network."""

    address: str
    is_joined: bool
    shared: str | None = None


JOIN_S = 3.0
LOOK_S = 1.0
LEFT_S = 75.0
"""Pages say that they are open each 20 s, and each minute where they are in the background."""

END_S = 1
"""How long an open stream may delay the end."""


def run_desk(
    folder: Path,
    port: str | None,
    http_port: int,
    announce: Callable[[Started], None],
    share: bool = False,
    published: PublishedCopy | None = None,
) -> None:
    """Serve the desk of this library until Ctrl-C, or only join the desk that serves it already.

    `announce` is called once. `port`: of the rig, None for the one found. `http_port`: of the page, 0 for a free one.
    `share`: the live page is shared on the local network at once. InputError when the port is taken, or there is no
    network to share on; also when `share` is asked of a desk that runs already, whose live page has a button for it.
    """
    joined = _join(folder)
    if joined:
        if share:
            raise InputError(
                "A desk of this library runs already: share its live page with the button there."
            )
        announce(Started(joined, True))
        return
    with Serving(folder, port, http_port, published) as serving:
        shared = serving.desk.sharing.start() if share else None
        announce(Started(serving.address(), False, shared))
        serving.wait()


logging.getLogger("uvicorn").setLevel(logging.CRITICAL)  # its errors are told on the page, as sentences


class Serving:
    """A desk in a thread of its own, from entering the context to leaving it."""

    def __init__(
        self,
        folder: Path,
        port: str | None = None,
        http_port: int = 0,
        published: PublishedCopy | None = None,
    ) -> None:
        self._listening = _listening(http_port)
        self.http_port: int = self._listening.getsockname()[1]
        self.desk = Desk(folder, port, published)
        self._keys = Keys()
        settings = uvicorn.Config(
            application(self.desk, self._keys, self.http_port, self.address),
            log_config=None,
            access_log=False,
            server_header=False,
            lifespan="off",
            ws="none",
            timeout_graceful_shutdown=END_S,
        )
        self._server = EndingServer(settings)
        self._thread = threading.Thread(target=self._run)
        self._is_over = threading.Event()

    def __enter__(self) -> Serving:
        self._thread.start()
        _leave_note(self.desk.folder, self.http_port, self._keys.join_key)
        return self

    def __exit__(self, *error: object) -> None:
        self._server.should_exit = True
        self._thread.join()
        self._listening.close()
        self.desk.close()
        _take_note_back(self.desk.folder, self.http_port)

    def address(self) -> str:
        """An address that lets one browser in, once."""
        return f"http://{HOST}:{self.http_port}/?token={self._keys.new_token()}"

    def wait(self) -> None:
        """Until the desk ends, its last page was closed (if that is set), or Ctrl-C."""
        while not self._is_over.wait(
            LOOK_S
        ):  # a join that Ctrl-C interrupts takes the thread for dead (3.11)
            if self.is_left():
                return

    def is_left(self) -> bool:
        """Whether a page was open, none has been for a while, and that is to end the desk."""
        seen_s = self.desk.seen_s
        is_gone = seen_s is not None and time.monotonic() - seen_s > LEFT_S
        return is_gone and read_settings(self.desk.folder).ends_with_last_tab

    def _run(self) -> None:
        try:
            self._server.run([self._listening])
        finally:
            self._is_over.set()


def _listening(http_port: int) -> socket.socket:
    try:
        return socket.create_server((HOST, http_port))
    except (OSError, OverflowError):
        raise InputError(
            f"Port {http_port} of this computer is in use or not for you: choose another with --http-port."
        ) from None


def _join(folder: Path) -> str | None:
    """An address of the desk that serves this library already; None when there is none."""
    try:
        note = json.loads((folder / FILE_NAME).read_text(encoding="utf-8"))
        request = urllib.request.Request(
            f"http://{HOST}:{int(note['port'])}{JOIN_PATH}", headers={JOIN_HEADER: str(note["key"])}
        )
        no_proxy = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with no_proxy.open(request, timeout=JOIN_S) as answer:
            return str(json.load(answer)["address"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _leave_note(folder: Path, http_port: int, key: str) -> None:
    """Let later desks find this one. Without it they start beside it, and the library takes care of both."""
    try:
        Library(folder, create=True).close()
    except InputError:
        pass  # the page says it, and goes on saying it until it is mended
    note = folder / FILE_NAME
    try:
        note.unlink(missing_ok=True)
        with os.fdopen(os.open(note, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            json.dump({"port": http_port, "key": key}, file)
    except OSError:
        pass


def _take_note_back(folder: Path, http_port: int) -> None:
    note = folder / FILE_NAME
    try:
        if json.loads(note.read_text(encoding="utf-8"))["port"] == http_port:
            note.unlink()
    except (OSError, ValueError, KeyError, TypeError):
        pass
