"""Athletes, plans, reports and the library in a browser, in the units of the user."""

from __future__ import annotations

import re
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Page, expect

from retrorig.desk.running import Serving
from retrorig.library import Library
from retrorig.plans import read_plan
from retrorig.plans.own import own_plans
from retrorig.plans.table import plan_table, plan_text

SECOND = "rr-test-0003-00002"


def go(page: Page, desk: Serving, path: str) -> None:
    page.goto(f"http://127.0.0.1:{desk.http_port}{path}")


def test_an_athlete_s_page_answers_or_says_what_is_missing(page: Page, folder: Path) -> None:
    with Library(folder) as library:
        library.edit([SECOND], {"pain": 3, "rpe": 6})
    page.get_by_role("link", name="Athletes").click()
    page.get_by_role("link", name="Anna").click()
    page.get_by_label("A week may grow by").fill("10")
    page.get_by_role("button", name="Show").click()
    trend = page.locator("#part-trend")
    expect(trend.locator("tbody tr")).to_have_count(1)
    expect(page.locator("#part-felt tbody tr")).to_contain_text("6.0")
    expect(page.locator("#part-best tbody tr").first).to_contain_text("±")
    expect(page.locator("#part-sides")).to_contain_text("compared")
    expect(page.locator("#part-profile")).to_contain_text("different loads")
    drawn = page.locator("#part-felt img")
    drawn.scroll_into_view_if_needed()
    expect(drawn).to_have_js_property("complete", True)
    assert drawn.evaluate("image => image.decode().then(() => image.naturalWidth)") > 0


def test_a_plan_is_checked_while_it_is_typed_in_either_form(page: Page, desk: Serving, folder: Path) -> None:
    go(page, desk, "/plans")
    expect(page.locator("#plan-checked")).to_contain_text("can be used")
    text = page.locator("#plan-text")
    text.fill(text.input_value().replace("distance_m = 10", "distance_m = -10\nfoo = 1"))
    expect(page.locator("#plan-checked li")).to_have_count(2)
    expect(page.locator("#plan-checked li").first).to_contain_text("line")
    text.fill(text.input_value().replace("distance_m = -10\nfoo = 1", "distance_m = 12"))
    expect(page.locator("#plan-checked")).to_contain_text("12 m")
    expect(page.get_by_label("how much")).to_have_value("12")
    page.get_by_label("rest, s").fill("45")
    expect(text).to_have_value(re.compile("rest_s = 45"))
    page.get_by_label("pace, m/s").fill("0,9 0.95")
    expect(text).to_have_value(re.compile(r"pace_mps = \[\s*0.9,\s*0.95,?\s*\]"))
    page.get_by_label("cadence band, steps/min, from").fill("90")
    page.locator("[name=cadence_spm-high-0]").fill("100")
    expect(page.locator("#plan-checked")).to_contain_text("90 to 100 steps/min, pace 0.9 0.95 m/s")
    page.get_by_role("button", name="Add a block").click()
    expect(page.get_by_label("rest, s")).to_have_count(2)
    page.get_by_label("Name").fill("Anna's third week")
    page.get_by_label("Id", exact=True).fill("week-3")
    expect(text).to_have_value(re.compile('id = "week-3"'))
    page.get_by_role("button", name="Keep as my own").click()
    expect(page.locator("#message")).to_contain_text("week-3")
    kept = read_plan(own_plans(folder)["week-3"])
    assert [block["amount"] for block in kept["blocks"]] == [12_000, 12_000]
    assert [block["pace_mmps"] for block in kept["blocks"]] == [[900, 950]] * 2
    page.get_by_role("button", name="Push").click()
    expect(page.locator("#pushed .error")).to_contain_text("no-rig")
    page.get_by_role("link", name="gentle-knee").click()
    expect(page.locator("#plan-checked")).to_contain_text("can be used")


@pytest.mark.parametrize("name", ["gentle-knee", "light-sled", "heavy-sled"])
def test_a_plan_s_table_and_text_are_the_same_plan(name: str, tmp_path: Path) -> None:
    from retrorig.plans import ready_made

    text = ready_made()[name].read_text(encoding="utf-8")
    (tmp_path / "plan.toml").write_text(plan_text(plan_table(text)), encoding="utf-8")
    assert read_plan(tmp_path / "plan.toml") == read_plan(name)


def test_reports_and_files_of_the_sets_that_were_chosen(page: Page, desk: Serving, tmp_path: Path) -> None:
    go(page, desk, "/reports")
    expect(page.locator("#chosen-sets")).to_contain_text("Sets chosen: 3")
    page.locator("select[name=athlete]").select_option("Ben")
    expect(page.locator("#chosen-sets")).to_contain_text("Sets chosen: 1")
    page.locator("select[name=athlete]").select_option("")
    page.get_by_label("with names and notes").uncheck()
    page.get_by_label("as PDF, too").check()
    page.get_by_role("button", name="Make the report").click()
    saved = page.locator("#made a[download]")
    expect(saved).to_have_count(2, timeout=60_000)
    for place, begins in ((0, b"<!doctype html>"), (1, b"%PDF-")):
        with page.expect_download() as download:
            saved.nth(place).click()
        content = Path(download.value.path()).read_bytes()
        assert content[:20].lower().startswith(begins.lower()) and b"Anna" not in content
    looked = page.request.get(f"{page.url.removesuffix('/reports')}/tasks/1/files/0?view")
    assert (
        "sandbox" in looked.headers["content-security-policy"]
        and "script" not in looked.headers["content-security-policy"]
    )
    page.locator("select[name=format]").select_option("xlsx")
    page.locator("select[name=what]").select_option("summary")
    page.get_by_role("button", name="Make the files").click()
    expect(saved).to_have_count(1, timeout=60_000)
    with page.expect_download() as download:
        saved.click()
    download.value.save_as(tmp_path / "sets.xlsx")
    assert openpyxl.load_workbook(tmp_path / "sets.xlsx").worksheets[0].max_row == 4
    page.get_by_label("to", exact=True).fill("2020-01-01")
    expect(page.locator("#message .error")).to_contain_text("No set is like that")


def test_people_are_entered_renamed_and_forgotten(page: Page, desk: Serving, folder: Path) -> None:
    go(page, desk, "/library")
    page.get_by_label("Somebody new").fill("Çağla")
    page.get_by_role("button", name="Enter").click()
    expect(page.locator("#people")).to_contain_text("Çağla")
    page.get_by_text("Ben known to").click()
    person = page.locator("details.person[open]")
    person.get_by_label("right name").fill("Benno")
    person.get_by_role("button", name="Rename").click()
    expect(page.locator("#people")).to_contain_text("Ben is Benno now.")
    page.get_by_text("Benno known to").click()
    person.get_by_label("they are deleted, too").check()
    person.get_by_role("button", name="Forget").click()
    expect(page.locator("#message .error")).to_contain_text("type Benno")
    person.get_by_label("Type the name again").fill("benno")
    person.get_by_role("button", name="Forget").click()
    expect(page.locator("#people")).to_contain_text("Benno is forgotten", timeout=20_000)
    with Library(folder) as library:
        assert len(library.sets()) == 3 and "Benno" not in library.people.names().values()


def test_a_library_is_backed_up_taken_over_and_checked(page: Page, desk: Serving, folder: Path) -> None:
    go(page, desk, "/library")
    page.get_by_role("button", name="Make a backup").click()
    saved = page.locator("#caring a[download]")
    expect(saved).to_be_visible(timeout=20_000)
    with page.expect_download() as download:
        saved.click()
    backup = Path(download.value.path())
    assert backup.read_bytes().startswith(b"SQLite format 3")
    with Library(folder) as library:
        library.forget("Ben", delete_sets=True)
    page.get_by_label("A backup file").set_input_files(
        {"name": "b.sqlite3", "mimeType": "", "buffer": backup.read_bytes()}
    )
    page.get_by_role("button", name="Take over").first.click()
    expect(page.locator("#caring")).to_contain_text("Here already: 3", timeout=20_000)
    page.get_by_role("button", name="Check").click()
    expect(page.locator("#caring")).to_contain_text("Nothing is lost or wrong", timeout=20_000)
    page.get_by_label("or a folder or file").fill("/no/such/library")
    page.get_by_role("button", name="Take over").nth(1).click()
    expect(page.locator("#caring .error")).to_be_visible()


def test_the_pages_speak_in_the_user_s_units(page: Page, desk: Serving, folder: Path) -> None:
    go(page, desk, "/library")
    for key, unit in (("distances in", "yd"), ("speeds in", "km/h"), ("forces in", "lbf")):
        page.get_by_label(key).select_option(unit)
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#message")).to_contain_text("Saved.")
    with Library(folder) as library:
        row, furthest_m = library.set(SECOND), library.samples(SECOND).distance_m.max()
    assert row.mean_speed_mps and row.mean_force_n
    go(page, desk, "/")
    line = page.locator(f"#set-{SECOND}")
    expect(line.locator(".mean_speed_mps")).to_have_text(f"{row.mean_speed_mps * 3.6:.2f}")
    expect(line.locator(".backward_m")).to_have_text(f"{row.backward_m / 0.9144:.2f}")
    expect(page.get_by_role("columnheader", name="speed, km/h").first).to_be_visible()
    go(page, desk, f"/sets/{SECOND}")
    expect(page.get_by_role("row", name="mean force")).to_contain_text("lbf")
    page.get_by_label("distance", exact=True).check()
    yards = f"{furthest_m / 0.9144:.2f}"[:-1]
    expect(page.locator("#plots")).to_have_attribute("data-to", re.compile(f"^{yards}"))
    page.get_by_role("button", name="Each 1 yd").click()
    expect(page.locator("#splits tbody tr").first).to_contain_text("0–1 yd")
    go(page, desk, "/people/a1")
    best = page.locator("#part-best")
    expect(best.get_by_role("columnheader", name="speed, km/h").first).to_be_visible()
    expect(best.locator("tbody tr").first).to_contain_text("km/h")
    go(page, desk, "/plans?plan=gentle-knee")
    expect(page.locator("#plan-checked td", has_text="yd").first).to_be_visible()
    go(page, desk, "/reports")
    page.get_by_text("Which", exact=True).click()
    expect(page.locator("#chosen-sets tbody tr").first).to_contain_text(f"{row.backward_m / 0.9144:.2f}")
    page.get_by_role("button", name="Make the report").click()
    expect(page.locator("#made a[download]")).to_be_visible(timeout=60_000)
    with page.expect_download() as download:
        page.locator("#made a[download]").click()
    report = Path(download.value.path()).read_text(encoding="utf-8")
    assert f"{row.mean_speed_mps * 3.6:.2f}" in report and "lbf" in report and "km/h" in report
