"""Calibrations are published beside the sets: who reads a set elsewhere reads what it was measured with."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.library.test_kept_calibrations import OLD, belt_record, force_record
from tests.publish.target import PEOPLE, Target, make_library
from tests.publish.test_reading import viewer

from retrorig import Library
from retrorig.cli import run
from retrorig.library.calibration_record import new_record
from retrorig.publish import publish, published, roles_sql

SETS_N = 6
TECHNICIAN, ATHLETE = "Žofie Quillová", PEOPLE[0]


@pytest.fixture(autouse=True)
def _calibrated(library: Library) -> None:
    """The library's rig was calibrated by a technician and by an athlete, and by somebody who gave no name."""
    for number, person in enumerate((TECHNICIAN, ATHLETE, None)):
        made = datetime(2026, 11, 20 + number, 10, 0, tzinfo=UTC)
        rig = library.sets()[0].rig_id
        library.calibrations.add(
            new_record("belt", rig, OLD, {"circumference_um": 250_100}, {}, person, made)
        )
    library.calibrations.add({**force_record(), "person": TECHNICIAN})
    library.edit([library.sets()[0].set_id], {"athlete": ATHLETE})


def _commands(library: Library) -> list[str]:
    first, second, *_, last = (record["id"] for record in library.calibrations.all())
    return [
        "list", "list --json", f"list --rig {library.sets()[0].rig_id}", f"show {first}", f"show {last} --json",
        f"show {second} --json", f"compare {first} {second}", "show nosuch",
    ]  # fmt: skip


def test_calibrations_read_there_as_at_home(
    target: Target, library: Library, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    publish(library, target.address, str(target.store))
    for command in _commands(library):
        words = ["calibrate", *command.split()]
        at_home = run([*words, "--library", str(library.folder)]), capsys.readouterr()
        assert (run([*words, "--library", target.address]), capsys.readouterr()) == at_home, command
    page = tmp_path / "page.html"
    words = ["calibrate", "certificate", library.calibrations.all()[0]["id"], "--output", str(page)]
    assert run([*words, "--library", target.address]) == 0
    assert TECHNICIAN in page.read_text(encoding="utf-8")


def test_a_set_leads_to_the_calibration_that_it_was_computed_with(target: Target, library: Library) -> None:
    ids = [row.set_id for row in library.sets()]
    kept = library.calibrations.all()[0]["id"]
    library.recompute(ids, library.corrected(kept))
    publish(library, target.address, str(target.store))
    with published(target.address) as there:
        (named,) = {row.calibration_id for row in there.sets()}
        assert there.calibrations.get(named or "") == library.calibrations.get(kept)


def test_only_what_is_new_or_changed_is_written(target: Target, library: Library) -> None:
    publish(library, target.address, str(target.store))
    sql = "SELECT id, xmin FROM retrorig.calibrations ORDER BY id"
    before = target.rows(sql)
    publish(library, target.address)
    assert target.rows(sql) == before and len(before) == 4
    library.calibrations.add(belt_record())
    publish(library, target.address)
    assert [row for row in target.rows(sql) if row[0] != belt_record()["id"]] == before
    library.people.rename(ATHLETE, "Otherwise")
    publish(library, target.address)
    with published(target.address) as there:
        assert there.calibrations.all() == library.calibrations.all()


@pytest.mark.parametrize("delete_sets", [True, False])
def test_whoever_is_forgotten_is_on_no_calibration_there(
    target: Target, library: Library, delete_sets: bool
) -> None:
    label = library.people.add("Zdeňka Quirkelová", "zqx9")
    library.calibrations.add({**belt_record(), "person": "Zdeňka Quirkelová"})
    publish(library, target.address, str(target.store))
    words = ["Zdeňka Quirkelová".encode(), label.encode()]
    assert all(word in target.every_byte() for word in words)
    library.forget(label, delete_sets)
    publish(library, target.address)
    found = target.every_byte()
    assert not [word for word in words if word in found]
    with published(target.address) as there:
        assert there.calibrations.all() == library.calibrations.all()


def test_names_that_stay_at_home_are_pseudonyms_that_only_home_resolves(
    target: Target, library: Library
) -> None:
    publish(library, target.address, str(target.store), has_names=False)
    found = target.every_byte()
    assert TECHNICIAN.encode() not in found and json.dumps(TECHNICIAN)[1:-1].encode() not in found
    with published(target.address) as there:
        by = {record["id"]: record["person"] for record in there.calibrations.all()}
        assert not there.people.names()
    label = library.people.known_label(ATHLETE)
    for record in library.calibrations.all():
        told = by[record["id"]]
        if record["person"] == ATHLETE:
            assert told == library.site.pseudonym(label), "the same as beside the sets"
        elif record["person"]:
            assert told and library.site.resolve(told, [TECHNICIAN]) == TECHNICIAN
        else:
            assert told is None


def test_a_calibration_that_two_sites_have_is_listed_once(
    target: Target, library: Library, tmp_path: Path
) -> None:
    with make_library(tmp_path / "other", 2, first_rig=1) as other:
        other.calibrations.add({**force_record(), "person": TECHNICIAN})
        publish(other, target.address, str(target.store), site_name="North", has_names=False)
        publish(library, target.address, site_name="South")
    with published(target.address) as there:
        ids = [record["id"] for record in there.calibrations.all()]
        assert sorted(ids) == sorted(record["id"] for record in library.calibrations.all())
        assert there.calibrations.get(force_record()["id"])["person"] == TECHNICIAN


def test_each_login_sees_the_calibrations_of_its_sites(
    target: Target, library: Library, tmp_path: Path
) -> None:
    publish(library, target.address, str(target.store), site_name="South")
    with make_library(tmp_path / "other", 2, first_rig=1) as other:
        other.calibrations.add(belt_record())
        publish(other, target.address, site_name="North")
    target.server.sql(target.database, roles_sql())
    site, label = library.site.id, library.people.known_label(ATHLETE)
    coach = viewer(target, "coach", f"'{site}', '{label}', true")
    manager = viewer(target, "manager", f"'{site}', null, true")
    researcher = viewer(target, "researcher", "null, null, false")
    assert _makers(coach, library) == {ATHLETE, None, "?"}
    assert _makers(manager, library) == {ATHLETE, None, TECHNICIAN}
    assert _makers(researcher, library, belt_record()["id"]) == {None, "?"}
    with published(viewer(target, "nobody")) as there:
        assert there.calibrations.all() == []


def _makers(address: str, library: Library, *others: str) -> set[str | None]:
    """Who made what this login sees, "?" for everybody without a name; it sees the library's and these."""
    with published(address) as there:
        records = there.calibrations.all()
    own = [record["id"] for record in library.calibrations.all()]
    assert sorted(record["id"] for record in records) == sorted([*own, *others])
    return {
        by if by in (ATHLETE, TECHNICIAN, None) else "?" for by in (record["person"] for record in records)
    }


def test_a_publisher_changes_no_other_sites_calibrations(
    target: Target, library: Library, tmp_path: Path
) -> None:
    publish(library, target.address, str(target.store), site_name="South")
    target.server.sql(target.database, roles_sql())
    login = f"north_{target.database}"
    target.server.sql(target.database, f"CREATE ROLE {login} LOGIN; GRANT retrorig_publisher TO {login}")
    with make_library(tmp_path / "other", 2, first_rig=1) as other:
        other.calibrations.add(belt_record())
        publish(other, target.server.socket_address(target.database, login), site_name="North")
    assert len(target.rows("SELECT id FROM retrorig.calibrations")) == 5
    done = f"SET ROLE {login}; DELETE FROM retrorig.calibrations; UPDATE retrorig.calibrations SET kind = 'x'"
    with pytest.raises(AssertionError, match="permission denied"):
        target.server.sql(target.database, done)
    target.server.sql(target.database, f"SET ROLE {login}; UPDATE retrorig.calibrations SET kind = 'x'")
    changed = target.rows("SELECT site, kind FROM retrorig.calibrations WHERE kind = 'x'")
    assert changed and library.site.id not in {site for site, _ in changed}
