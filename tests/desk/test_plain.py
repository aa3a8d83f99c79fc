"""The desk by a plain client: every page is whole, every part of somebody's page answers, and its picture is one."""

from __future__ import annotations

import json
import re
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.desk.test_closed import Client

from retrorig.desk import open_desk
from retrorig.desk.pages.athlete import PARTS
from retrorig.desk.running import Serving
from retrorig.errors import MissingPackageError

SET = "rr-test-0003-00002"
FRAGMENTS = ("/pull", "/calibrations", "/reports/sets", "/today/sets", f"/sets/{SET}/splits")
PAGES = (
    "/", "/people", "/people/a1", "/people/a2", "/plans", "/reports", "/rig", "/library", f"/sets/{SET}", *FRAGMENTS,
)  # fmt: skip


@pytest.fixture(scope="module")
def client(filled: Path) -> Iterator[Client]:
    """One that was let in to a desk without a rig, which tests only look at."""
    with Serving(filled, port=str(filled.parent / "no-rig")) as desk:
        made = Client(desk)
        assert made.enter(desk.address()).status == 200
        yield made


@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_whole_and_has_no_hole(client: Client, path: str) -> None:
    answer = client.ask(path)
    text = answer.text  # type: ignore[attr-defined]
    assert answer.status == 200
    assert not re.search(r"\{\{|\}\}|\{%|Undefined|&lt;retrorig\.|Traceback|None</", text)
    if path not in FRAGMENTS:
        assert text.lstrip().startswith("<!doctype html>") and text.rstrip().endswith("</html>")


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("label", ["a1", "a2"])
def test_every_part_of_a_person_answers_and_its_picture_is_one(client: Client, label: str, part: str) -> None:
    answer = client.ask(f"/people/{label}/{part}")
    text = answer.text  # type: ignore[attr-defined]
    assert answer.status == 200 and re.search(r"[.:]", text)
    for number in re.findall(r"/pictures/(\d+)\.svg", text):
        picture = client.ask(f"/pictures/{number}.svg")
        assert picture.status == 200
        assert (picture.getheader("Content-Type") or "").startswith("image/svg+xml")
        assert "<svg" in picture.text  # type: ignore[attr-defined]


def test_weeks_and_sets_have_a_picture(client: Client) -> None:
    drawn = [part for part in PARTS if "/pictures/" in client.ask(f"/people/a1/{part}").text]  # type: ignore[attr-defined]
    assert drawn


def test_a_picture_or_a_part_that_there_is_not_is_a_sentence(client: Client) -> None:
    for path in ("/pictures/99999.svg", "/people/a1/colour"):
        assert client.ask(path).status == 422


def test_the_sets_are_asked_for_again_when_a_pull_has_ended_and_not_before(desk: Serving) -> None:
    client = Client(desk)
    client.enter(desk.address())
    assert client.ask("/pull").getheader("HX-Trigger") is None, "nothing was pulled"
    assert client.ask("/pull", "POST", "", Origin=client.origin).status == 200
    until_s = time.monotonic() + 30
    while client.ask("/pull").getheader("HX-Trigger") != "sets-changed":
        assert time.monotonic() < until_s
    assert "no-rig" in client.ask("/pull").text  # type: ignore[attr-defined]


@pytest.mark.parametrize("package", ["starlette", "uvicorn", "python_multipart", "jinja2"])
def test_a_desk_without_one_of_its_packages_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, package: str
) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(MissingPackageError, match=package):
        open_desk(tmp_path, None, 0, lambda started: None)


@pytest.mark.parametrize("along", ["time", "distance"])
def test_a_stretch_of_a_set_is_told_as_far_as_it_is_asked_for(client: Client, along: str) -> None:
    whole = json.loads(client.ask(f"/sets/{SET}/traces?along={along}").text)  # type: ignore[attr-defined]
    length = whole["last"] - whole["first"]
    start, stop = whole["first"] + length / 4, whole["first"] + length / 2
    asked = f"/sets/{SET}/traces?along={along}&from={start}&to={stop}"
    part = json.loads(client.ask(asked).text)  # type: ignore[attr-defined]
    assert (part["start"], part["stop"]) == (pytest.approx(start), pytest.approx(stop))
    assert (part["first"], part["last"]) == (whole["first"], whole["last"])
    assert len(part["speed"]["along"]) < len(whole["speed"]["along"])
    other = "rr-test-0003-00003"
    beside = json.loads(client.ask(f"{asked}&with={other}").text)  # type: ignore[attr-defined]
    assert len(beside["others"]) == 1


@pytest.mark.parametrize("every", ["0.5", "1", "100"])
def test_a_set_is_cut_into_stretches_of_the_length_that_was_asked(client: Client, every: str) -> None:
    text = client.ask(f"/sets/{SET}/splits?every={every}").text  # type: ignore[attr-defined]
    whole = json.loads(client.ask(f"/sets/{SET}/traces?along=distance").text)["last"]  # type: ignore[attr-defined]
    expected = -(-whole // float(every))
    assert abs(text.count("<tr") - 1 - expected) <= 1
