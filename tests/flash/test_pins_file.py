"""An update and the builder's own board.py."""

from __future__ import annotations

from pathlib import Path

import pytest
from hardware.derive.source import load
from hypothesis import given
from hypothesis import strategies as st

from retrorig.errors import InputError
from retrorig.firmware_build import sources
from retrorig.flash import chip_pins
from retrorig.flash.pins_file import changed, check_pins, kept, values, wishes

OURS = sources()["board.py"]
RIG = load()


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


def written(folder: Path, text: str) -> Path:
    file = folder / "my-pins.toml"
    file.write_text(text, encoding="utf-8")
    return file


def test_wishes_are_read_with_a_mark_of_byte_order_too(tmp_path: Path) -> None:
    text = "\ufeffPIN_BUZZER = 16\nCOUNTS_PER_REV = 4096\nTFT_IS_INVERTED = false\n"
    assert wishes(written(tmp_path, text), OURS) == {
        "PIN_BUZZER": 16, "COUNTS_PER_REV": 4096, "TFT_IS_INVERTED": False,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("PIN_BUZER = 14", "did you mean PIN_BUZZER"),
        ("PIN_BUZZER = '14'", "must be a whole number"),
        ("PIN_BUZZER = true", "must be a whole number"),
        ("TFT_IS_INVERTED = 1", "must be true or false"),
        ("BUZZER 14", "lines such as"),
        ("", "sets nothing"),
    ],
)
def test_a_wish_that_is_not_understood_is_told(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        wishes(written(tmp_path, text), OURS)


@pytest.mark.parametrize(
    ("chip", "pins", "said"),
    [
        ("esp32", {"PIN_ENC_A": 34}, "input only"),
        ("esp32", {"PIN_ENC_A": 6}, "flash"),
        ("esp32", {"PIN_BUZZER": 12}, "read at reset"),
        ("esp32", {"PIN_BUZZER": 3}, "serial"),
        ("esp32", {"PIN_BUZZER": 24}, "has no GPIO24"),
        ("esp32", {"PIN_BUZZER": 33}, "is PIN_ENC_B already"),
        ("esp32", {"PIN_BUZZER": 33, "PIN_ENC_B": 33}, "already"),
        ("esp32", {"PIN_BOOT": 4, "PIN_BUZZER": 16}, "must stay 0"),
        ("esp32s3", {"PIN_ENC_A": 22}, "has no GPIO22"),
        ("esp32s3", {"PIN_ENC_A": 46}, "read at reset"),
        ("esp32s3", {"PIN_ENC_A": 5}, "is PIN_ENC_B already"),
    ],
)
def test_a_pin_that_the_chip_does_not_allow_is_refused(chip: str, pins: dict[str, int], said: str) -> None:
    with pytest.raises(InputError, match=said):
        check_pins(pins, OURS, chip)


def test_two_pins_may_change_places_and_a_doubtful_one_is_told() -> None:
    assert check_pins({"PIN_ENC_A": 33, "PIN_ENC_B": 32}, OURS, "esp32") == []
    (doubt,) = check_pins({"PIN_BUZZER": 16}, OURS, "esp32")
    assert "GPIO16" in doubt and "WROVER" in doubt


@given(chip=st.sampled_from(["esp32", "esp32s3"]), gpio=st.integers(-5, 60))
def test_no_pin_passes_that_the_hardware_page_forbids(chip: str, gpio: int) -> None:
    refused = {pin for entry in RIG.boards[chip].avoid if entry.get("refused", True) for pin in entry["gpio"]}
    is_refused = gpio in refused or gpio not in chip_pins.EXISTS[chip]
    taken = {value for name, value in values(OURS, chip).items() if name.startswith("PIN_")}
    if is_refused or gpio in taken - {values(OURS, chip)["PIN_BUZZER"]}:
        with pytest.raises(InputError):
            check_pins({"PIN_BUZZER": gpio}, OURS, chip)
    else:
        doubtful = {pin for entry in RIG.boards[chip].avoid for pin in entry["gpio"]}
        assert bool(check_pins({"PIN_BUZZER": gpio}, OURS, chip)) == (gpio in doubtful)


def test_what_was_set_is_what_the_board_reads_and_the_next_file_takes_its_place() -> None:
    for chip in ("esp32", "esp32s3"):
        first = changed(OURS, {"PIN_BUZZER": 16, "COUNTS_PER_REV": 4096})
        assert values(first, chip) == {**values(OURS, chip), "PIN_BUZZER": 16, "COUNTS_PER_REV": 4096}
        second = changed(kept(first, OURS, "2"), {"PIN_BTN_PAIN": 16})
        assert values(second, chip) == {**values(OURS, chip), "PIN_BTN_PAIN": 16}
        assert second.count(b"--pins:") == 1


def test_a_builders_own_file_keeps_its_lines() -> None:
    theirs = OURS.replace(b"PIN_BUZZER = 4", b"PIN_BUZZER = 14  # my wire")
    assert changed(theirs, {"PIN_ENC_A": 16}).startswith(theirs.rstrip())


def test_the_pins_that_there_are_are_those_of_the_data_sheets() -> None:
    """ESP32: no GPIO20, 24 and 28 to 31; ESP32-S3: none from 22 to 25."""
    assert chip_pins.EXISTS["esp32"] == set(range(40)) - {20, 24, 28, 29, 30, 31}
    assert chip_pins.EXISTS["esp32s3"] == set(range(49)) - {22, 23, 24, 25}
