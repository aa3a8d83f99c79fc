"""What is refused before anything is written to a chip."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.flash.doubles import APP_AT, application, image

from retrorig.errors import InputError, RigRefusedError
from retrorig.flash import app_image, images
from retrorig.flash.chips import CHIPS, chip_named, chip_optioned
from retrorig.partitions import STOCK

ESP32, S3 = CHIPS
WHOLE = image(ESP32)


@pytest.mark.parametrize("chip", CHIPS)
def test_an_image_is_taken_apart_where_its_own_table_says(chip: images.Chip) -> None:
    whole = image(chip)
    parts = images.take_apart(whole, chip, "x.bin")
    assert parts.version == (1, 28, 0) and parts.table == STOCK and parts.app_at == APP_AT
    assert whole.startswith(parts.loader) and whole.endswith(parts.app)
    assert whole[APP_AT - chip.image_at :] == parts.app
    assert chip.image_at + len(parts.loader) < 0x8000, "neither the table nor NVS is part of it"
    assert images.flash_size(parts.loader) == 4 << 20


@pytest.mark.parametrize(
    ("image_id", "name"),
    [
        (2, "ESP32-S2"), (5, "ESP32-C3"), (9, "ESP32-S3"), (12, "ESP32-C2"), (13, "ESP32-C6"), (16, "ESP32-H2"),
        (99, "unknown chip"),
    ],
)  # fmt: skip
def test_an_image_for_another_chip_is_named_by_that_chip(image_id: int, name: str) -> None:
    """Numbers of the ESP-IDF's esp_chip_id_t."""
    with pytest.raises(InputError, match=f"is for an {name} and this is an ESP32: take ESP32_GENERIC"):
        images.take_apart(image(ESP32, made_for=image_id), ESP32, "x.bin")


def test_the_boot_loaders_lie_where_the_chips_look_for_them() -> None:
    """ESP-IDF, "Bootloader": 0x1000 on the ESP32, 0 on the S3."""
    assert {chip.name: (chip.image_at, chip.image_id) for chip in CHIPS} == {
        "ESP32": (0x1000, 0),
        "ESP32-S3": (0, 9),
    }


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (image(S3), "x.bin is for an ESP32-S3 and this is an ESP32"),
        (image(ESP32, made_for=5), "x.bin is for an ESP32-C3"),
        (b"PK" + bytes(50_000), "no image of an ESP32"),
        (b"", "no image of an ESP32"),
        (image(ESP32, "1.25.0"), "1.25.0 is too old"),
        (image(ESP32)[: APP_AT - 0x1000], "no MicroPython"),
        (image(ESP32)[:28_000] + bytes(28_000), "no partition table"),
    ],
)
def test_a_wrong_image_is_named_for_what_it_is(content: bytes, sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        images.take_apart(content, ESP32, "x.bin")


@pytest.mark.parametrize("code", range(16))
def test_a_size_that_no_flash_has_is_no_size(code: int) -> None:
    """ESP-IDF knows the codes 0 to 7 for 1 to 128 MB (esp_image_format.h)."""
    loader = bytes([0xE9, 3, 2, code << 4 | 0xF]) + bytes(20)
    assert images.flash_size(loader) == (1 << 20 + code if code < 8 else None)


@given(st.integers(APP_AT - ESP32.image_at + 24, len(WHOLE) - 1), st.integers(1, 255))
def test_a_copy_with_one_wrong_byte_shows_without_anybodys_sum(at: int, change: int) -> None:
    damaged = bytearray(WHOLE)
    damaged[at] ^= change
    with pytest.raises(InputError, match=r"damaged or incomplete|no MicroPython|too old"):
        images.take_apart(bytes(damaged), ESP32, "x.bin")


@given(st.integers(1, 20_000))
def test_a_copy_that_was_cut_short_shows_without_anybodys_sum(missing: int) -> None:
    with pytest.raises(InputError, match=r"damaged or incomplete|no MicroPython"):
        images.take_apart(WHOLE[:-missing], ESP32, "x.bin")


def test_what_esptool_takes_for_whole_is_whole(tmp_path: Path) -> None:
    app = application("1.28.0")
    named = tmp_path / "app.bin"
    for content, is_whole in ((app, True), (app[:3000] + bytes([app[3000] ^ 1]) + app[3001:], False)):
        named.write_bytes(content)
        words = [sys.executable, "-m", "esptool", "--chip", "esp32", "image-info", str(named)]
        told = subprocess.run(words, capture_output=True, text=True, check=False).stdout
        assert ("invalid" not in told and told.count("(valid)") == 2) == is_whole, told
        assert app_image.is_intact(content) == is_whole


@pytest.mark.parametrize("name", ["ESP32-C3", "ESP32-C2", "ESP8266"])
def test_a_chip_without_pulse_counter_is_refused_with_that_reason(name: str) -> None:
    with pytest.raises(RigRefusedError, match=f"The {name} has no pulse counter"):
        chip_named(name)


def test_other_chips_are_refused_without_a_false_reason() -> None:
    with pytest.raises(RigRefusedError, match="ESP32-C6 is not supported by this firmware"):
        chip_named("ESP32-C6")
    assert chip_optioned("ESP32-S3") is S3
    with pytest.raises(InputError, match="esp32 or esp32s3"):
        chip_optioned("esp32c3")


def test_a_missing_image_is_explained(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="There is no image"):
        images.read_image(tmp_path / "none.bin")


def test_a_file_as_large_as_the_largest_flash_is_read_and_a_larger_one_is_none(tmp_path: Path) -> None:
    path = tmp_path / "image.bin"
    for beyond in (0, 1):
        with path.open("wb") as file:
            file.truncate((16 << 20) + beyond)
        if beyond:
            with pytest.raises(InputError, match="image"):
                images.read_image(path)
        else:
            assert len(images.read_image(path)) == 16 << 20


@pytest.mark.parametrize("version", [(1, 25, 9), (0, 99, 0)])
def test_a_micropython_without_the_pulse_counter_is_too_old(version: tuple[int, int, int]) -> None:
    name = ".".join(map(str, version))
    with pytest.raises(InputError, match=f"MicroPython {name} is too old"):
        images.take_apart(image(ESP32, name), ESP32, "x.bin")
    images.take_apart(image(ESP32, "1.26.0"), ESP32, "x.bin")
