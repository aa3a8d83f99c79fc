"""Raw sets that were fetched: what is used stays, and nobody waits for another's fetch."""

from __future__ import annotations

import threading

from retrorig.publish.near_parts import NEAR_N, NearParts


def test_what_was_used_last_stays() -> None:
    fetched: list[str] = []

    def fetch(file: str, set_id: str) -> dict[str, bytes]:
        fetched.append(file)
        return {set_id: file.encode(), f"beside {set_id}": b"too"}

    near = NearParts(fetch)
    for number in range(3 * NEAR_N):
        assert near.bytes_of("often", "a") == b"often"
        assert near.bytes_of(f"once {number}", "a") == f"once {number}".encode()
    assert near.bytes_of("often", "beside a") == b"too"
    assert fetched.count("often") == 1
    assert near.bytes_of("once 0", "a") and fetched.count("once 0") == 2, "the oldest went"


def test_nobody_waits_for_anothers_fetch() -> None:
    begun, answer = threading.Event(), threading.Event()

    def fetch(file: str, set_id: str) -> dict[str, bytes]:
        if file == "slow":
            begun.set()
            assert answer.wait(60)
        return {set_id: file.encode()}

    near, found = NearParts(fetch), list[bytes]()
    near.bytes_of("kept", "a")
    slow = threading.Thread(target=lambda: found.append(near.bytes_of("slow", "a")))
    slow.start()
    assert begun.wait(60)
    others = threading.Thread(
        target=lambda: found.extend([near.bytes_of("quick", "a"), near.bytes_of("kept", "a")]), daemon=True
    )
    others.start()
    others.join(60)
    assert found == [b"quick", b"kept"]
    answer.set()
    slow.join(60)
    assert found[-1] == b"slow"
