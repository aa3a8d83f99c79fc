"""What is refused before anything is written to a chip."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from tests.flash.doubles import APP_AT, image

from retrorig.errors import InputError, RigRefusedError
from retrorig.flash import images
from retrorig.flash.chips import CHIPS, chip_named, chip_optioned
from retrorig.partitions import STOCK

ESP32, S3 = CHIPS


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


def test_a_sum_must_agree_and_an_unknown_one_must_be_given() -> None:
    content = b"content"
    total = hashlib.sha256(content).hexdigest()
    assert images.check_sum(content, (None, total.upper()), "x.bin") == total
    with pytest.raises(InputError, match="damaged or another file"):
        images.check_sum(content + b"!", (None, total), "x.bin")
    with pytest.raises(InputError, match="damaged or another file"):
        images.check_sum(content, ("0" * 64, total), "x.bin")
    with pytest.raises(InputError, match=f"--sha256 {total}"):
        images.check_sum(content, (None, None), "x.bin")


def test_releases_are_new_enough_and_their_addresses_are_the_official_places() -> None:
    for known in images.RELEASES:
        images.check_version(tuple(map(int, known.version.split("."))))
    assert images.url(S3, images.release(S3, "1.27.0")) == (
        "https://micropython.org/resources/firmware/ESP32_GENERIC_S3-20251209-v1.27.0.bin"
    )
    assert images.release(ESP32, None).version == max(known.version for known in images.RELEASES)
    with pytest.raises(InputError, match=r"1\.28\.0, 1\.27\.0, 1\.26\.1"):
        images.release(ESP32, "1.20.0")


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
    with pytest.raises(InputError, match="can't be read"):
        images.read_image(tmp_path / "none.bin")
