"""Sets written into a store."""

from rigcore.flash_ring import StoreFull
from rigcore.setwriter import SetWriter

PERIOD_US = 12_500


def write_set(log, samples_n, code=1000):
    """One whole set through the set writer; returns its number."""
    writer, no = SetWriter(log), log.next_no()
    if not writer.begin({"no": no, "rig": "x" * 200}):
        raise StoreFull
    for i in range(samples_n):
        writer.add(0, i * PERIOD_US, i * 120, code + i % 7)
    writer.end({"reason": "still"})
    return no


def erase_all(log):
    while log.erase_step():
        pass
