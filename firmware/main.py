"""Starts the rig by itself: first a page that says so, then what app/startup.py and app/loop.py do."""

import sys

from app.transient import transient_import


def run(may_stay=False):
    """Asked for at the prompt, it starts in any case; `may_stay`: not in safe mode."""
    if "app.rig" in sys.modules:
        import machine

        machine.soft_reset()  # a rig has run: the heap is strewn with what is left of it
    from app import loop

    rig = started(may_stay)  # a function of its own: what it needed is forgotten with it
    if rig:
        loop.run(rig)


def started(may_stay):
    print("Starting: display")
    board = transient_import("board")
    display = transient_import("app.panels").opened(board)
    startup = transient_import("app.startup")
    if may_stay and startup.is_safe_mode(board):
        return None
    return startup.built(board, display)


if __name__ == "__main__":
    run(True)
