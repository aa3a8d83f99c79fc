"""Text that people give us: read, or refused in one sentence that says how to save it."""

from __future__ import annotations

import json
import os
import random
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.library.libraries import fill, walk

from retrorig.calibration import backup
from retrorig.cli import run
from retrorig.config import from_text
from retrorig.errors import InputError
from retrorig.library.calibration_record import id_of
from retrorig.plans import read_plan
from retrorig.plans.reader import ready_made
from retrorig.recording import read_recording
from retrorig.texts import read_json, read_text, read_toml, shown
from retrorig.virtual.settings import load_rig_settings

CODEC_WORDS = ("codec", "byte 0x", "ordinal", "decode", "Traceback", "Error")

_VALUES = {
    "counts_per_rev": 2400, "circumference_um": 250_000, "zero": 35_000, "scale_nn": 465_766, "direction": 1,
    "made_s": 1_790_000_000,
}  # fmt: skip
CALIBRATION = {**_VALUES, "id": id_of(_VALUES)}
RIG = 'converter = "hx711"\ncounts_per_rev = 2400\n[[faults]]\npart = "adc"\nkind = "silent"\nfrom_s = 3\n'
RECORDING = "time_s,belt_m,force_n\n" + "".join(
    f"{i / 50:.2f},{i / 40:.4f},{80 + i % 9:.1f}\n" for i in range(60)
)
SETTINGS = 'units = "m"\nstill_s = 3\n'

READERS: dict[str, tuple[Callable[[Path], object], str]] = {
    "plan": (read_plan, ready_made()["gentle-knee"].read_text(encoding="utf-8")),
    "rig description": (load_rig_settings, RIG),
    "recording": (read_recording, RECORDING),
    "backup of a calibration": (
        backup.read_backup,
        json.dumps({"rig": "5feceb66ffc8", "calibration": CALIBRATION, "record": None}),
    ),
    "settings file": (lambda path: from_text(read_text(path, "settings file")), SETTINGS),
}


def refused(read: Callable[[Path], object], path: Path) -> str:
    """The sentence of a refusal."""
    with pytest.raises(InputError) as caught:
        read(path)
    return checked(str(caught.value))


def checked(sentence: str) -> str:
    assert "\n" not in sentence, sentence  # and the command line cuts what is long
    assert sentence[-1] in ".`?", sentence
    assert not any(word in sentence for word in CODEC_WORDS), sentence
    return sentence


@pytest.mark.parametrize("kind", READERS)
@pytest.mark.parametrize("form", ["plain", "mark", "windows lines", "old lines"])
def test_marks_and_line_ends_of_every_editor_are_read(tmp_path: Path, kind: str, form: str) -> None:
    read, text = READERS[kind]
    ends = {"windows lines": "\r\n", "old lines": "\r"}.get(form, "\n")
    (tmp_path / "a").write_bytes(("\ufeff" * (form == "mark") + text.replace("\n", ends)).encode())
    (tmp_path / "b").write_text(text)
    assert str(read(tmp_path / "a")).replace("'a'", "'b'") == str(read(tmp_path / "b"))


@pytest.mark.parametrize("kind", READERS)
@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-32", "latin-1", "cp1252", "cp932", "gbk"])
def test_other_encodings_are_refused_with_how_to_save(tmp_path: Path, kind: str, encoding: str) -> None:
    read, text = READERS[kind]
    word = {"cp932": "# 橇 重い\n", "gbk": "# 雪橇训练\n"}.get(encoding, "# Schlitten, früh\n")
    (tmp_path / "a").write_bytes((text.rstrip("\n") + "\n" + word).encode(encoding))
    assert "as UTF-8 text" in refused(read, tmp_path / "a")


@pytest.mark.parametrize("kind", READERS)
def test_what_is_no_file_is_refused_at_once(tmp_path: Path, kind: str) -> None:
    """A pipe without a writer would be waited for, a device has no end, and no file has such a name."""
    read, _ = READERS[kind]
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "large").write_bytes(b"")
    os.truncate(tmp_path / "large", 1 << 29)
    assert "no ordinary file" in refused(read, tmp_path / "pipe")
    assert "no ordinary file" in refused(read, Path("/dev/zero"))
    assert "folder" in refused(read, tmp_path)
    assert "MB" in refused(read, tmp_path / "large")
    for name in ("n" * 300, "n" * 5000, "a\0b", "none"):
        assert refused(read, tmp_path / name)


@pytest.mark.parametrize("kind", ["plan", "rig description", "settings file"])
def test_a_decimal_comma_is_told_with_the_right_form(tmp_path: Path, kind: str) -> None:
    read, text = READERS[kind]
    (tmp_path / "a").write_text("still_s = 2,5\n" + text)
    assert "line 1: the decimal mark is a point, as in 1.5" in refused(read, tmp_path / "a")
    (tmp_path / "a").write_text("# one\n\n# three\nstill_s = 2,5")
    assert "line 4: the decimal mark is a point, as in 1.5" in refused(read, tmp_path / "a")


@pytest.mark.parametrize("text", ["a = " + "[" * 10_000, "a = " + "9" * 5000])
def test_depth_and_digits_without_end_are_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "a").write_text(text)
    refused(lambda path: read_toml(path, "plan"), tmp_path / "a")


@pytest.mark.parametrize("text", ["[" * 100_000, "9" * 5000, "NaN", '{"a": Infinity}', "", '"\ud800"', "{"])
def test_json_that_is_none_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "a").write_bytes(text.encode(errors="surrogatepass"))
    refused(lambda path: read_json(path, "backup"), tmp_path / "a")


def mutated(data: bytes, chance: random.Random) -> bytes:
    """The text as a slip of the hand, a bad disk or an attacker leaves it."""
    out = bytearray(data)
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(out) + 1)
        match chance.randrange(8):
            case 0:
                out[at : at + 1] = bytes([chance.randrange(256)])
            case 1:
                out[at:at] = chance.randbytes(chance.randint(1, 8))
            case 2:
                del out[at : at + chance.randint(1, 40)]
            case 3:
                out[at:at] = out[at : at + chance.randint(1, 200)]
            case 4:
                out[at:at] = chance.choice((b"[", b"{", b"9", b"[[block.", b"-", b"\n")) * chance.randint(
                    1, 6000
                )
            case 5:
                words = (
                    b"null",
                    b"true",
                    b"1e999",
                    b"-1",
                    b'"\\ud800"',
                    b"nan",
                    b"'",
                    b'"""',
                    b"{}",
                    b"[]",
                    b"0x7fffffffffffffffffff",
                )
                out[at : at + chance.randint(0, 9)] = chance.choice(words)
            case 6:
                lines = bytes(out).split(b"\n")
                chance.shuffle(lines)
                out[:] = b"\n".join(lines)
            case _:
                encoding = chance.choice(("utf-16", "utf-8-sig", "latin-1"))
                out[:] = out.decode("utf-8", "replace").encode(encoding, "replace")
    return bytes(out)


@pytest.mark.parametrize("kind", READERS)
def test_no_mutation_ends_in_anything_but_a_sentence(
    tmp_path: Path, kind: str, request: pytest.FixtureRequest
) -> None:
    read, text = READERS[kind]
    chance = random.Random(kind)
    path = tmp_path / "a"
    for _ in range(2000 if request.config.getoption("--exhaustive") else 150):
        path.write_bytes(mutated(text.encode(), chance))
        try:
            read(path)
        except InputError as error:
            checked(str(error))


WORDS = (
    "", " ", "0", "-1", "9" * 5000, "1e999", "nan", "1,5", "0x10", "--help", "-", "last-", "last-0", "last-99999999999",
    "today", "x" * 10_000, "'; DROP TABLE sets; --", "%s", "{}", "../../x", "\x1b[2J", "a\0b", "\u202e", "\ud800",
    "\u0661", "2026-02-30", "0001-01-01", "9999-12-31T23:59:59+14:00", "*", "?", "[1-", "Zoe\u0308", "\U0001f9b5" * 99,
)  # fmt: skip
TAKERS = tuple(
    tuple(words.split())
    for words in (
        "edit last --note W", "edit last --tag W", "edit last --untag W", "edit last --attachment W", "sets --until W",
        "edit last --side W", "edit last --rpe W", "edit last --load-kg W", "edit last --athlete W",
        "edit last --started W", "edit last --undo W", "edit W --rpe 3", "sets --on W", "sets --since W",
        "sets --athlete W", "sets --tag W", "sets --columns W", "show W", "delete W", "athlete add W",
        "athlete rename a1 W", "athlete forget W --keep-sets", "library recompute W", "calibrate show W",
        "plan show W", "W",
    )
)  # fmt: skip


def test_no_word_of_a_command_ends_in_anything_but_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], request: pytest.FixtureRequest
) -> None:
    """What people write beside sets, and every word by which they choose some."""
    fill(tmp_path / "library", walk(1, athlete="a1"), people=("Anna",))
    chance = random.Random(5)
    for _ in range(2000 if request.config.getoption("--exhaustive") else 60):
        word = chance.choice(WORDS)
        if chance.random() < 0.5:
            word += chance.choice(WORDS)
        words = [word if each == "W" else each for each in chance.choice(TAKERS)]
        own = ["--library", str(tmp_path / "library")] if words[0] not in ("plan", word) else []
        assert run([*words, *own]) in (0, 2, 3), words
        told = capsys.readouterr().err
        assert "bug of its own" not in told and len(told) < 2000, words


@pytest.mark.parametrize("number", [1, 2, 5])
@pytest.mark.parametrize("before", ["", "early, fr"])
@pytest.mark.parametrize("after", ["", "h"])
def test_the_line_of_what_is_no_text_is_told(tmp_path: Path, number: int, before: str, after: str) -> None:
    lines = [b"a = 1"] * 6
    for bad in (b"\xfc", b"\0"):
        lines[number - 1] = before.encode() + bad + after.encode()
        (tmp_path / "a").write_bytes(b"\n".join(lines))
        assert f"a, line {number}: " in refused(lambda path: read_text(path, "plan"), tmp_path / "a")


@pytest.mark.parametrize("length", [1, 59, 60, 61, 200, 100_000])
def test_a_name_is_told_whole_or_by_both_its_ends(length: int) -> None:
    name = "".join(chr(0x4E00 + at % 5000) for at in range(length))
    told = shown(name)
    if length <= 60:
        assert told == name
    else:
        begin, end = told.split("...")
        assert (begin, end) == (name[:30], name[-30:])
