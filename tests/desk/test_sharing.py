"""The live page on the local network: off until asked for, read-only, without names; and a desk left alone."""

from __future__ import annotations

import re
import socket
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from tests.desk.test_closed import Client

from retrorig.desk import running, sharing
from retrorig.desk.running import Serving
from retrorig.desk.settings import DeskSettings, write_settings
from retrorig.desk.sharing import own_address
from retrorig.errors import InputError

ADDRESS = re.compile(r"http://127\.0\.0\.1:(\d+)(/\?token=\S+)")


class Guest(Client):
    """Somebody else on the network."""

    def __init__(self, address: str) -> None:
        found = ADDRESS.fullmatch(address)
        assert found
        self.port, self.cookie, self.path = int(found[1]), "", found[2]
        self.host = f"127.0.0.1:{self.port}"
        self.origin = f"http://{self.host}"

    def look(self) -> int:
        answer = self.ask(self.path)
        self.cookie = (answer.getheader("Set-Cookie") or "").partition(";")[0]
        return answer.status


@pytest.fixture(autouse=True)
def network(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("retrorig.desk.sharing.own_address", lambda: "127.0.0.1")


def test_it_is_shared_by_a_button_said_plainly_and_ended(page: Page, desk: Serving) -> None:
    assert desk.desk.sharing.address is None
    page.get_by_role("link", name="Live").click()
    page.get_by_text("Share on the local network").click()
    page.get_by_role("button", name="Share the live page").click()
    address = page.locator("#shared-at").inner_text()
    drawn = page.get_by_alt_text("QR code")
    expect(drawn).not_to_have_js_property(
        "naturalWidth", 0
    )  # once it is loaded, in whichever copy the page shows
    assert drawn.evaluate("image => image.naturalWidth") > 100
    page.get_by_role("link", name="Today").click()
    expect(page.locator(".sharing")).to_contain_text("whoever has its address can watch")
    guest = page.context.new_page()
    guest.goto(address)
    expect(guest.locator("#number")).to_be_visible()
    assert guest.locator("nav, form").count() == 0 and "token" not in guest.url
    guest.close()
    page.get_by_role("button", name="Stop sharing").click()
    expect(page.locator(".sharing")).to_have_count(0)
    with pytest.raises(urllib.error.URLError):
        urllib.request.urlopen(address, timeout=5)


def test_a_guest_sees_the_live_page_and_nothing_else(desk: Serving) -> None:
    address = desk.desk.sharing.start()
    first, second, stranger = Guest(address), Guest(address), Guest(address)
    assert first.look() == second.look() == 200, "one address for tablet and television"
    for path in ("/live/stream", "/", "/assets/live.js"):
        assert stranger.ask(path).status == 403
    for path in ("/people", "/sets/rr-test-0003-00002", "/today/sets", "/library", "/rig", "/join", "/pull"):
        answer = first.ask(path)
        assert answer.status == (403 if path == "/join" else 404) and "Anna" not in answer.text, path  # type: ignore[attr-defined]
    for path in ("/pull", "/today/remove/delete", "/share", "/rig/athlete", "/"):
        refused = 405 if path == "/" else 404
        assert first.ask(path, "POST", "", Origin=first.origin).status == refused, path
    own = Client(desk)
    own.cookie = first.cookie
    assert own.ask("/").status == 403, "the guests' cookie opens nothing of the coach's"
    first.host = f"evil.example:{first.port}"
    assert first.ask("/").status == 403
    assert "Anna" not in first.ask("/").text  # type: ignore[attr-defined]


def test_a_desk_may_end_with_its_last_page_and_leaves_the_port_free(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "LOOK_S", 0.02)
    monkeypatch.setattr(running, "LEFT_S", 0.3)
    with Serving(folder, port=str(folder / "no-rig")) as desk:
        desk.desk.seen_s = 0.0
        assert not desk.is_left(), "it stays until that is set"
    write_settings(folder, DeskSettings(ends_with_last_tab=True))
    ports: list[int] = []

    def announce(started: running.Started) -> None:
        page = Guest(started.address)
        assert page.look() == 200 and page.ask("/here").status == 204
        ports.append(page.port)

    running.run_desk(folder, str(folder / "no-rig"), 0, announce)
    socket.create_server(("127.0.0.1", ports[0])).close()
    assert not (folder / running.FILE_NAME).exists()


def test_the_option_shares_at_once_without_names(folder: Path) -> None:
    seen: list[running.Started] = []

    def announce(started: running.Started) -> None:
        seen.append(started)
        assert started.shared and Guest(started.shared).look() == 200
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        running.run_desk(folder, str(folder / "no-rig"), 0, announce, share=True)
    assert ADDRESS.fullmatch(seen[0].shared or "") and seen[0].address != seen[0].shared


def test_nothing_is_shared_until_somebody_asks_for_it(folder: Path) -> None:
    seen: list[running.Started] = []

    def announce(started: running.Started) -> None:
        seen.append(started)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        running.run_desk(folder, str(folder / "no-rig"), 0, announce)
    assert (seen[0].shared, seen[0].is_joined) == (None, False)


@pytest.mark.parametrize("has_network", [True, False])
def test_the_address_is_this_computers_own_in_its_network_and_nothing_is_sent_for_it(
    monkeypatch: pytest.MonkeyPatch, has_network: bool
) -> None:
    class Way:
        """A socket that knows the way out, if there is one."""

        def __init__(self, *kind: object) -> None:
            assert kind == (socket.AF_INET, socket.SOCK_DGRAM), "connecting such a one sends nothing"

        def __enter__(self) -> Way:
            return self

        def __exit__(self, *_: object) -> None:
            pass

        def connect(self, to: tuple[str, int]) -> None:
            if not has_network:
                raise OSError(101, "Network is unreachable")

        def getsockname(self) -> tuple[str, int]:
            return "192.168.1.7", 4711

    monkeypatch.setattr(sharing.socket, "socket", Way)
    if has_network:
        assert own_address() == "192.168.1.7"
    else:
        with pytest.raises(InputError, match="network"):
            own_address()
