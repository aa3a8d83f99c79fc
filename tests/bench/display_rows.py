"""What each panel takes from the sampling: every page in its worst moment, and sets with each page that one has."""

from __future__ import annotations

from dataclasses import dataclass

from tests.athlete import page_costs
from tests.bench.rows import Row
from tests.walker_belt import WalkerBelt

from retrorig.link.client import RigClient
from retrorig.plans import choose_plan, push_plan
from retrorig.virtual import costs
from retrorig.virtual.board import Board
from retrorig.virtual.rig import VirtualRig
from retrorig.virtual.settings import DISPLAYS, RigSettings

SLICE_MS = 3.0
SET_US = 10_000_000
TAP_MS = 120
TURN_US = 400_000
BANDED = {"kind": "work", "target": "distance", "amount": 40_000, "speed_mmps": [950, 1050]}
SEED, MORE_SEEDS = 5, (1, 3, 4)
PLAN = {"id": "band", "name": "Band", "blocks": [BANDED]}


@dataclass(frozen=True)
class Scene:
    """A set with one page, or with the page turned again and again: the worst that somebody can do to a display."""

    name: str
    plan: bool = False
    taps: int = 0


SCENES = (
    Scene("run"),
    Scene("band", plan=True),
    Scene("trace", taps=1),
    Scene("page turned every 0.4 s", taps=25),
)


@dataclass(frozen=True)
class Seen:
    scene: str
    slices_ms: list[float]
    lost_n: int

    @property
    def share(self) -> float:
        return sum(self.slices_ms) * costs.MS / (SET_US * costs.US)


def rows() -> list[Row]:
    """Each scene once, and the worst with more seeds: when a conversion falls due while the glass is busy is chance."""
    played = {
        display: [_play(display, scene, SEED) for scene in SCENES]
        + [_play(display, SCENES[-1], seed) for seed in MORE_SEEDS]
        for display in DISPLAYS
    }
    found = [row for display, seen in played.items() for row in _rows(display, seen)]
    return [*_page_row("128 x 64", page_costs.small()), *_page_row("320 x 240", page_costs.large()), *found]


def _page_row(panel: str, pages: list[page_costs.Cost]) -> list[Row]:
    worst = max(pages, key=lambda cost: cost.total_ms)
    longest_ms = max(cost.longest_ms for cost in pages)
    title = f"of {len(pages)} pages on {panel}"
    about = f"slowest {title}: {worst.page}, {worst.slices} slices, {worst.bytes} bytes"
    return [
        Row(about, worst.total_ms, "ms", "-", worst.total_ms, 1.0, None, True),
        _bounded(f"longest slice {title}", longest_ms, "ms", SLICE_MS),
    ]


def _rows(display: str, seen: list[Seen]) -> list[Row]:
    worst = max(seen, key=lambda one: one.share)
    longest_ms = max(max(one.slices_ms) for one in seen)
    lost_n = sum(one.lost_n for one in seen)
    busiest = f"time on the bus, {display}, most of {len(seen)} sets: {worst.scene}"
    return [
        _bounded(f"longest transfer, {display}", longest_ms, "ms", SLICE_MS),
        Row(busiest, 100 * worst.share, "%", "-", 100.0, worst.share, None, True),
        Row(
            f"conversions lost, {display}, {len(seen)} sets",
            lost_n,
            "",
            "allowed",
            0,
            float(lost_n),
            0.0,
            not lost_n,
        ),
    ]


def _bounded(name: str, value: float, unit: str, most: float) -> Row:
    return Row(name, value, unit, "allowed", most, value / most, 1.0, value <= most)


def _play(display: str, scene: Scene, seed: int) -> Seen:
    belt = WalkerBelt(sets=1, distance_m=40.0, speed_mps=1.0, wait_s=0.5)
    with VirtualRig(belt, settings=RigSettings(display=display), seed=seed) as rig:
        rig.power_on()
        client = RigClient(rig.open_port())
        client.hello()
        if scene.plan:
            choose_plan(client, push_plan(client, PLAN))
        rig.run_for(1_000_000)
        rig.start_belt()
        rig.run_for(2_000_000)
        slices_ms = _watch(rig.board)
        end_us = rig.now_us + SET_US
        for _ in range(scene.taps):
            rig.buttons["rpe"].press(TAP_MS)  # turns the page
            rig.run_for(TURN_US)
        rig.run_for(max(0, end_us - rig.now_us))
        info = client.info()
    assert info["state"] == "running" and slices_ms
    return Seen(scene.name, slices_ms, info["lost"] + info["dropped"])


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
