"""Safe mode: after three crashes in a row the rig stays at its prompt, where it can be mended."""

CRASH_LIMIT = 3
HEALTHY_MS = 60_000  # running this long forgives earlier crashes
_MAGIC = b"RRG"


def crashes(memory: bytes) -> int:
    """Crash count kept in the clock's memory, which survives a crash but holds noise after power-up."""
    if len(memory) == len(_MAGIC) + 1 and bytes(memory[:-1]) == _MAGIC:
        return memory[-1]
    return 0


def keep(crash_n: int) -> bytes:
    """What to write into the clock's memory for this count."""
    return _MAGIC + bytes((min(crash_n, 255),))
