"""Reports and files by a plain client: of which sets they are, in which form, and without a person in their names."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from tests.desk.test_day import days, sent
from tests.desk.test_troubles import asked, done, said

from retrorig.desk.wording import words_in

FIRST = "rr-test-0003-00001"
NAME = "Ben"


def saved(text: str) -> list[tuple[str, str]]:
    """(where a file is, its name) of what can be saved."""
    return re.findall(r'<a href="(/tasks/\d+/files/\d+)" download>\S+ (\S+)</a>', text)


def test_the_sets_that_a_form_means_are_listed_and_counted(filled: Path) -> None:
    earlier, latest = days(filled)
    with asked(filled) as client:
        for query, n in (
            ("", 4), ("athlete=Ben", 1), (f"on={latest}", 3), (f"until={earlier}", 1), (f"since={latest}&kind=work", 2),
            ("words=last", 1), ("words=last+last-1&athlete=%20", 2),
        ):  # fmt: skip
            text = said(client, f"/reports/sets?{query}")[1]
            assert text.count("<tr") - 1 == n, query
        assert said(client, "/reports/sets?athlete=Nobody")[0] == 422
        assert said(client, f"/reports/sets?on={earlier}&kind=work")[0] == 422, "none is a sentence"


def test_of_many_sets_some_are_listed_and_all_are_counted(
    filled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("retrorig.desk.pages.reports.SHOWN_N", 2)
    known = words_in("en")["reports"]
    with asked(filled) as client:
        for path, n in (("/reports/sets", 4), ("/reports", 3)):
            text = said(client, path)[1]
            assert len(re.findall(r'href="/sets/', text)) == 2
            assert known["chosen"].format(n) in text and known["more"].format(n - 2) in text


@pytest.mark.parametrize(
    "body",
    [
        "format=csv",
        "format=csv&athlete=Ben",
        "format=json",
        "format=csv&what=summary",
        "format=xlsx&what=summary",
    ],
)
def test_files_are_made_of_the_sets_that_are_meant(filled: Path, body: str) -> None:
    ending = body.partition("format=")[2].partition("&")[0]
    with asked(filled) as client:
        text = done(client, "/reports/export", body)
        ((path, name),) = saved(text)
        assert re.fullmatch(rf"retrorig-\d{{4}}-\d\d-\d\d\.{ending}", name), "nobody's name"
        assert words_in("en")["said"]["exported"].format(1 if NAME in body else 4) in text
        if ending == "json":
            assert len(json.loads(said(client, path)[1])["sets"]) == 4
        assert sent(client, "/reports/export", "format=json&what=summary")[0] == 422


def test_a_report_is_of_a_day_and_tells_names_only_if_that_was_ticked(filled: Path) -> None:
    earlier, latest = days(filled)
    with asked(filled) as client:
        for body, day, has_name in (
            (f"on={earlier}", earlier, False),
            (f"on={latest}&names=1", latest, True),
        ):
            ((path, name),) = saved(done(client, "/reports/report", f"{body}&title=Our+day"))
            assert name == f"retrorig-{day}.html"
            page = said(client, path)[1]
            assert "Our day" in page and (NAME in page) == has_name
