"""An update and the builder's own board.py."""

from __future__ import annotations

import pytest

from retrorig.errors import InputError
from retrorig.firmware_build import sources
from retrorig.flash.pins_file import kept

OURS = sources()["board.py"]


def test_a_file_that_has_all_names_stays_as_it_is() -> None:
    theirs = OURS.replace(b"PIN_BUZZER = 4", b"PIN_BUZZER = 14  # my wire")
    assert kept(theirs, OURS, "1") == theirs


def test_only_names_that_are_missing_are_added() -> None:
    theirs = OURS.replace(b"PIN_BOOT = 0\n", b"").replace(b"PIN_ENC_A = 32", b"PIN_ENC_A = 13")
    made = kept(theirs, OURS, "9.9")
    assert made.startswith(theirs.rstrip()) and b"retrorig 9.9" in made
    names: dict[str, object] = {}
    exec(made, names)
    wanted: dict[str, object] = {}
    exec(OURS, wanted)
    assert names["PIN_BOOT"] == 0 and names["PIN_ENC_A"] == 13
    assert set(wanted) <= set(names)


def test_a_file_that_python_can_not_read_is_left_for_its_owner() -> None:
    with pytest.raises(InputError, match="has a mistake"):
        kept(b"PIN_ENC_A = = 3\n", OURS, "1")
