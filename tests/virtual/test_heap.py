"""The chip's heap: what is in use, when a collection begins by itself and what it takes, wherever its counter is."""

from __future__ import annotations

import pytest

from retrorig.virtual import costs
from retrorig.virtual.clock import Clock
from retrorig.virtual.heap import CHIP_BYTES, MASK, Heap

WORDS = 0.68
"""Of the interpreter's bytes so many are the chip's, whose words are half as long."""

SIMULATED, IN_USE = 40_000, 140_000
USED = round((IN_USE - SIMULATED) * WORDS)
STARTS = (0, 5_000_000, MASK - 10_000, MASK)


def heap_at(taken: int) -> tuple[Heap, Clock]:
    """One that was collected when so many bytes had been taken in all."""
    clock = Clock()
    heap = Heap(clock)
    heap.reset(SIMULATED)
    heap.collect(IN_USE, taken)
    return heap, clock


def test_before_anything_is_known_the_heap_is_nearly_empty() -> None:
    heap = Heap(Clock())
    assert 0.9 * CHIP_BYTES < heap.free_bytes < CHIP_BYTES
    assert heap.due_at is None and heap.collections_n == heap.taken_bytes == 0
    heap.take(1_000_000)
    assert heap.taken_bytes == 0, "the first count is where it begins"
    assert heap.due_at is not None


def test_a_collection_tells_what_is_in_use_and_takes_its_time() -> None:
    heap, clock = heap_at(0)
    assert heap.free_bytes == CHIP_BYTES - USED
    assert clock.now_ns == costs.COLLECT + costs.COLLECT_BYTE * USED
    assert heap.collections_n == 0, "it was asked for"
    heap.collect(SIMULATED - 1, 0)
    assert heap.free_bytes == CHIP_BYTES, "the simulated parts are no memory of the chip"
    heap.collect(10 * CHIP_BYTES, 0)
    assert heap.free_bytes == 0


@pytest.mark.parametrize("start", STARTS)
def test_what_is_taken_is_missing_until_the_heap_is_full_and_collected(start: int) -> None:
    heap, clock = heap_at(start)
    room = (CHIP_BYTES - USED) / WORDS
    for share in (0.25, 0.5, 0.999):
        heap.take(int(start + share * room) & MASK)
        assert heap.free_bytes == pytest.approx((1 - share) * (CHIP_BYTES - USED), abs=2)
        assert heap.taken_bytes == pytest.approx(share * (CHIP_BYTES - USED), abs=2)
    assert heap.collections_n == 0
    assert heap.due_at is not None
    left = (heap.due_at - start) & MASK
    assert left == pytest.approx(room, abs=3)
    before_ns = clock.now_ns
    heap.take((start + left - 3) & MASK)
    assert (heap.collections_n, clock.now_ns) == (0, before_ns)
    heap.take((start + left + 1) & MASK)
    assert heap.collections_n == 1
    assert clock.now_ns - before_ns == costs.COLLECT + costs.COLLECT_BYTE * USED
    assert heap.free_bytes == CHIP_BYTES - USED
    assert (heap.due_at - start) & MASK == pytest.approx(2 * room, abs=6), "and the next one as long after it"


@pytest.mark.parametrize("start", STARTS)
@pytest.mark.parametrize("pieces_n", [1, 7])
def test_a_threshold_s_bytes_cause_a_collection_each_and_some_of_them_stay(start: int, pieces_n: int) -> None:
    heap, _ = heap_at(start)
    threshold, times_n = 5_000, 4
    heap.set_threshold(threshold, IN_USE, start)
    assert heap.due_at is not None
    assert (heap.due_at - start) & MASK == pytest.approx(threshold / WORDS, abs=2)
    taken = round((times_n + 0.5) * threshold / WORDS)
    for number in range(1, pieces_n + 1):
        heap.take((start + taken * number // pieces_n) & MASK)
    assert heap.collections_n == times_n
    stayed = 0.35 * threshold * times_n
    assert heap.free_bytes == pytest.approx(CHIP_BYTES - USED - stayed - 0.5 * threshold, abs=3)
    assert heap.taken_bytes == pytest.approx((times_n + 0.5) * threshold, abs=2)


def test_a_threshold_beyond_the_room_is_none_and_taken_off_it_waits_for_a_full_heap() -> None:
    heap, _ = heap_at(0)
    unbound = heap.due_at
    for threshold in (CHIP_BYTES, -1, 0):
        heap.set_threshold(threshold, IN_USE, 0)
        assert heap.due_at == unbound
    heap.set_threshold(1, IN_USE, 0)
    assert heap.due_at is not None and heap.due_at <= 2


def test_a_reset_forgets_all_but_what_was_counted() -> None:
    heap, _ = heap_at(0)
    heap.set_threshold(5_000, IN_USE, 0)
    heap.take(30_000)
    counted = heap.collections_n, heap.taken_bytes
    heap.reset(SIMULATED)
    assert (heap.collections_n, heap.taken_bytes) == counted and heap.due_at is None
    assert heap.free_bytes == Heap(Clock()).free_bytes
    heap.take(7)
    assert heap.due_at is not None and heap.due_at > 100_000, "nor is a threshold left"
