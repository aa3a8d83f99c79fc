"""What a report says, of which sets, and how large it is."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from tests.export.libraries import fill, header_blob, walk_blob
from tests.measure.walks import Gait

from retrorig.cli import run
from retrorig.errors import InputError
from retrorig.library import Library, SetRow
from retrorig.measure.samples import sample_set
from retrorig.report import pdf, session, words
from retrorig.report.html import write_html

from .conftest import NAMES, Report

MEGABYTE = 1_000_000


def text_of(page: Path) -> str:
    """What a reader sees, in one line."""

    class Reader(HTMLParser):
        seen: list[str] = []
        hidden = 0

        def handle_starttag(self, tag: str, attrs: Any) -> None:
            self.hidden += tag == "style"

        def handle_endtag(self, tag: str) -> None:
            self.hidden -= tag == "style"

        def handle_data(self, data: str) -> None:
            if not self.hidden:
                self.seen.append(data)

    reader = Reader()
    reader.seen = []
    reader.feed(page.read_text(encoding="utf-8"))
    return " ".join(" ".join(reader.seen).split())


def test_fifteen_sets_are_under_a_megabyte(tmp_path: Path) -> None:
    noisy = [
        walk_blob(no, no * 90.0, Gait(steps=16, noise_n=8.0, seed=no), athlete="a1") for no in range(1, 16)
    ]
    fill(tmp_path, noisy)
    with Library(tmp_path) as library:
        write_html(library, session.choose(library, []), tmp_path / "page.html")
    page = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert page.count('<article class="set"') == 15
    assert len(page.encode()) < MEGABYTE
    assert not re.search(r"<script|https?:|@import|url\([^#]|\ssrc=|href=\"[^#]", page), (
        "nothing from elsewhere"
    )


def test_every_number_of_a_set_is_there_with_its_uncertainty(report: Report) -> None:
    seen = text_of(report.page)
    with Library(report.library) as library:
        rows = [library.set(set_id) for set_id in report.set_ids]
    for row in rows:
        for key in (
            "backward_m",
            "mean_speed_mps",
            "peak_speed_mps",
            "mean_force_n",
            "peak_force_n",
            "work_j",
        ):
            if row.value(key) is not None:
                assert words.value(row, key) in seen
                assert words.plus_minus(row, key) in seen
        assert row.set_id in seen
        assert all(reason.casefold() in seen.casefold() for reason in row.quality_reasons)
        assert all(why in seen for why in row.null_reasons.values())
    assert f"{sum(row.backward_m for row in rows):.1f} m" in seen


def test_values_carry_the_digits_that_are_sure() -> None:
    row = SetRow(
        mean_speed_mps=1.00615,
        work_j=1782.47,
        mean_force_n=116.4,
        mean_power_w=7.9,
        uncertainty={"mean_speed_mps": 0.0037, "work_j": 22.07, "mean_force_n": 0.4, "mean_power_w": 1.21},
    )
    assert (
        words.value(row, "mean_speed_mps") == "1.006 m/s"
        and words.plus_minus(row, "mean_speed_mps") == "± 0.004"
    )
    assert words.value(row, "work_j") == "1782 J" and words.plus_minus(row, "work_j") == "± 22"
    assert words.value(row, "mean_power_w") == "7.9 W" and words.plus_minus(row, "mean_power_w") == "± 1.2"
    assert words.value(row, "mean_force_n") == "116.4 N" and words.plus_minus(row, "mean_force_n") == "± 0.4"


def test_peaks_that_mislead_are_pointed_out(report: Report) -> None:
    with Library(report.library) as library:
        rows = [library.set(set_id) for set_id in report.set_ids]
        samples = [sample_set(library.raw(set_id)) for set_id in report.set_ids]
    warned = [" ".join(words.caveats(row, one)) for row, one in zip(rows, samples, strict=True)]
    assert "snapped" not in warned[0] and "snapped tight" in warned[1], (
        "two steps without pull were planted there"
    )
    assert "so short" in warned[4] and "so short" not in warned[1]
    slow = replace(rows[0], samples_lost=20)
    assert "missing" in " ".join(words.caveats(slow, samples[0]))
    assert "snapped tight" in text_of(report.page)


def test_numbers_of_another_version_of_this_program_are_pointed_out(report: Report) -> None:
    """A row stays as it was computed, its plot is drawn from what the samples give now."""
    with Library(report.library) as library:
        row = library.set(report.set_ids[0])
        samples = sample_set(library.raw(row.set_id))
    assert words.other_version(row, samples) == [] and "Another version" not in text_of(report.page)
    for key in ("duration_s", "backward_m", "peak_speed_mps", "peak_force_n"):
        older = replace(row, **{key: row.value(key) * 1.01})
        (sentence,) = words.other_version(older, samples)
        assert f"library recompute {row.set_id}" in sentence and sentence in words.caveats(older, samples)


def test_steps_of_one_foot_or_of_hands_are_told_from_a_walk(report: Report) -> None:
    """Pushes on a wheel have a rhythm, too; nobody takes steps of a metre at fifty a minute."""
    with Library(report.library) as library:
        walked, _, pushed, *_ = (library.set(set_id) for set_id in report.set_ids)
    assert words.rhythm(walked) == [] and "pushes of a hand" in words.rhythm(pushed)[0]
    assert words.rhythm(SetRow()) == []
    seen = text_of(report.page)
    assert words.rhythm(pushed)[0] in seen and "Whatever pushes so is counted" in seen


def test_a_blank_for_want_of_pull_says_how_much_there_was(report: Report) -> None:
    """With a peak of 41 N nobody believes that there was hardly any."""
    with Library(report.library) as library:
        pushed = library.set(report.set_ids[2])
    assert (pushed.peak_force_n or 0) > 30 and pushed.slack_s is None
    assert "the pull was under 10 N for most of the set" in " ".join(words.blanks(pushed))


def test_sets_of_nobody_are_not_taken_for_somebody_s(report: Report, tmp_path: Path) -> None:
    with Library(report.library) as library:
        rows = [library.set(report.set_ids[place]) for place in (0, 4)]
        write_html(library, rows, tmp_path / "page.html")
    seen = text_of(tmp_path / "page.html")
    assert "Set 1, Anna" in seen and "Set 2, nobody named" in seen


def test_evenness_and_the_zero_of_force_at_both_ends_are_told(report: Report) -> None:
    with Library(report.library) as library:
        rows = [library.set(set_id) for set_id in report.set_ids]
    seen = text_of(report.page)
    for row in rows:
        assert all(sentence in seen for sentence in words.beside(row))
    gait = {"smoothness_pct": 76.4, "zero_before_n": -0.04, "zero_after_n": 1.26, "zero_drift_n": 1.3}
    even, slack = words.beside(SetRow(gait=gait))
    assert "76 %" in even
    assert (
        slack == "The slack line read +0.0 N before the set and +1.3 N after the set, so it moved by +1.3 N."
    )
    (only,) = words.beside(SetRow(gait={"zero_before_n": 0.3, "zero_after_n": None, "zero_drift_n": None}))
    assert only == "The slack line read +0.3 N before the set."
    *_, still = words.beside(
        SetRow(gait={"zero_before_n": 0.04, "zero_after_n": 0.01, "zero_drift_n": -0.03})
    )
    assert still == "The slack line read +0.0 N before the set and +0.0 N after the set, so it did not move."
    assert words.beside(SetRow(gait={})) == []


def test_what_people_noted_and_the_session_knew_is_said(report: Report, tmp_path: Path) -> None:
    with Library(report.library) as library:
        row = replace(
            library.set(report.set_ids[1]),
            load_kg=22.5,
            side="left",
            attachment="hip",
            rpe=7,
            pain=1,
            notes="<i>Straps slipped",
            tags=["knee"],
            trim_start_s=0.5,
            trim_end_s=1.5,
            session={
                "undone": True,
                "rest_s": 92.0,
                "paused_s": 3.2,
                "over_force_s": 1.25,
                "over_speed_s": 0.0,
            },
        )
        write_html(library, [row], tmp_path / "page.html")
    seen = text_of(tmp_path / "page.html")
    for sentence in (
        "free, sled, left, hip.",
        "Without the first 0.5 s and the last 1.5 s, as noted by hand.",
        "The athlete took this set back. Rested 92 s before. Stood still for 3.2 s within the set",
        "Above the plan's limit of force for 1.2 s.",
        "22.5 kg",
        "7 of 10",
        "<i>Straps slipped knee",
    ):
        assert sentence in seen, sentence
    assert "limit of speed" not in seen


def test_without_names_nobody_can_be_told(tmp_path: Path) -> None:
    blobs = [walk_blob(no, no * 30.0, Gait(steps=6), athlete=f"a{1 + no % 2}") for no in (1, 2, 3)]
    ids = fill(tmp_path / "library", blobs, NAMES)
    with Library(tmp_path / "library") as library:
        rows = [
            replace(library.set(i), notes="Anna limps", tags=["Ben's"], attachment="Anna's belt") for i in ids
        ]
        for names in (True, False):
            write_html(library, rows, tmp_path / f"{names}.html", names=names)
    named, nameless = (tmp_path / f"{names}.html" for names in (True, False))
    for word in ("Anna", "Müller", "Ben", "limps", "belt"):
        assert word in text_of(named)
        assert word not in nameless.read_text(encoding="utf-8").replace("belt encoder", "")
    seen = text_of(nameless)
    assert "athlete A, athlete B" in seen and "athlete C" not in seen
    assert not re.search(r"\ba[12]\b", seen), "labels tell who it is to those who know them"


def test_a_set_without_a_sample_has_a_place(tmp_path: Path) -> None:
    ids = fill(tmp_path, [walk_blob(1, 0.0, Gait(steps=6)), header_blob(2, 60.0)])
    with Library(tmp_path) as library:
        write_html(library, session.choose(library, ids), tmp_path / "page.html")
    seen = text_of(tmp_path / "page.html")
    assert ids[1] in seen and "No sample of the set was saved." in seen


def test_colours_of_lines_stand_out_on_paper_and_card() -> None:
    """WCAG 2.2, 1.4.11: graphics need 3 to 1; text, which uses the other colours, is measured in the browser."""
    css = Path(session.__file__).with_name("templates").joinpath("report.css").read_text(encoding="utf-8")
    for scheme in css.split("@media screen and (prefers-color-scheme: dark)"):
        colour = dict(re.findall(r"--([\w-]+): (#\w{6})", scheme))
        lines = [name for name in colour if name.startswith("line-")] + ["speed", "force", "power"]
        assert len(lines) == 9
        for name in lines:
            for back in ("paper", "card"):
                assert _contrast(colour[name], colour[back]) >= 3, (name, back)


def _contrast(one: str, other: str) -> float:
    low, high = sorted(_luminance(colour) for colour in (one, other))
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_the_command_says_what_is_wrong(
    report: Report, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(pdf, "BROWSERS", ("no-such-browser",))
    page = tmp_path / "x.html"
    own = ["report", "--library", str(report.library), "--output", str(page)]
    with Library(tmp_path / "empty", create=True):
        pass
    for arguments, word in (
        ([*own, "--pdf", str(tmp_path / "x.pdf")], "chromium"),
        ([*own, "--pdf", str(page)], "two files"),
        ([*own, "nix"], "no set nix"),
        ([*own, "--athlete", "Zoe"], "called Zoe"),
        ([*own, "--athlete", "Ben", report.set_ids[0]], "called Ben"),
        (["report", "--library", str(tmp_path / "empty"), "--output", str(page)], "no set in this library"),
        (
            ["report", "--library", str(report.library), "--output", str(tmp_path / "no" / "x.html")],
            "can't be written",
        ),
        (["report", "--library", str(report.library)], "--output"),
    ):
        assert run(arguments) == 2
        out, err = capsys.readouterr()
        assert out == "" and word in err and err.count("\n") == 1
        assert not page.exists()


def test_a_browser_that_prints_nothing_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = tmp_path / "chromium"
    broken.write_text("#!/bin/sh\nexit 1\n")
    broken.chmod(0o755)
    monkeypatch.setattr(pdf, "BROWSERS", (str(broken),))
    with pytest.raises(InputError, match="did not print"):
        pdf.write_pdf(tmp_path / "page.html", tmp_path / "page.pdf")
    assert not (tmp_path / "page.pdf").exists()
