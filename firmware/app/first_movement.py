"""Loads what follows, judges and packs movements, before the first one; loaded for the moment.

Each module after a collection of its own: what loading one leaves behind would stay between them, holes of 5 KB.
"""

from .transient import collect_now

MODULES = (
    "rigcore.verdict",
    "rigcore.bounds",
    "rigcore.movement",
    "rigcore.setsamples",
    "rigcore.varbits",
    "rigcore.blocks",
)


def load() -> None:
    """They stay loaded."""
    for module in MODULES:
        collect_now()
        __import__(module)
