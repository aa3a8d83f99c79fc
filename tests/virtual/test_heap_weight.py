"""The heap's size on the chip, computed for loads whose size with 32-bit words is known."""

from __future__ import annotations

import pytest
from tests.virtual.heap_weight import IS_READABLE, Heap

LOADS = """
import gc, micropython, time
known = bytearray(100)  # the scales know an array by one that the interpreter has told of
gc.collect()
micropython.mem_info(1)
time.sleep_ms(1000)
load = {load}
gc.collect()
time.sleep_ms(3000)
"""


@pytest.mark.skipif(not IS_READABLE, reason="only Linux lets a process look into its child")
@pytest.mark.parametrize(
    ("load", "expected_bytes"),
    [
        ("bytearray(b'\\xa5' * 40_000)", 40_000),
        ("bytearray(40_000)", 40_000),
        ("b'pull' * 10_000", 40_000),
        ("[1] * 10_000", 40_000),
        ("[object() for _ in range(2000)]", 2000 * (16 + 4)),
    ],
)
def test_bytes_weigh_what_they_are_and_words_half(boot, load: str, expected_bytes: int) -> None:
    booted = boot(LOADS.replace("{load}", load))
    told = booted.run(3.0)
    heap = Heap.found(booted.rig, told)
    full = heap.chip_bytes()
    booted = boot(LOADS.replace("{load}", "None"))
    empty = Heap.found(booted.rig, booted.run(3.0)).chip_bytes()
    assert full - empty == pytest.approx(
        expected_bytes, rel=0.03
    )  # the interpreter's own leftovers differ by 0.5 KB


@pytest.mark.skipif(not IS_READABLE, reason="only Linux lets a process look into its child")
def test_pieces_are_found_where_they_begin(boot) -> None:
    booted = boot(LOADS.replace("{load}", "b'landmark' * 50"))
    heap = Heap.found(booted.rig, booted.run(3.0))
    landmark = int.from_bytes(b"landmark", "little")
    assert [len(words) for _, words in heap.pieces() if words[:50] == (landmark,) * 50] == [
        52
    ]  # whole blocks of 4


REUSED = """
import array, gc, micropython, time
known = [array.array("i", (1, 2)) for _ in range(5)], [bytearray(9) for _ in range(5)]
brief = bytearray(9)
gc.collect()
micropython.mem_info(1)
time.sleep_ms(1000)
brief = None
gc.collect()
load = {load}
gc.collect()
time.sleep_ms(3000)
"""


@pytest.mark.skipif(not IS_READABLE, reason="only Linux lets a process look into its child")
def test_a_tuple_where_an_array_was_told_makes_no_bytes_of_what_is_in_tuples(boot) -> None:
    weights: list[int] = []
    for load in ("[(0, [None] * 4) for _ in range(1000)]", "None"):
        booted = boot(REUSED.replace("{load}", load))
        weights.append(Heap.found(booted.rig, booted.run(3.0)).chip_bytes())
    assert weights[0] - weights[1] == pytest.approx(1000 * (3 * 16 + 4), rel=0.03)
