"""The live page for others on the local network: read-only, with its own port and token, off until asked for."""

from __future__ import annotations

import io
import socket
import threading
from collections.abc import Callable

import uvicorn
from starlette.types import ASGIApp

from retrorig.desk.ending import EndingServer
from retrorig.desk.security import SharedKeys
from retrorig.desk.wording import SaidError
from retrorig.extras import require

END_S = 1
OUTSIDE = ("192.0.2.1", 9)
"""An address that nobody has (RFC 5737): asking the way there sends nothing, and tells this computer's own address."""


def own_address() -> str:
    """This computer's address in its network; InputError when it is in none."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as way:
        try:
            way.connect(OUTSIDE)
            return str(way.getsockname()[0])
        except OSError:
            raise SaidError("no_network") from None


App = Callable[[SharedKeys, tuple[str, ...]], ASGIApp]


class Sharing:
    """`app`, which is set once, makes what is served, given the keys and the host names that it answers to."""

    app: App

    def __init__(self) -> None:
        self._changing = threading.Lock()
        self._server: uvicorn.Server | None = None
        self._thread: threading.Thread | None = None
        self.address: str | None = None
        self.with_names = False

    def start(self, names: bool = False) -> str:
        """Serve, and return the address with its token, which lets in whoever has it until `stop`."""
        with self._changing:
            self.with_names = names
            if self.address:
                return self.address
            host = own_address()
            try:
                listening = socket.create_server((host, 0))
            except OSError:
                raise SaidError("unheard", host) from None
            place, keys = f"{host}:{listening.getsockname()[1]}", SharedKeys()
            config = uvicorn.Config(
                self.app(keys, (place,)), log_config=None, access_log=False, server_header=False, lifespan="off",
                ws="none", timeout_graceful_shutdown=END_S,
            )  # fmt: skip
            self._server = EndingServer(config)
            self._thread = threading.Thread(target=self._server.run, args=([listening],), daemon=True)
            self._thread.start()
            self.address = f"http://{place}/?token={keys.token}"
            return self.address

    def stop(self) -> None:
        """Serve nobody any more."""
        with self._changing:
            if self._server and self._thread:
                self._server.should_exit = True
                self._thread.join()
            self._server = self._thread = self.address = None

    def qr_svg(self) -> bytes:
        """The address as a picture for cameras; InputError while nothing is shared."""
        if not self.address:
            raise SaidError("unshared")
        drawn = io.BytesIO()
        require("segno", "desk").make(self.address).save(drawn, kind="svg", scale=6, light="#fff", border=3)
        return drawn.getvalue()
