"""A server of pages that ends in time, whoever still holds a connection to it."""

from __future__ import annotations

import asyncio
import socket

import uvicorn


class EndingServer(uvicorn.Server):
    """Cuts what is open when its time is up: who reads no answer, as a sleeping phone, would hold it forever."""

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        await super().shutdown(sockets)
        await asyncio.sleep(0)  # whoever came in this moment is among the connections then
        for connection in list(self.server_state.connections):
            connection.transport.abort()
        await asyncio.sleep(0)  # each is told that it was cut
