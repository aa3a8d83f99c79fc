"""What a library is known by where it is published: drawn once, kept, and never telling who somebody is."""

from __future__ import annotations

from pathlib import Path

from tests.library.libraries import walk

from retrorig.library import Library
from retrorig.library.reading import read_set
from retrorig.library.site import Site

PLACES = ("postgresql://host/sites", "s3://bucket/sites", "postgresql://other/sites")


def test_a_library_is_one_site_and_another_is_another(tmp_path: Path) -> None:
    found = []
    for name in ("one", "one", "other"):
        with Library(tmp_path / name, create=True) as library:
            site = library.site
            found.append((site.id, site.pseudonym("a1"), site.pseudonym("a2"), site.id))
    assert found[0] == found[1] and not set(found[0]) & set(found[2])
    assert len(set(found[0])) == 3 and found[0][0] == found[0][3]
    assert [len(bytes.fromhex(word)) for word in found[0]] == [6, 8, 8, 6], "as others' databases have them"


def test_a_pseudonym_leads_back_where_its_library_is_and_nowhere_else(tmp_path: Path) -> None:
    with Library(tmp_path / "one", create=True) as library, Library(tmp_path / "two", create=True) as other:
        for label in ("a1", "a2"):
            stands = library.site.pseudonym(label)
            assert library.site.resolve(stands, ["a3", "a2", "a1"]) == label
            assert library.site.resolve(stands, ["a3"]) is None is other.site.resolve(stands, ["a1", "a2"])


def test_where_it_was_published_is_remembered_once_each_in_order(tmp_path: Path) -> None:
    with Library(tmp_path, create=True) as library:
        assert library.site.published_at == []
        for place in (*PLACES, PLACES[0]):
            library.site.note_published(place)
    with Library(tmp_path) as library:
        assert library.site.published_at == list(PLACES)


def test_a_library_that_was_never_published_is_asked_without_being_changed(tmp_path: Path) -> None:
    with Library(tmp_path, create=True) as library:
        before = library.db.rows("SELECT name FROM sqlite_master ORDER BY name")
        assert Site(library.db).published_at == []
        assert library.db.rows("SELECT name FROM sqlite_master ORDER BY name") == before
        assert isinstance(library.site.id, str) and Site(library.db).published_at == []


def test_a_set_of_a_rig_that_counts_no_eras_is_found_in_libraries_of_before(tmp_path: Path) -> None:
    """Their files have -1 for it; another number would make each such set another one."""
    blob = walk(1)
    assert "era" not in read_set(blob).header
    with Library(tmp_path, create=True) as library:
        (set_id, is_new), (_, is_new_again) = library.add_set(blob), library.add_set(blob)
        assert library.db.rows("SELECT set_id, era FROM raw_sets") == [(set_id, -1)]
        assert is_new and not is_new_again
