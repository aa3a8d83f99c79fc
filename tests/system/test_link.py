"""The link to the real firmware through a line that damages bytes, and to `retrorig sim` as a device."""

from __future__ import annotations

import binascii
import json
import os
import random
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.walker_belt import WalkerBelt

from retrorig.cli import run
from retrorig.library import Library
from retrorig.link.client import RigClient
from retrorig.link.pull import greet, pull
from retrorig.virtual.rig import VirtualRig

COMMAND = [sys.executable, "-c", "from retrorig.cli import main; main()"]


class BadLine:
    """The rig's port with flipped, dropped and doubled bytes both ways."""

    def __init__(self, port, seed: int, share: float) -> None:
        self._port = port
        self._chance = random.Random(seed)
        self._share = share
        self._kept = bytearray()

    @property
    def timeout(self) -> float | None:
        return self._port.timeout

    @timeout.setter
    def timeout(self, seconds: float | None) -> None:
        self._port.timeout = seconds

    def monotonic(self) -> float:
        return self._port.monotonic()

    @property
    def in_waiting(self) -> int:
        return len(self._kept) or self._port.in_waiting

    def read(self, size: int = 1) -> bytes:
        if not self._kept:
            self._kept += self._damage(self._port.read(size))
        data = bytes(self._kept[:size])
        del self._kept[:size]
        return data

    def write(self, data: bytes) -> int:
        self._port.write(self._damage(data))
        return len(data)

    def close(self) -> None:
        self._port.close()

    def _damage(self, data: bytes) -> bytes:
        out = bytearray()
        for byte in data:
            dice = self._chance.random() / self._share
            if dice < 1:
                out += random.Random(dice).choice([b"", bytes((byte, byte)), bytes((self._flip(byte),))])
            else:
                out.append(byte)
        return bytes(out)

    def _flip(self, byte: int) -> int:
        """One bit flipped; never to Ctrl-C, which a rig obeys."""
        flipped = byte ^ (1 << self._chance.randrange(8))
        return byte if flipped == 3 else flipped


@pytest.mark.parametrize("seed", range(2))
def test_sets_arrive_bit_for_bit_over_a_bad_line(seed: int, tmp_path: Path) -> None:
    belt = WalkerBelt(sets=2, distance_m=3.0, rest_s=4.0, wait_s=0.5)
    with VirtualRig(belt, seed=seed) as rig, Library(tmp_path / "bad", create=True) as library:
        rig.power_on()
        rig.run_for(3_500_000)
        rig.start_belt()
        rig.run_for(round(belt.end_s * 1e6) + 5_000_000)
        clean = RigClient(rig.open_port())
        sums = [crc32 for _, _, crc32 in clean.sets(0)["sets"]]
        client = RigClient(BadLine(rig.open_port(), seed, 0.001))
        result = pull(client, library, greet(client, library))
        assert [binascii.crc32(library.blob(set_id)) for set_id in result.new] == sums
        assert len(sums) == 2 and result.notices == []
        assert pull(client, library, greet(client, library)).new == []


@contextmanager
def simulated(*arguments: object) -> Iterator[tuple[subprocess.Popen, str]]:
    """`retrorig sim` as a process of its own, and the port it printed."""
    process = subprocess.Popen([*COMMAND, "sim", *map(str, arguments)], stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout
        yield process, process.stdout.readline().strip()
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def info(capsys: pytest.CaptureFixture[str], port: object) -> dict:
    assert run(["info", "--port", str(port), "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_sim_is_a_device_until_ctrl_c(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    link = tmp_path / "rig"
    still = tmp_path / "still.csv"
    still.write_text("time_s,belt_m,force_n\n0,0,0\n")
    with simulated(still, "--link", link, "--rate", 2) as (process, port):
        assert Path(os.path.realpath(link)) == Path(port)
        found = info(capsys, link)
        assert found["name"] == "retrorig" and found["boot"] == 1
        assert run(["pull", "--port", str(link), "--library", str(tmp_path / "lib"), "--json"]) == 0
        assert json.loads(capsys.readouterr().out) == []
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 130
    assert not link.is_symlink()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_sim_ends_by_kill_and_by_a_closed_window_as_by_ctrl_c(tmp_path: Path, number: int) -> None:
    """Its link and what it keeps in the temporary folder go."""
    (tmp_path / "temporary").mkdir()
    environment = {**os.environ, "TMPDIR": str(tmp_path / "temporary")}
    with subprocess.Popen(
        [*COMMAND, "sim", "--link", str(tmp_path / "rig")],
        stdout=subprocess.PIPE,
        env=environment,
        preexec_fn=lambda: signal.signal(
            number, signal.SIG_DFL
        ),  # tests started by nohup would pass theirs on
    ) as process:
        assert process.stdout
        assert process.stdout.readline()
        process.send_signal(number)
        assert process.wait() == 130
    assert [path.name for path in tmp_path.rglob("*")] == ["temporary"]


def test_kill_is_a_power_cut_and_flash_remembers(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    flash = tmp_path / "flash.bin"
    boots = []
    for _ in range(2):
        with simulated("--flash", flash) as (_, port):
            boots.append(info(capsys, port))
    assert [found["boot"] for found in boots] == [1, 2]
    assert boots[0]["rig"] == boots[1]["rig"]
    with simulated() as (_, port):
        assert info(capsys, port)["rig"] != boots[0]["rig"]
