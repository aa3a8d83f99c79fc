"""What each panel takes from the sampling in a set that shows the page with the most to send, the trace of force."""

from __future__ import annotations

from tests.bench.rows import Row

from retrorig.link.client import RigClient
from retrorig.virtual import costs
from retrorig.virtual.belts import WalkerBelt
from retrorig.virtual.board import Board
from retrorig.virtual.rig import VirtualRig
from retrorig.virtual.settings import DISPLAYS, RigSettings

SLICE_MS = 3.0
SET_US = 20_000_000
TAP_MS = 120


def rows() -> list[Row]:
    return [row for display in DISPLAYS for row in _rows(display)]


def _rows(display: str) -> list[Row]:
    belt = WalkerBelt(sets=1, distance_m=40.0, speed_mps=1.0, wait_s=0.5)
    with VirtualRig(belt, settings=RigSettings(display=display), seed=5) as rig:
        rig.power_on()
        client = RigClient(rig.open_port())
        client.hello()
        rig.run_for(1_000_000)
        rig.start_belt()
        rig.run_for(2_000_000)
        slices_ms = _watch(rig.board)
        rig.buttons["rpe"].press(TAP_MS)  # turns the page
        rig.run_for(SET_US)
        info = client.info()
    assert info["state"] == "running" and slices_ms
    longest_ms, lost_n = max(slices_ms), info["lost"] + info["dropped"]
    share = sum(slices_ms) * costs.MS / (SET_US * costs.US)
    return [
        Row(
            f"longest transfer, {display}",
            longest_ms,
            "ms",
            "allowed",
            SLICE_MS,
            longest_ms / SLICE_MS,
            1.0,
            longest_ms <= SLICE_MS,
        ),
        Row(f"time on the bus, {display}, trace page", 100 * share, "%", "-", 100.0, share, None, True),
        Row(
            f"conversions lost, {display}, trace page",
            lost_n,
            "",
            "allowed",
            0.0,
            float(lost_n),
            0.0,
            lost_n == 0,
        ),
    ]


def _watch(board: Board) -> list[float]:
    """Milliseconds that each transfer to a panel takes from now on."""
    found: list[float] = []

    def timed(function):  # type: ignore[no-untyped-def]
        def wrapper(*arguments):  # type: ignore[no-untyped-def]
            began_ns = board.clock.now_ns
            answer = function(*arguments)
            found.append((board.clock.now_ns - began_ns) / costs.MS)
            return answer

        return wrapper

    board.i2c.write = timed(board.i2c.write)  # type: ignore[method-assign]
    panel_spi = board.spis[board.pins.TFT_SPI_ID]
    panel_spi.write = timed(panel_spi.write)  # type: ignore[method-assign]
    return found
