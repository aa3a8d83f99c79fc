"""Loads that people move: a sled, a treadmill's belt, a mass on an elastic. Newton's law with dry friction.

    m dv/dt = F cos(tilt) + feet - against - spring x - sign(v) dry(v) - viscous v

F is the pull in the line, which the load cell measures. Dry friction falls from `static_n` at rest to `moving_n`
(Stribeck's curve); of a sled it is in proportion to its weight less what a tilted line lifts.
Friction of loaded sleds on turf: 0.39-0.47 at rest, 0.31-0.35 moving (Andre et al. 2013, J Strength Cond Res).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

GRAVITY_MPS2 = 9.81


@dataclass(frozen=True)
class Load:
    """Mass in kg, forces in N, the spring in N/m from position 0, viscous friction in N s/m."""

    mass_kg: float
    static_n: float
    moving_n: float
    viscous_nspm: float = 0.0
    against_n: float = 0.0
    spring_npm: float = 0.0
    tilt_deg: float = 0.0
    weight_n: float = 0.0
    """What dry friction is in proportion to, where a tilted line relieves it; 0: it does not."""
    stribeck_mps: float = 0.03

    def drive_n(self, pull_n: float, feet_n: float, x_m: float) -> float:
        """Force along the way at a position, without friction."""
        level_n = pull_n * math.cos(math.radians(self.tilt_deg))
        return level_n + feet_n - self.against_n - self.spring_npm * x_m

    def dry_n(self, pull_n: float, v_mps: float) -> float:
        """Size of the dry friction; at speed 0 what it takes to break loose."""
        dry = self.moving_n + (self.static_n - self.moving_n) * math.exp(-abs(v_mps) / self.stribeck_mps)
        if not self.weight_n:
            return dry
        lifted_n = pull_n * math.sin(math.radians(self.tilt_deg))
        return dry * max(0.0, 1 - lifted_n / self.weight_n)

    def steady_n(self, v_mps: float, x_m: float = 0.0) -> float:
        """The pull that keeps up a speed at a position."""
        against_n = self.moving_n + self.viscous_nspm * v_mps + self.against_n + self.spring_npm * x_m
        tilt = math.radians(self.tilt_deg)
        lifts = self.moving_n / self.weight_n * math.sin(tilt) if self.weight_n else 0.0
        return against_n / (math.cos(tilt) + lifts)

    def held_n(self, x_m: float) -> float:
        """The pull with which somebody who stands keeps the load from being drawn back; 0 where friction does it."""
        back_n = self.against_n + self.spring_npm * x_m
        return back_n if back_n > 0.8 * self.moving_n else 0.0

    def advance(
        self, x_m: float, v_mps: float, pull_n: float, feet_n: float, dt_s: float
    ) -> tuple[float, float]:
        """(position, speed) after `dt_s`, by the midpoint rule, from where it comes to rest within it anew."""
        drive_n = self.drive_n(pull_n, feet_n, x_m + v_mps * dt_s / 2)
        if v_mps == 0 and abs(drive_n) <= self.dry_n(pull_n, 0.0):
            return x_m, 0.0
        way = math.copysign(1.0, v_mps or drive_n)
        guess = v_mps + dt_s / 2 * self._accelerate(drive_n, way, pull_n, v_mps)
        rate = self._accelerate(drive_n, way, pull_n, guess)
        after = v_mps + rate * dt_s
        if after * v_mps < 0:
            stops_s = -v_mps / rate
            return self.advance(x_m + v_mps * stops_s / 2, 0.0, pull_n, feet_n, dt_s - stops_s)
        return x_m + (v_mps + after) / 2 * dt_s, after

    def _accelerate(self, drive_n: float, way: float, pull_n: float, v_mps: float) -> float:
        return (drive_n - way * self.dry_n(pull_n, v_mps) - self.viscous_nspm * v_mps) / self.mass_kg


def sled(
    mass_kg: float,
    moving: float = 0.33,
    static: float = 0.42,
    viscous_nspm: float = 8.0,
    tilt_deg: float = 12.0,
) -> Load:
    """A sled with weights; the line rises from it to the athlete's hips."""
    weight_n = mass_kg * GRAVITY_MPS2
    return Load(
        mass_kg,
        static * weight_n,
        moving * weight_n,
        viscous_nspm,
        tilt_deg=tilt_deg,
        weight_n=weight_n,
    )


def belt(
    inertia_kg: float = 45.0, moving_n: float = 60.0, viscous_nspm: float = 25.0, slope_n: float = 0.0
) -> Load:
    """A treadmill without a motor: rollers and belt as a mass at the belt, friction under somebody's weight.

    The line is fixed to the frame: what the feet push, the line holds.
    """
    return Load(inertia_kg, 1.15 * moving_n, moving_n, viscous_nspm, against_n=slope_n)


def elastic(
    mass_kg: float = 30.0, against_n: float = 60.0, spring_npm: float = 0.0, moving_n: float = 12.0
) -> Load:
    """A mass that is drawn back: by a reel of even pull, or by a rubber line that grows harder with the way."""
    return Load(mass_kg, moving_n, moving_n, 4.0, against_n=against_n, spring_npm=spring_npm)
