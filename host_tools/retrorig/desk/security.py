"""Access control of the desk. Any page in the same browser can reach it, so loopback alone protects nothing.

A browser gets in once by the token of the printed address and is known by a cookie from then on. `Host` must be the
desk's own, or a name of somebody else that resolves to 127.0.0.1 would do (DNS rebinding); `Origin` and
`Sec-Fetch-Site` tell requests that another page makes. There are no web sockets: each is refused.
"""

from __future__ import annotations

import secrets
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qs

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

BODY_MAX_BYTES = 1 << 20
UPLOAD_PATH = "/library/upload"
UPLOAD_MAX_BYTES = 4 << 30
"""Of a backup, which is written to the disk as it comes."""
SAFE_METHODS = ("GET", "HEAD")
OWN_FETCHES = ("same-origin", "none")
JOIN_PATH = "/join"
JOIN_HEADER = "x-desk-key"

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",  # names and pain are health data
}


class Keys:
    """Tokens that let a browser in once each, the sessions that came of them, and the key of later desks."""

    def __init__(self) -> None:
        self.join_key = secrets.token_urlsafe(32)
        self._tokens: set[str] = set()
        self._sessions: set[str] = set()

    def new_token(self) -> str:
        """A token for one browser."""
        token = secrets.token_urlsafe(32)
        self._tokens.add(token)
        return token

    def let_in(self, token: str) -> str | None:
        """A session in exchange for a token, which is worth nothing from then on; None for any other text."""
        if token not in self._tokens:
            return None
        self._tokens.discard(token)
        session = secrets.token_urlsafe(32)
        self._sessions.add(session)
        return session

    def knows(self, session: str) -> bool:
        """Whether this browser was let in."""
        return session in self._sessions


class SharedKeys(Keys):
    """A token that lets in everybody who has it, as long as something is shared."""

    def __init__(self) -> None:
        super().__init__()
        self.token = self.new_token()

    def let_in(self, token: str) -> str | None:
        """A session of its own for each."""
        if not secrets.compare_digest(token.encode(), self.token.encode()):
            return None
        session = secrets.token_urlsafe(32)
        self._sessions.add(session)
        return session


class Refused(Exception):
    """A request that is not answered: status and the sentence for whoever asked."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status


class Gate:
    """Lets requests through to `app` or refuses them; every answer gets HEADERS."""

    def __init__(self, app: ASGIApp, keys: Keys, hosts: tuple[str, ...]) -> None:
        """hosts: names with port that it answers to."""
        self._app, self._keys, self._hosts = app, keys, hosts
        port = hosts[0].rpartition(":")[2]
        self._cookie = f"retrorig-desk-{port}"  # browsers share cookies between the ports of one host

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": 1008})
            return
        try:
            session = self._admitted(scope)
        except Refused as refused:
            answer = PlainTextResponse(f"{refused}\n", refused.status)
            await answer(scope, receive, self._with_headers(send, None))
            return
        await self._app(scope, _limited(receive, _body_max(scope)), self._with_headers(send, session))

    def _admitted(self, scope: Scope) -> str | None:
        """A new session if the request brought a token, None for a known browser; raises Refused."""
        headers = Headers(scope=scope)
        self._check_sender(scope["method"], headers)
        if _length(headers) > _body_max(scope):
            raise Refused(413, "That is more than this page takes.")
        if scope["path"] == JOIN_PATH:
            if secrets.compare_digest(headers.get(JOIN_HEADER, "").encode(), self._keys.join_key.encode()):
                return None
        elif self._keys.knows(self._session_in(headers)):
            return None
        elif session := self._keys.let_in(_token(scope)):
            return session
        raise Refused(
            403,
            "This is a coach's desk, open to the browser that it was opened in: start `retrorig desk` again "
            "for an address that lets another one in, once.",
        )

    def _check_sender(self, method: str, headers: Headers) -> None:
        host = headers.get("host", "")
        if host not in self._hosts:
            raise Refused(403, "The desk answers to its own address alone.")
        origin = headers.get("origin")
        is_own = origin == f"http://{host}"
        if origin is not None and not is_own:
            raise Refused(403, "The desk answers to its own pages alone.")
        fetched = headers.get("sec-fetch-site")
        if fetched is not None and fetched not in OWN_FETCHES:
            raise Refused(403, "The desk answers to its own pages alone.")
        if method not in SAFE_METHODS and not is_own:
            raise Refused(403, "The desk is changed by its own pages alone.")

    def _session_in(self, headers: Headers) -> str:
        try:
            found = SimpleCookie(headers.get("cookie", "")).get(self._cookie)
        except CookieError:
            return ""
        return found.value if found else ""

    def _with_headers(self, send: Send, session: str | None) -> Send:
        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                if session:
                    headers.append(
                        "set-cookie", f"{self._cookie}={session}; Path=/; HttpOnly; SameSite=Strict"
                    )
            await send(message)

        return sent


def _token(scope: Scope) -> str:
    if scope["method"] != "GET":  # a program that only looks shall not use it up
        return ""
    return parse_qs(scope["query_string"].decode("latin-1")).get("token", [""])[0]


def _body_max(scope: Scope) -> int:
    return UPLOAD_MAX_BYTES if scope["path"] == UPLOAD_PATH else BODY_MAX_BYTES


def _length(headers: Headers) -> int:
    """Length of a body by its header."""
    told = headers.get("content-length", "")
    return int(told) if told.isascii() and told.isdigit() and len(told) < 20 else 0


def _limited(receive: Receive, most_bytes: int) -> Receive:
    """The same body, cut off when it is larger than it said."""
    taken_n = 0

    async def limited() -> Message:
        nonlocal taken_n
        message = await receive()
        taken_n += len(message.get("body", b""))
        return {"type": "http.disconnect"} if taken_n > most_bytes else message

    return limited
