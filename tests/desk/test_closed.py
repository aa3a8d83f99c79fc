"""Who may ask the desk: attacks by a plain client and by a page of another site."""

from __future__ import annotations

import base64
import http.client
import http.server
import json
import os
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext

from retrorig import Rig
from retrorig.desk.rig_work import PullTask
from retrorig.desk.running import FILE_NAME, Serving
from retrorig.desk.security import BODY_MAX_BYTES, POLICY, UPLOAD_MAX_BYTES
from retrorig.library import Library

CHANGES = (
    "/pull", "/undo/1", "/sets/rr-test-0003-00002/edit/pain", "/today/remove/delete", "/today/move", "/share",
    "/library/forget", "/library/upload", "/library/compact", "/rig/tare", "/rig/update", "/plans/push",
    "/reports/export", "/tasks/1/answer", "/sets/rr-test-0003-00002/note", "/sets/rr-test-0003-00002/trim",
    "/rig/calibration/save", "/rig/calibration/put", "/rig/calibration/file", "/calibrations/certificate",
    "/library/recompute", "/library/grades", "/rig/calibrate",
    "/library/clocks", "/library/drag", "/library/samples",
)  # fmt: skip


class Client:
    """A program that speaks HTTP and has no scruples."""

    def __init__(self, desk: Serving) -> None:
        self.port, self.cookie = desk.http_port, ""
        self.host = f"127.0.0.1:{self.port}"
        self.origin = f"http://{self.host}"

    def ask(
        self, path: str, method: str = "GET", body: str | None = None, **headers: str
    ) -> http.client.HTTPResponse:
        sent = {"Host": self.host, **({"Cookie": self.cookie} if self.cookie else {})}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        connection.request(method, path, body, sent)
        answer = connection.getresponse()
        answer.text = answer.read().decode()  # type: ignore[attr-defined]
        connection.close()
        return answer

    def enter(self, address: str) -> http.client.HTTPResponse:
        answer = self.ask(address.partition(self.host)[2])
        self.cookie = (answer.getheader("Set-Cookie") or "").partition(";")[0]
        return answer


@pytest.fixture
def client(desk: Serving) -> Client:
    client = Client(desk)
    assert client.enter(desk.address()).status == 200
    return client


def test_without_the_token_nothing_is_told(desk: Serving) -> None:
    stranger = Client(desk)
    a_set, script = "/sets/rr-test-0003-00002", "/assets/desk.js"
    pages = (
        "/people/a1",
        "/plans",
        "/reports",
        "/rig",
        "/library",
        "/tasks/1/files/0",
        "/share/qr.svg",
        "/calibrations",
    )
    for path in (
        "/",
        "/live",
        "/live/stream",
        "/share/qr.svg",
        script,
        a_set,
        "/join",
        "/?token=",
        "/nothing",
        *pages,
    ):
        answer = stranger.ask(path)
        assert answer.status == 403 and "Anna" not in answer.text, path  # type: ignore[attr-defined]
    for path in CHANGES:
        assert stranger.ask(path, "POST", "", Origin=stranger.origin).status == 403


def test_a_token_lets_one_browser_in_once(desk: Serving) -> None:
    address, first, second = desk.address(), Client(desk), Client(desk)
    assert first.ask(address.partition(first.host)[2], "HEAD").status == 403, "who only looks uses nothing up"
    assert first.enter(address).status == 200
    assert second.enter(address).status == 403
    assert first.ask(address.partition(first.host)[2]).status == 200, "reloaded by the one who is in"
    cookie = first.ask("/").getheader("Set-Cookie")
    assert cookie is None, "no new session without a token"


def test_the_session_s_cookie_is_out_of_reach_of_scripts_and_other_sites(desk: Serving) -> None:
    answer = Client(desk).enter(desk.address())
    parts = {part.strip() for part in (answer.getheader("Set-Cookie") or "").split(";")}
    assert {"HttpOnly", "SameSite=Strict", "Path=/"} <= parts


HOSTS = ("evil.example", "127.0.0.1", "evil.example:{port}", "127.0.0.1.evil.example:{port}", "")


@pytest.mark.parametrize("host", HOSTS)
def test_a_name_that_resolves_to_this_computer_is_refused(client: Client, host: str) -> None:
    client.host = host.format(port=client.port)
    assert client.ask("/").status == 403


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "null", "http://127.0.0.1:1", "https://127.0.0.1:{port}"]
)
def test_another_page_s_requests_are_refused(client: Client, folder: Path, origin: str) -> None:
    origin = origin.format(port=client.port)
    for path in ("/", "/live/stream"):
        assert client.ask(path, Origin=origin).status == 403
    for path in CHANGES:
        assert client.ask(path, "POST", "set=rr-test-0003-00002", Origin=origin).status == 403
    with Library(folder) as library:
        assert len(library.sets()) == 4


def test_a_change_must_say_where_it_comes_from(client: Client) -> None:
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    body = "set=rr-test-0003-00002"
    assert client.ask("/today/remove/hide", "POST", body, **form).status == 403
    assert client.ask("/", Sec_Fetch_Site="cross-site").status == 403
    assert client.ask("/", Sec_Fetch_Site="same-site").status == 403, "another port of this computer"
    assert client.ask("/today/remove/hide", "POST", body, Origin=client.origin, **form).status == 200


def test_web_sockets_are_refused(desk: Serving, client: Client) -> None:
    with socket.create_connection(("127.0.0.1", desk.http_port), 10) as line:
        key = base64.b64encode(os.urandom(16)).decode()
        asked = (
            f"GET /live/stream HTTP/1.1\r\nHost: {client.host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\nOrigin: http://evil.example\r\n"
            f"Cookie: {client.cookie}\r\n\r\n"
        )
        line.sendall(asked.encode())
        assert not line.recv(100).startswith(b"HTTP/1.1 101")


def test_every_answer_has_the_closed_policy(client: Client) -> None:
    for path in ("/", "/sets/rr-test-0003-00002", "/assets/desk.js", "/no/such/page", "/today/sets"):
        answer = client.ask(path)
        assert answer.getheader("Content-Security-Policy") == POLICY, path
        assert answer.getheader("X-Content-Type-Options") == "nosniff"
        assert answer.getheader("Cache-Control") == "no-store"
    assert "unsafe" not in POLICY and "http" not in POLICY and "*" not in POLICY


def test_it_listens_to_this_computer_alone(desk: Serving) -> None:
    table = Path("/proc/net/tcp")
    if not table.exists():
        pytest.skip("only Linux shows who listens in /proc")
    listening = [line.split() for line in table.read_text().splitlines()[1:]]
    own = [f[1] for f in listening if f[1].endswith(f":{desk.http_port:04X}") and f[3] == "0A"]
    assert own == [f"0100007F:{desk.http_port:04X}"]


def test_what_is_too_large_is_refused(client: Client) -> None:
    body = "value=" + "x" * BODY_MAX_BYTES
    answer = client.ask("/today/move", "POST", body, Origin=client.origin)
    assert answer.status == 413
    length = {"Content_Length": str(UPLOAD_MAX_BYTES + 1), "Origin": client.origin}
    assert client.ask("/library/upload", "POST", "x", **length).status == 413
    file = '--b\r\nContent-Disposition: form-data; name="set"; filename="a"\r\n\r\nx\r\n--b--\r\n'
    sent = client.ask(
        "/today/move", "POST", file, Origin=client.origin, Content_Type="multipart/form-data; boundary=b"
    )
    assert sent.status == 400


def test_assets_lead_nowhere_else(client: Client) -> None:
    for path in ("/assets/../security.py", "/assets/%2e%2e/security.py", "/assets/..%2fwords/en.toml"):
        assert client.ask(path).status == 404, path


def test_the_note_that_later_desks_read_is_the_owner_s_alone(desk: Serving, folder: Path) -> None:
    note = folder / FILE_NAME
    if os.name == "posix":
        assert note.stat().st_mode & 0o077 == 0
    key = json.loads(note.read_text())["key"]
    stranger = Client(desk)
    assert stranger.ask("/join", X_Desk_Key=key[:-1]).status == 403
    joined = stranger.ask("/join", X_Desk_Key=key)
    assert joined.status == 200
    assert stranger.ask("/", X_Desk_Key=key).status == 403, "the key opens nothing but new addresses"
    assert stranger.enter(json.loads(joined.text)["address"]).status == 200  # type: ignore[attr-defined]


def test_names_and_notes_are_text(client: Client, folder: Path) -> None:
    evil = '"><script>alert(1)</script><img src=x onerror=alert(1)>'
    with Library(folder) as library:
        library.edit(["rr-test-0003-00002"], {"notes": evil, "attachment": evil})
    for path in ("/", "/sets/rr-test-0003-00002", "/sets/rr-test-0003-00002/edit/notes"):
        text = client.ask(path).text  # type: ignore[attr-defined]
        assert "<script>alert" not in text and "<img src=x" not in text and "<b>" not in text, path


def test_what_a_hostile_rig_says_is_text(
    client: Client, desk: Serving, monkeypatch: pytest.MonkeyPatch
) -> None:
    evil = "<script>alert(1)</script><img src=x onerror=alert(1)>"
    work = desk.desk.work.at()
    plan = {"id": evil, "name": evil, "blocks": []}
    told = {"plans": [plan], "chosen": evil, "done": 0, "of": 1}
    monkeypatch.setattr(work, "look", lambda: {evil: evil})
    monkeypatch.setattr(
        work, "use", lambda job, doing="": told if job is Rig.plans else {"sound": evil, "still_s": evil}
    )
    monkeypatch.setattr("retrorig.desk.pages.plans.outline", lambda plan: (evil, evil, 1, 1))
    work.last_pull = PullTask(is_running=False, notices=[evil], errors=[evil])
    for path in (
        "/rig/state?port=&n=0",
        "/plans/rig",
        "/rig/settings",
        "/pull",
        "/",
        "/live?port=%3Cscript%3Ealert",
    ):
        answer = client.ask(path)
        text = answer.text  # type: ignore[attr-defined]
        assert answer.status == 200 and "<script>alert" not in text and "<img src=x" not in text, path
        assert "alert" in text or path.startswith("/live"), path


class OtherSite(http.server.BaseHTTPRequestHandler):
    """A page of another program on this computer: to the browser the same site, so that it sends the cookie along."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<!doctype html><p>another site</p>")

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def other_site() -> Iterator[str]:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), OtherSite) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


ATTACK = """
async url => {
  const fetched = {credentials: 'include'};
  const read = await fetch(url + '/', fetched).then(() => 'read', () => 'refused');
  const posted = {...fetched, method: 'POST', mode: 'no-cors'};
  const body = new URLSearchParams({set: 'rr-test-0003-00002'});
  await fetch(url + '/pull', posted).catch(() => 0);
  await fetch(url + '/today/remove/delete', {...posted, body}).catch(() => 0);
  const heard = await new Promise(done => {
    const stream = new EventSource(url + '/live/stream', {withCredentials: true});
    stream.onopen = () => done('heard');
    stream.onerror = () => done('refused');
  });
  const met = await new Promise(done => {
    const socket = new WebSocket(url.replace('http', 'ws') + '/live/stream');
    socket.onopen = () => done('met');
    socket.onerror = () => done('refused');
  });
  return [read, heard, met];
}
"""


def test_a_page_of_another_site_gets_nothing(
    context: BrowserContext, desk: Serving, folder: Path, other_site: str
) -> None:
    context.new_page().goto(desk.address())
    page = context.new_page()
    page.goto(other_site)
    assert page.evaluate(ATTACK, f"http://127.0.0.1:{desk.http_port}") == ["refused"] * 3
    assert desk.desk.work.last_pull is None
    with Library(folder) as library:
        assert len(library.sets()) == 4
    page.set_content(f"<iframe src='http://127.0.0.1:{desk.http_port}/'></iframe>")
    page.wait_for_load_state("networkidle")
    assert "Anna" not in str([frame.content() for frame in page.frames])
