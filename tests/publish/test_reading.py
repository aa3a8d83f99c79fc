"""What is published reads as it does at home, and shows to each login what the database's roles allow."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from tests.publish.target import PEOPLE, Target, check, make_library

from retrorig import InputError, Library
from retrorig.cli import run
from retrorig.publish import publish, published, roles_sql

SETS_N = 30


@pytest.fixture(autouse=True)
def _noted(library: Library) -> None:
    """The library has notes of every kind."""
    ids = [row.set_id for row in library.sets()]
    library.edit(
        ids[:20],
        {"athlete": PEOPLE[0], "notes": "Grüße, O'Hara", "rpe": 7, "load_kg": 20.5},
        add_tags=["x"],
    )
    library.edit(ids[1:2], {"trim_end_s": 1.0})
    library.recompute(ids[2:3], library.corrected(circumference_um=251_000))


COMMANDS = (
    "sets", "sets --json", "sets --athlete 1 --json", "sets --tag x", "show last", "show last-2 --json",
    "trend --athlete 1 --json", "sides --athlete 1 --json", "fatigue --athlete 1 --json", "quality --json",
    "drag --load-kg 20.5 --json", "profile --athlete 1 --json", "day --athlete 1 --json",
    "export last --format csv --output -",
)  # fmt: skip


def test_a_command_prints_what_it_prints_at_home(
    target: Target, library: Library, capsys: pytest.CaptureFixture[str]
) -> None:
    publish(library, target.address, str(target.store))
    for path in target.files("raw"):
        path.unlink()
    told_n = 0
    for command in COMMANDS:
        words = [PEOPLE[0] if word == "1" else word for word in command.split()]
        at_home = run([*words, "--library", str(library.folder)]), capsys.readouterr()
        assert (run([*words, "--library", target.address]), capsys.readouterr()) == at_home, command
        told_n += at_home[0] == 0
    assert told_n > len(COMMANDS) - 4  # some have too little to go by, and say so in both places


def test_samples_and_reports_are_those_at_home(target: Target, library: Library, tmp_path: Path) -> None:
    publish(library, target.address, str(target.store))
    with published(target.address) as there:
        for row in library.sets():
            ours, theirs = library.samples(row.set_id), there.samples(row.set_id)
            assert all(
                np.array_equal(getattr(ours, key), getattr(theirs, key), equal_nan=True)
                for key in ("time_s", "force_n")
            )
    page = tmp_path / "page.html"
    assert run(["report", "last", "--library", target.address, "--output", str(page)]) == 0
    assert library.sets()[-1].set_id in page.read_text(encoding="utf-8")


def test_nothing_can_be_changed_there_and_the_copy_goes(
    target: Target,
    library: Library,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    publish(library, target.address, str(target.store))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "scratch"))
    (tmp_path / "scratch").mkdir()
    with published(target.address) as there:
        assert list((tmp_path / "scratch").iterdir())
        with pytest.raises(InputError, match="can't be written"):
            there.delete([there.sets()[0].set_id])
    assert not list((tmp_path / "scratch").iterdir())
    for command in (
        "delete last",
        "edit last --note x",
        "pull",
        "desk --shortcut",
        "watch",
        "library compact",
    ):
        assert run([*command.split(), "--library", target.address]) == 2
        assert "a folder" in capsys.readouterr().err
    check(target, library)


def test_people_of_two_sites_who_share_a_name_are_told_apart(
    target: Target, library: Library, tmp_path: Path
) -> None:
    with make_library(tmp_path / "other", 12, first_rig=1) as other:
        publish(library, target.address, str(target.store), site_name="South")
        publish(other, target.address, site_name="North")
        with published(target.address) as there:
            athletes = {row.athlete for row in there.sets()}
            assert len(there.sets()) == SETS_N + 12
            assert f"{PEOPLE[0]} (South)" in athletes and all(
                name and name.endswith((" (South)", " (North)")) for name in athletes
            )
            assert {row.rig_id for row in there.sets(athlete=f"{PEOPLE[0]} (South)")} == {f"{0:012x}"}
        with pytest.raises(InputError, match="--site"):
            publish(other, target.address, site_name="South")


def test_files_that_lie_elsewhere_from_here_are_named(
    target: Target,
    library: Library,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    publish(library, target.address, str(target.store))
    shutil.move(target.store, tmp_path / "moved")
    command = ["export", "last", "--format", "csv", "--output", "-", "--library", target.address]
    assert run(command) == 2 and "belong to another database or to nobody" in capsys.readouterr().err
    monkeypatch.setenv("RETRORIG_FILES", str(tmp_path / "moved"))
    assert run(command) == 0


def test_a_file_that_the_store_lost_is_told_and_another_publish_sends_it(
    target: Target, library: Library, capsys: pytest.CaptureFixture[str]
) -> None:
    publish(library, target.address, str(target.store))
    for path in target.files("raw") + target.files("samples"):
        path.unlink()
    assert run(["show", "last", "--library", target.address]) == 0
    capsys.readouterr()
    command = ["export", "last", "--format", "csv", "--output", "-", "--library", target.address]
    assert run(command) == 2
    sentence = capsys.readouterr().err
    assert sentence.count("\n") == 1 and "published again" in sentence
    assert publish(library, target.address).sent_n == SETS_N
    check(target, library)
    assert run(command) == 0


@pytest.mark.parametrize("kind", ["samples", "raw"])
def test_a_lost_file_of_either_kind_is_noticed(target: Target, library: Library, kind: str) -> None:
    publish(library, target.address, str(target.store))
    target.files(kind)[0].unlink()
    assert 0 < publish(library, target.address).sent_n < SETS_N
    check(target, library)


@pytest.fixture
def roles(target: Target, library: Library, tmp_path: Path) -> Iterator[tuple[Target, Library]]:
    """Two sites, each published by a login of its own under row security; the second library."""
    first, second = f"south_{target.database}", f"north_{target.database}"
    publish(library, target.address, str(target.store), site_name="South")
    for _ in range(2):  # a second time changes nothing
        target.server.sql(target.database, roles_sql())
    for login in (first, second):
        target.server.sql(target.database, f"CREATE ROLE {login} LOGIN; GRANT retrorig_publisher TO {login}")
    target.server.sql(target.database, f"UPDATE retrorig.sites SET login = '{first}'")
    with make_library(tmp_path / "other", 12, first_rig=1) as other:
        publish(other, target.server.socket_address(target.database, second), site_name="North")
        yield target, other


def test_a_publisher_changes_its_own_site_and_no_other(
    roles: tuple[Target, Library], library: Library
) -> None:
    target, other = roles
    check(target, library, other)
    first, second = (f"{name}_{target.database}" for name in ("south", "north"))
    library.delete([row.set_id for row in library.sets()][:3])
    assert publish(library, target.server.socket_address(target.database, first)).removed_n == 3
    check(target, library, other)
    library.delete([row.set_id for row in library.sets()][:3])
    with pytest.raises(InputError, match="no right"):
        publish(library, target.server.socket_address(target.database, second))
    assert target.rows("SELECT count(*) FROM retrorig.sets") == [[str(SETS_N - 3 + 12)]]


def viewer(target: Target, name: str, *values: str) -> str:
    """The address of a new login that may see this."""
    login = f"{name}_{target.database}"
    target.server.sql(target.database, f"CREATE ROLE {login} LOGIN; GRANT retrorig_viewer TO {login}")
    for value in values:
        target.server.sql(target.database, f"INSERT INTO retrorig.viewers VALUES ('{login}', {value})")
    return target.server.socket_address(target.database, login)


def test_a_coach_sees_the_athletes_and_a_researcher_no_names(
    roles: tuple[Target, Library], library: Library
) -> None:
    target, other = roles
    label = library.people.known_label(PEOPLE[0])
    site = library.site.id
    coach = viewer(target, "coach", f"'{site}', '{label}', true")
    manager = viewer(target, "manager", f"'{site}', null, true")
    researcher = viewer(target, "researcher", "null, null, false")
    nobody = viewer(target, "nobody")
    with published(coach) as there:
        assert {row.set_id for row in there.sets()} == {row.set_id for row in library.sets(athlete=label)}
        assert {row.athlete for row in there.sets()} == {PEOPLE[0]}
        assert len(there.people.names()) == 1
    with published(manager) as there:
        assert {row.set_id for row in there.sets()} == {row.set_id for row in library.sets()}
    with published(researcher) as there:
        assert len(there.sets()) == len(library.sets()) + len(other.sets())
        assert not there.people.names() and not any("Athlete" in (row.athlete or "") for row in there.sets())
    with published(nobody) as there:
        assert there.sets() == []
    for address in (coach, researcher):
        with pytest.raises(InputError, match="no right"):
            publish(library, address)
    login = coach.partition("user=")[2]
    seen = target.server.sql(
        target.database, f"SET ROLE {login}; SELECT count(*) FROM retrorig.listing; TABLE retrorig.viewers"
    )
    assert seen.splitlines()[0] == str(len(library.sets(athlete=label))) and len(seen.splitlines()) == 2
