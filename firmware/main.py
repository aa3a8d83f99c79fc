"""Starts the rig by itself: first a page that says so, then what app/loop.py does."""

import sys

from app.transient import transient_import


def run(may_stay=False):
    """Asked for at the prompt, it starts in any case; `may_stay`: not in safe mode."""
    if "app.rig" in sys.modules:
        import machine

        machine.soft_reset()  # a rig has run: the heap is strewn with what is left of it
    print("Starting: display")
    board = transient_import("board")
    display = transient_import("app.panels").opened(board)
    from app import loop

    if may_stay and loop.is_safe_mode(board):
        return
    rig = loop.built(board, display)
    del board, display
    if rig:
        loop.run(rig)


if __name__ == "__main__":
    run(True)
