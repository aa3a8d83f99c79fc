"""Opening a port: it must not reset the board, for a set may run there."""

from __future__ import annotations

import pytest
import serial

from retrorig.discovery.candidates import ESPRESSIF_VID
from retrorig.errors import InputError, NoRigError
from retrorig.link import ports


class Line:
    """A port as pyserial has it, with the levels of its two lines in the order in which they were set."""

    def __init__(self, **options: object) -> None:
        self.options, self.events = options, []
        self._levels = {"dtr": True, "rts": True}  # as pyserial would open it

    def __setattr__(self, name: str, value: object) -> None:
        if name in ("dtr", "rts"):
            self._levels[name] = value
            self.events.append((name, value))
        else:
            super().__setattr__(name, value)

    def open(self) -> None:
        self.events.append(("open", dict(self._levels)))


@pytest.fixture
def line(monkeypatch: pytest.MonkeyPatch) -> Line:
    made = Line()

    def for_url(url: str, **options: object) -> Line:
        made.options.update(options)
        return made

    monkeypatch.setattr(serial, "serial_for_url", for_url)
    return made


@pytest.mark.parametrize("vid", [0x1A86, 0x10C4, None])
def test_both_lines_of_the_reset_circuit_are_low_when_a_port_opens_and_stay_so(
    monkeypatch: pytest.MonkeyPatch, line: Line, vid: int | None
) -> None:
    monkeypatch.setattr(ports, "vid_of", lambda url: vid)
    ports.open_port("/dev/ttyUSB0")
    assert line.events[-1] == ("open", {"dtr": False, "rts": False})
    assert line.options["do_not_open"] is True and line.options["baudrate"] == 115200


def test_a_chips_own_usb_port_is_told_that_somebody_listens_and_is_not_reset(
    monkeypatch: pytest.MonkeyPatch, line: Line
) -> None:
    """It sends nothing otherwise; its reset needs RTS."""
    monkeypatch.setattr(ports, "vid_of", lambda url: ESPRESSIF_VID)
    ports.open_port("/dev/ttyACM0")
    assert line.events[-2:] == [("open", {"dtr": False, "rts": False}), ("dtr", True)]


def test_a_port_waits_for_nobody_unless_it_is_told_to(line: Line) -> None:
    """Who reads says how long; a port that takes no bytes is given up before a person gives up."""
    ports.open_port("/dev/ttyUSB0")
    assert line.options["timeout"] == 0
    assert line.options["write_timeout"] in range(1, 6)


def test_what_can_not_be_opened_is_a_sentence(monkeypatch: pytest.MonkeyPatch, line: Line) -> None:
    def fail() -> None:
        raise OSError(13, "Permission denied")

    line.open = fail  # type: ignore[method-assign]
    with pytest.raises(NoRigError, match="/dev/ttyUSB0"):
        ports.open_port("/dev/ttyUSB0")
    monkeypatch.undo()
    with pytest.raises(InputError, match="is no serial port or URL"):
        ports.open_port("nonsense://x")
