"""Ctrl-C, mpremote and an unplugged cable, in the middle of sets and of pulls, on the virtual rig."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
import serial
from tests.faults.filled_log import fill_log
from tests.walker_belt import WalkerBelt

from retrorig.errors import LinkLostError
from retrorig.flash.repl import Repl
from retrorig.library import Library
from retrorig.link.client import RigClient
from retrorig.link.pull import greet, pull
from retrorig.virtual.belts import StillBelt
from retrorig.virtual.rig import VirtualRig
from rigcore.decode import RawSet
from rigcore.ticks import TICKS_PERIOD

WALK_M, REST_S = 4.0, 9.0
WITHIN_US = 200_000  # from the key to the prompt: a pass of the main loop, the end of the set, what was in the buffers
RUN = b"import main; main.run()\r"

Thin = Callable[[Sequence[float], int], Sequence[float]]


class Cable:
    """A rig's port that goes away after so many bytes from the rig."""

    def __init__(self, rig: VirtualRig, left: int) -> None:
        self._port, self._left = rig.open_port(), left
        self.monotonic = self._port.monotonic
        self.write = self._port.write

    @property
    def timeout(self) -> float | None:
        return self._port.timeout

    @timeout.setter
    def timeout(self, seconds: float | None) -> None:
        self._port.timeout = seconds

    @property
    def in_waiting(self) -> int:
        return self._port.in_waiting

    def read(self, size: int = 1) -> bytes:
        data = self._port.read(min(size, max(self._left, 1)))
        self._left -= len(data)
        if self._left < 0:
            self._port.close()
            raise serial.SerialException("device disconnected")
        return data

    def close(self) -> None:
        self._port.close()


class Session:
    """A walker's sets on a rig; `in_set(i, share)` runs to that share of set i."""

    def __init__(self, sets_n: int, folder: Path) -> None:
        self.belt = WalkerBelt(sets=sets_n, distance_m=WALK_M, rest_s=REST_S, wait_s=0.5)
        self.rig = VirtualRig(self.belt, seed=7)
        self.library = Library(folder, create=True)
        self.rig.power_on()
        self.rig.run_for(3_500_000)
        self.rig.start_belt()
        self._started_us = self.rig.now_us

    def __enter__(self) -> Session:
        return self

    def __exit__(self, *_: object) -> None:
        self.rig.close()
        self.library.__exit__(None, None, None)

    def in_set(self, index: int, share: float) -> None:
        at_s = self.belt.starts_s[index] + share * self.belt.walk_s
        self.rig.run_until_ns((self._started_us + round(at_s * 1e6)) * 1000)

    def rest(self) -> None:
        self.rig.run_for(5_000_000)

    def type(self, keys: bytes) -> str:
        """Type, and read what the rig says within the time it has."""
        port = self.rig.open_port()
        port.timeout = 0
        port.write(keys)
        self.rig.run_for(WITHIN_US)
        return port.read(100_000).decode(errors="replace")

    def pulled(self) -> list[RawSet]:
        client = RigClient(self.rig.open_port())
        pull(client, self.library, greet(client, self.library))
        return self.sets()

    def sets(self) -> list[RawSet]:
        found = [self.library.raw(row.set_id) for row in self.library.sets()]
        assert len({(raw.header["boot"], raw.header["no"]) for raw in found}) == len(found)
        return found


def assert_kept_until(found: list[RawSet], at_us: int, reason: str = "host") -> None:
    """There is a set that ended then, with all of its samples. Each start of the firmware counts turns anew."""
    (raw,) = [
        raw for raw in found if _since_us(raw, at_us) <= raw.t_us[-1] - raw.header["start_us"] + WITHIN_US
    ]
    assert raw.end["reason"] == reason and raw.end["lost"] == 0 and raw.lost_blocks == 0
    assert len(raw.t_us) >= raw.end["samples"] > 0


def _since_us(raw: RawSet, at_us: int) -> int:
    return (at_us - raw.header["start_us"]) % TICKS_PERIOD


@pytest.fixture
def shares(thin: Thin) -> Sequence[float]:
    return thin([0.35 + 0.6 * i / 40 for i in range(40)], 2)


def test_ctrl_c_in_a_set_leads_to_the_prompt_and_keeps_the_set(shares, tried, tmp_path: Path) -> None:
    struck_us = []
    with Session(len(shares), tmp_path) as session:
        for index, share in enumerate(shares):
            session.in_set(index, share)
            struck_us.append(session.rig.board.uptime_us)
            assert session.type(b"\x03").rstrip().endswith(">>>")
            session.type(RUN)
        session.rest()
        found = session.pulled()
    for at_us in struck_us:
        assert_kept_until(found, at_us)
    tried("Ctrl-C in a running set", len(shares))


def test_mpremote_in_a_set_gets_in_and_keeps_the_set(shares, tried, tmp_path: Path) -> None:
    struck_us, boots = [], []
    with Session(len(shares), tmp_path) as session:
        for index, share in enumerate(shares):
            session.in_set(index, share)
            struck_us.append(session.rig.board.uptime_us)
            repl = Repl(session.rig.open_port())  # Ctrl-C, raw prompt, soft reset
            assert repl.value("6 * 7") == 42
            repl.start()
            session.rig.run_for(1_500_000)
            boots.append(RigClient(session.rig.open_port()).hello()["boot"])
        session.rest()
        found = session.pulled()
    assert boots == list(range(boots[0], boots[0] + len(shares)))
    for boot, at_us in zip(boots, struck_us, strict=True):
        assert_kept_until([raw for raw in found if raw.header["boot"] == boot - 1], at_us)
    tried("mpremote in a running set", len(shares))


def _broken(session: Session, left: int, keys: bytes) -> bool:
    """Pull until the cable goes, or until keys are typed into the stream; whether it went."""
    try:
        client = RigClient(Cable(session.rig, left))
        pull(client, session.library, greet(client, session.library))
    except LinkLostError:
        if keys:
            assert session.type(keys).rstrip().endswith(">>>")
            session.type(RUN)
        return True
    return False


@pytest.mark.parametrize("keys", [b"", b"\x03"], ids=["unplugged", "ctrl-c"])
def test_a_pull_that_is_broken_off_goes_on_later(keys: bytes, thin, tried, tmp_path: Path) -> None:
    """At rest, and with a set running that loses nothing by it."""
    points = thin(range(400, 8000, 60), 3)
    broken_n = 0
    with Session(3, tmp_path) as session:
        session.in_set(2, 0.3)
        for left in points:
            broken_n += _broken(session, left, keys)
        session.rest()
        session.rig.run_for(3_000_000)
        found = session.pulled()
    # A set that is running when the firmware starts again begins with four conversions of the settling converter.
    lost_max = 4 if keys else 0
    assert all(raw.end and raw.end["lost"] <= lost_max and raw.lost_blocks == 0 for raw in found)
    whole = [
        raw for raw in found if raw.end["backward_counts"] > 0.95 * WALK_M * session.rig.settings.counts_per_m
    ]
    assert len(whole) == (2 if keys else 3), "Ctrl-C alone stops the set that is running"
    assert broken_n
    tried("pulls broken off by " + ("Ctrl-C" if keys else "an unplugged cable"), broken_n)


def test_a_pull_is_not_stalled_by_erasing() -> None:
    """Confirmed sets' sectors wait to be erased, each for 30 to 80 ms, until nothing is on its way to the host."""
    with VirtualRig(StillBelt(), seed=4) as rig:
        rig.power_on()
        rig.run_for(3_500_000)
        rig.power_cut()
        fill_log(rig.board.flash.image.data)
        rig.power_on()
        rig.run_for(3_500_000)
        client = RigClient(rig.open_port())
        no, size, crc = client.sets(20)["sets"][0]
        wanted_n = 15_000
        client.confirm(no, crc)
        before_n = rig.flash.operations
        answer = client.read(no + 1, 0, wanted_n, 1024, lambda *piece: True)
        assert answer and answer["sent"] == wanted_n > size
        erased_early_n = rig.flash.operations - before_n
        rig.run_for(4_000_000)
        assert erased_early_n <= 2, "until the request has come"
        assert rig.flash.operations - before_n > 8
