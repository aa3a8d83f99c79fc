"""The numbers of each walker's variations; seeds are fixed, so that everybody's walks are the same."""

from __future__ import annotations

from itertools import count

from retrorig.virtual.walkers.person import Variation

_SEED = count(1)


def _v(speed_mps: float, steps_per_s: float, load: float, **more: float) -> Variation:
    return Variation(speed_mps, steps_per_s, load, seed=next(_SEED), **more)  # type: ignore[arg-type]


VARIATIONS: dict[str, tuple[Variation, ...]] = {
    "even": (
        _v(0.9, 1.8, 60),
        _v(0.3, 1.1, 60, metres=4),
        _v(0.6, 1.5, 80, amount=20),
        _v(1.3, 2.1, 50, metres=12, push=1.6),
        _v(1.8, 2.6, 60, metres=14, push=1.7, amount=-15),
        Variation(0.9, 1.8, 8, push=1.9, seed=101),  # 16-40 N: a light pull
    ),
    "dipping": (
        _v(0.2, 1 / 0.75, 50, metres=4, push=1.0),
        _v(0.2, 1 / 0.70, 50, metres=4, push=1.0),
        _v(0.25, 1 / 0.80, 60, metres=4, push=0.95),
        _v(0.2, 1 / 0.85, 40, metres=4, push=0.85),
        _v(0.33, 1 / 1.20, 60, metres=6, push=0.65),
    ),
    "sled": (
        _v(0.9, 1.8, 40, push=1.3),
        _v(0.6, 1.5, 35, push=1.3),
        _v(1.2, 2.0, 25, push=1.4, metres=12),
        _v(1.5, 2.3, 20, push=1.5, metres=14),
    ),
    "lurching": (
        _v(0.30, 1.0, 75, push=0.6),
        _v(0.24, 0.9, 110, push=0.4, metres=5),
        _v(0.33, 0.83, 60, push=0.5, metres=8),
        _v(0.40, 1.25, 90, push=0.6),
        _v(0.15, 0.6, 120, push=0.3, metres=4),
        _v(0.50, 1.3, 50, push=0.6),
    ),
    "heavy": (
        _v(0.17, 0.60, 160, push=0.4, metres=4),
        _v(0.145, 0.30, 180, push=0.35, metres=3.5),
        _v(0.18, 0.45, 130, push=0.3, metres=4),
        _v(0.20, 0.60, 150, push=0.4, metres=4),
    ),
    "limping": (
        _v(0.7, 2 / 1.10, 60, metres=14, lame_time=0.20, lame_strength=0.10),
        _v(0.6, 2 / 1.10, 60, metres=12, lame_time=0.345, lame_strength=0.15, push=1.2),
        _v(0.8, 2 / 1.10, 50, metres=14, lame_time=0.12, lame_strength=0.12),
        _v(0.4, 2 / 1.50, 70, metres=9, lame_time=0.25, lame_strength=0.15, push=1.2),
        _v(1.0, 2 / 0.90, 60, metres=16, lame_time=0.15, lame_strength=0.0, push=1.5),
        _v(0.5, 2 / 1.20, 60, metres=10, lame_time=0.0, lame_strength=0.15, push=1.2),
    ),
    "limping-sled": (
        _v(0.4, 2 / 1.60, 60, metres=9, lame_time=0.20, lame_strength=0.10, push=0.7),
        _v(0.3, 2 / 1.80, 80, metres=7, lame_time=0.30, lame_strength=0.10, push=0.6),
    ),
    "slow": (
        _v(0.02, 0.30, 40, push=1.3, metres=0.6),
        _v(0.03, 0.35, 40, push=1.4, metres=0.9),
        _v(0.05, 0.40, 50, push=1.6, metres=1.5),
        _v(0.08, 0.50, 50, push=1.5, metres=2),
        _v(0.10, 0.60, 60, push=1.4, metres=2),
        _v(0.15, 0.80, 60, push=1.3, metres=3),
        _v(0.20, 0.90, 50, push=1.2, metres=4),
        _v(0.30, 1.00, 40, push=1.2, metres=5),
    ),
    "brisk": (
        _v(1.2, 3.5, 50, push=1.5, metres=12),
        _v(2.0, 3.2, 60, push=1.7, metres=18),
        _v(1.0, 3.0, 60, push=1.4, metres=10),
        _v(0.7, 2.6, 80, push=1.4, metres=8),
    ),
    "leaning": (
        _v(0.8, 1.75, 60, amount=6),
        _v(0.5, 1.40, 80, amount=4, metres=6),
        _v(1.0, 1.90, 60, amount=8, metres=10),
        _v(0.3, 1.10, 70, amount=3, metres=4),
    ),
    "swaying": (
        _v(0.9, 1.8, 60, amount=15, rest_s=4),
        _v(0.6, 1.5, 70, amount=10, rest_s=4),
        _v(0.3, 1.0, 60, amount=15, rest_s=4, push=1.0, metres=4),
        _v(1.1, 1.9, 50, amount=5, rest_s=4),
    ),
    "coasting": (
        _v(0.9, 1.8, 50, amount=6),
        _v(1.3, 2.1, 40, metres=10, amount=12),
        _v(0.6, 1.5, 40, metres=6, amount=5),
        _v(1.6, 2.4, 60, metres=14, push=1.6, amount=25),
    ),
    "pushing-back": (
        _v(0.40, 1.2, 60, push=0.65, amount=0.8),
        _v(0.60, 1.4, 40, push=0.80, amount=1.0, metres=10),
        _v(0.25, 0.9, 90, push=0.55, amount=0.5, metres=5),
    ),
    "rocking": (
        _v(0.45, 1.25, 60, push=0.60, amount=80),
        _v(0.35, 1.10, 50, push=0.55, amount=200, metres=6),
        _v(0.60, 1.40, 70, push=0.65, amount=50, metres=10),
    ),
    "bungee": (
        _v(0.75, 1.5, 40, amount=20, metres=3, sets=5, rest_s=0),
        _v(0.50, 1.3, 30, amount=15, metres=2, sets=6, rest_s=0),
        _v(1.00, 1.8, 40, amount=12, metres=4, sets=4, rest_s=0),
    ),
    "kicking": (
        _v(0.9, 1.8, 50, amount=0.20),
        _v(0.5, 1.4, 40, amount=0.25, metres=5),
        _v(0.3, 1.1, 60, amount=0.10, metres=4),
    ),
    "stepping-on": (_v(0.8, 1.7, 60, amount=0.15), _v(0.4, 1.2, 60, amount=0.08, metres=5)),
    "hand": (_v(0.8, 1.7, 60, amount=0.20), _v(0.4, 1.2, 60, amount=0.10, metres=5)),
    "spinning": (_v(0.8, 1.7, 60, amount=15), _v(0.5, 1.4, 60, amount=60, metres=5)),
    "dog": (_v(0.8, 1.7, 60, amount=8), _v(0.5, 1.4, 60, amount=20, metres=5)),
}
