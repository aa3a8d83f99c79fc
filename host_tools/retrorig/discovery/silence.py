"""Explains from its output why a port does not answer as a rig: one sentence each, with what to do."""

from __future__ import annotations

import os
import re

_PROMPTS = (">>> ", "... @")  # the second while it waits for more of a statement, with the echo of a request
ASK_INSTALLED = b"\r\n__import__('os').stat('/app')\r\n"
"""What a bare prompt is asked: whether the firmware is on the board. A running rig never sees it."""

_COMPLAINT = re.compile(r"\w+(Error|Interrupt)\b")  # the last line of a traceback
_STARTING = re.compile(r"Starting: ([^\r\n\0]+)\r?\n")  # firmware/app/startup.py
_STARTED = "done"
_RESET = "press EN (reset) on the board"
_SIM_AGAIN = "end `retrorig sim` with Ctrl-C and start it again"
_PSEUDO_TERMINALS = (
    "/dev/pts/",
    "/dev/ttys",
)  # on Linux, and on macOS, where a board's is /dev/cu or /dev/tty.
_PRINTABLE = 0.9
_SHOWN_MAX = 40
FLOOD_MIN = 4000
"""Characters while a rig was asked in vain: no program that prints for people says so much in a few seconds."""

_SIGNS = (  # in the text, sentence; the first that fits.
    ("waiting for download", "The board waits in its bootloader: let go of BOOT and press EN (reset)."),
    (
        "Brownout detector",
        "The board's supply breaks down (it reports a brownout): use a better cable or supply.",
    ),
    ("invalid header", "The board's flash is empty: `retrorig flash` installs the firmware."),
    (
        "flash read err",
        "The board can't read its flash: run `retrorig flash`; if that fails too, the board is broken.",
    ),
    (
        "Safe mode",
        "The rig is in safe mode after three crashes, or BOOT was held: press EN, or run `retrorig flash`.",
    ),
    (
        "a newer firmware wrote",
        "The sets on this rig were written by a newer firmware: update retrorig and run `retrorig flash`.",
    ),
    (
        "rst:0x",
        "The board restarted while it was asked: try again; if it restarts again, its supply is too weak.",
    ),
    (
        '"ok": 1',
        "The rig answers, but the line damages what it says: use another cable or USB socket, and no hub.",
    ),
    ("Stopped. Start with", "The rig's firmware was stopped: press EN (reset) on the board to start it."),
)


def is_prompt(text: str) -> bool:
    """Whether MicroPython's prompt stands in the text."""
    return any(prompt in text for prompt in _PROMPTS)


def starting(text: str) -> str:
    """How far a start has got by what the rig said last, with the number of such lines; "" when it does not start."""
    lines, after = _STARTING.findall(text), text.rpartition("Starting: ")[2]
    if not lines or lines[-1] == _STARTED or "Refused: " in after or _COMPLAINT.search(after):
        return ""
    return f"{lines[-1]} ({len(lines)})"


def explain(text: str, installed: str = "", holder: str | None = None, is_virtual: bool = False) -> str:
    """`text` came while the rig was asked in vain; `installed` is what a prompt answered to ASK_INSTALLED.

    `is_virtual`: of a rig that `retrorig sim` runs, which has no EN button.
    """
    sentence = _explained(text, installed, holder)
    return sentence.replace(_RESET, _SIM_AGAIN).replace("press EN", _SIM_AGAIN) if is_virtual else sentence


def is_virtual(port: str) -> bool:
    """Whether a port is a terminal that a program on this computer made, as `retrorig sim` does."""
    return os.path.realpath(port).startswith(_PSEUDO_TERMINALS)


def _explained(text: str, installed: str, holder: str | None) -> str:
    if words := starting(text):
        return f"The rig is still starting (it says: {words}): give it a minute and the same command again."
    for sign, sentence in _SIGNS:
        if sign in text:
            return sentence
    if is_prompt(text):
        return _prompt(text, installed)
    if len(text) >= FLOOD_MIN:
        return (
            "Something sends on this port without a pause: check that it is the rig's, press EN (reset) on the board, "
            "and try another cable or USB socket."
        )
    readable = "".join(filter(str.isprintable, text)).strip()
    if len(readable) >= 8 and len(readable) >= _PRINTABLE * len("".join(text.split())):
        shown = readable[:_SHOWN_MAX]
        return f'The board runs another program (it says "{shown}"): `retrorig flash` makes it a rig.'
    if len(text) >= 8:
        return "What comes from this port can't be read: check that it is the rig's, its cable and its earth."
    if holder:
        return f"The rig does not answer, and {holder} has its port open too: close that first."
    return (
        "The rig does not answer: check the cable, the power and that no other program uses the port, "
        "then press EN (reset) on the board."
    )


def _prompt(text: str, installed: str) -> str:
    complaints = [line.strip() for line in text.splitlines() if _COMPLAINT.match(line)]
    if "OSError" in installed or "ENOENT" in installed:
        return (
            "A bare MicroPython prompt answers at this port, without retrorig: `retrorig flash` installs it."
        )
    reason = f" ({complaints[-1]})" if complaints else ""
    return (
        f"A bare MicroPython prompt answers at this port{reason}: press EN (reset) on the board to start the "
        "firmware, or install it with `retrorig flash`."
    )
