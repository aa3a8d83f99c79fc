"""Boards that answer oddly or mean harm: no file name is made of what they say, nothing raw reaches the terminal."""

from __future__ import annotations

import binascii
import json
import random
import re
import struct
from dataclasses import replace
from pathlib import Path

import pytest
from tests.host.fake_board import FakeBoard
from tests.host.sets import MadeSet, blob_of, blocks_of, end_of, header_of, ramped, samples_of

from retrorig.cli import run
from retrorig.errors import RetrorigError
from retrorig.library import Library
from retrorig.library.sample_files import write_samples
from retrorig.link.client import RigClient
from retrorig.link.pull import greet, pull
from retrorig.live import words
from retrorig.live.telemetry import parse
from rigcore import fields, records
from rigcore.protocol import TELEMETRY, TELEMETRY_VERSION
from rigcore.records import TYPE_END, TYPE_HEADER, TYPE_NOTE, seal

LONG = "x" * 10_000
HARM = (
    "../../x",
    "..",
    "/etc/passwd",
    "C:\\x",
    "a/b",
    "\x1b[2Jx",
    "a\0b",
    "\u009b31m",
    "=cmd|'/C calc'!A0",
    "",
    LONG,
)
"""As a rig's id: out of the folder, out to the terminal, into a spreadsheet, too long for a file system."""

JUNK = (
    None,
    True,
    "",
    "x",
    LONG,
    "\x1b]0;x\x07",
    -1,
    0,
    1 << 70,
    -(1 << 70),
    1.5,
    1e308,
    [],
    [[]],
    [["a"]],
    [[1, 2]],
    {},
    {"a": []},
)
SETS = {1: blob_of(MadeSet(ramped(1.0, 2.5), lambda t: 50, 2.5, header={"no": 1}))}


class OddBoard(FakeBoard):
    """Changes one key of one verb's answers, or says something that is no answer at all."""

    def __init__(self, verb: str, key: str, value: object) -> None:
        super().__init__(stored=dict(SETS))
        self._odd = verb, key, value

    def _changed(self, verb: str, answer: dict) -> object:
        changed_verb, key, value = self._odd
        if verb != changed_verb:
            return answer
        if key == "all":
            return value
        rest = {name: each for name, each in answer.items() if name != key}
        return rest if value is None else {**rest, key: value}

    def do_hello(self, n: int) -> dict:
        return self._changed("hello", {**super().do_hello(n), "era": 7, "oldest": 1})  # type: ignore[return-value]

    def do_clock(self, n: int, unix_ms: str) -> dict:
        return self._changed("clock", super().do_clock(n, unix_ms))  # type: ignore[return-value]

    def do_sets(self, n: int, first: str) -> dict:
        return self._changed("sets", super().do_sets(n, first))  # type: ignore[return-value]

    def do_read(self, n: int, *args: str) -> dict:
        return self._changed("read", super().do_read(n, *args))  # type: ignore[return-value]

    def do_confirm(self, n: int, no: str, crc: str = "") -> dict:
        return self._changed("confirm", super().do_confirm(n, no, crc))  # type: ignore[return-value]


def sentence_of(board: FakeBoard, folder: Path) -> str:
    """What the user reads after a pull, "" when it went well; no other error may come."""
    with Library(folder, create=True) as library:
        client = RigClient(board)
        try:
            result = pull(client, library, greet(client, library))
        except RetrorigError as error:
            return str(error)
        return "; ".join(result.notices)


def assert_nothing_outside(folder: Path) -> None:
    assert [path.name for path in folder.parent.iterdir()] == [folder.name]
    parts = {part for path in folder.rglob("*") for part in path.relative_to(folder).parts}
    assert all(re.fullmatch(r"[A-Za-z0-9%][A-Za-z0-9_.=%-]{0,99}", part) for part in parts), parts


@pytest.mark.parametrize("rig", HARM, ids=lambda rig: repr(rig[:12]))
def test_a_rig_whose_id_is_none_is_refused_in_a_sentence(rig: str, tmp_path: Path) -> None:
    sentence = sentence_of(OddBoard("hello", "rig", rig), tmp_path / "library")
    assert "rig is not an id" in sentence and len(sentence) < 300
    assert_nothing_outside(tmp_path / "library")


def test_an_answer_that_makes_no_sense_ends_in_a_sentence(thin, tried, tmp_path: Path) -> None:
    """Every key of every answer that a pull needs, missing and with everything that JSON can hold in its place."""
    keys = {
        "hello": ("rig", "firmware", "protocol", "oldest", "boot", "era", "board_us", "all"),
        "clock": ("board_us", "all"),
        "sets": ("sets", "next", "all"),
        "read": ("sent", "all"),
        "confirm": ("all",),
    }
    cases = [(verb, key, value) for verb in keys for key in keys[verb] for value in JUNK]
    said_n = 0
    for number, case in enumerate(thin(cases, 50)):
        folder = tmp_path / str(number)
        sentence = sentence_of(OddBoard(*case), folder / "library")
        assert len(sentence) < 300 and "\n" not in sentence, case
        assert_nothing_outside(folder / "library")
        said_n += bool(sentence)
        with Library(folder / "library") as library:
            assert all(library.raw(row.set_id).end for row in library.sets()), case
    assert said_n > number / 4
    tried("answers that make no sense", number + 1)


def test_a_list_of_sets_that_goes_in_circles_comes_to_an_end(tmp_path: Path) -> None:
    row = [1, len(SETS[1]), binascii.crc32(SETS[1])]
    for rows in ([row, row], [[5, 9, 9], row]):
        assert "goes backward" in sentence_of(OddBoard("sets", "sets", rows), tmp_path / "library")
    board = OddBoard("sets", "next", 1 << 40)  # and the same list to each question
    board.do_sets = lambda n, first: {"ok": 1, "next": 1 << 40, "sets": [row]}  # type: ignore[method-assign]
    assert "goes backward" in sentence_of(board, tmp_path / "library")


ODD_VALUES = (
    None,
    True,
    -1,
    0,
    1 << 40,
    1 << 70,
    1.5,
    1e308,
    "",
    "=1+1",
    "../x",
    "\x1b[2J",
    LONG[:3000],
    [],
    [1],
    [[1]],
    {},
    {"a": []},
)
ODD_KEYS = (
    *(name for number, name in fields.FIELDS.items() if number < fields.MORE),
    "no",
    "pauses",
    "over_ms",
    "colour",
    "rule",
    "undone",
)


def more(values: dict[str, object]) -> bytes:
    """Fields that have no number of their own."""
    packed = bytearray()
    fields.put_field(packed, fields.MORE, json.dumps(values).encode())
    return bytes(packed)


def odd_set(chance: random.Random) -> bytes:
    """A set that is sound but for its sense: some values of header, end and note are anything."""
    plan = MadeSet(ramped(1.0, 2.5), lambda t: 50, 2.5)
    parts = [header_of(plan), end_of(plan, samples_of(plan)), {}]
    bodies = [records.pack_header(parts[0]), fields.pack(parts[1]), b""]
    for place in chance.sample(range(3), chance.randint(1, 2)):
        key, value = chance.choice(ODD_KEYS), chance.choice(ODD_VALUES)
        known = {name: each for name, each in parts[place].items() if name != key}
        bodies[place] = records.pack_header({**known, "no": 7}) if place == 0 else fields.pack(known)
        if value is not None:
            bodies[place] += more({key: value})
    header, end, note = bodies
    found = [(TYPE_HEADER, header), *blocks_of(samples_of(plan)), (TYPE_END, end), (TYPE_NOTE, note)]
    return b"".join(seal(kind, seq, body, 7) for seq, (kind, body) in enumerate(found))


def test_a_set_that_makes_no_sense_is_kept_without_it_and_blocks_no_other(
    thin, tried, tmp_path: Path
) -> None:
    seeds, kept_n = thin(range(2000), 30), 0
    for seed in seeds:
        folder = tmp_path / str(seed)
        other = blob_of(MadeSet(ramped(1.0, 2.0), lambda t: 50, 2.0, header={"no": 8}))
        board = FakeBoard(stored={7: odd_set(random.Random(seed)), 8: other})
        sentence = sentence_of(board, folder / "library")
        assert board.confirmed[-1] == 8 and len(sentence) < 300
        with Library(folder / "library") as library:
            rows = library.sets()
            assert other in [library.blob(row.set_id) for row in rows]
            for row in rows:
                assert 0 < len(row.rig_id) <= 32, row
                assert json.loads(json.dumps(row.as_dict(), allow_nan=False)) == row.as_dict()
                assert not re.search(
                    r"[\x00-\x1f\x7f-\x9f]", "".join(str(value) for value in row.as_dict().values())
                ), row
            write_samples(library)
            kept_n += len(rows) - 1
        assert_nothing_outside(folder / "library")
    assert kept_n > 0.7 * len(seeds)
    tried("sets that make no sense", len(seeds))


def test_what_a_board_says_reaches_the_terminal_as_text(tmp_path: Path, capfd, monkeypatch) -> None:
    """Whatever stands in a library, too: in tables and in JSON the controls are written out."""
    harm = "\x1b]0;mine\x07\x9b31m\r\x7f"
    with Library(tmp_path, create=True) as library:
        library.add_set(SETS[1])
        (row,) = library.sets()
        library.put_row(replace(row, attachment=harm, calibration_id=harm, firmware=harm))
    for command in (["show", row.set_id], ["show", row.set_id, "--json"], ["sets"], ["sets", "--json"]):
        assert run([*command, "--library", str(tmp_path)]) == 0
        told = capfd.readouterr()
        assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]", told.out + told.err), command
        if "--json" in command:
            found = json.loads(told.out)
            assert (found[0] if isinstance(found, list) else found)["attachment"] == harm
        elif command[0] == "show":
            assert "\\u001b]0;mine\\u0007" in told.out
    board = OddBoard("info", "state", harm)
    board.do_hello = lambda n: {"err": harm, "text": harm * 100}  # type: ignore[method-assign]
    monkeypatch.setattr("retrorig.rig.open_rig", lambda port: board)
    assert run(["info"]) == 4
    said = capfd.readouterr().err
    assert len(said) < 2500 and not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]", said)


def test_telemetry_of_a_hostile_board_is_shown_as_text() -> None:
    sent = "\t".join(("\x1b[2J", LONG, "[/red]\x07", "\x9b")).encode()
    told = parse(struct.pack(TELEMETRY, TELEMETRY_VERSION, *[0] * 15) + sent)
    assert told
    for shown in (words.state_of(told), words.athlete_of(told, {}), *words.trouble_of(told).splitlines()):
        assert shown and len(shown) <= 200 and shown.isprintable()


@pytest.mark.parametrize(("key", "instead"), [("kind", "free"), ("machine", None), ("side", None)])
@pytest.mark.parametrize("word", ["=1+1", "a new word", 7, []])
def test_a_word_that_is_in_no_list_is_taken_for_none(
    key: str, instead: str | None, word: object, tmp_path: Path
) -> None:
    plan = MadeSet(ramped(1.0, 2.5), lambda t: 50, 2.5)
    odd = {name: value for name, value in header_of(plan).items() if name != key}
    bodies = [
        (TYPE_HEADER, records.pack_header({**odd, "no": 7}) + more({key: word})),
        *blocks_of(samples_of(plan)),
    ]
    blob = b"".join(seal(kind, seq, body, 7) for seq, (kind, body) in enumerate(bodies))
    with Library(tmp_path / "library", create=True) as library:
        library.add_set(blob)
        (row,) = library.sets()
        assert getattr(row, key) == instead and row.backward_m > 1.5
