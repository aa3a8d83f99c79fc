"""Display, buttons, sensor faults, belts, settings."""

from __future__ import annotations

import copy
import math
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.walker_belt import WalkerBelt

from retrorig.errors import InputError
from retrorig.recording import Recording
from retrorig.virtual.belts import RecordingBelt, StillBelt
from retrorig.virtual.clock import Clock
from retrorig.virtual.costs import MS, S
from retrorig.virtual.interrupts import Interrupts
from retrorig.virtual.parts.buttons import BOUNCE_NS, Button
from retrorig.virtual.parts.flash import Flash, FlashImage, PowerCut
from retrorig.virtual.parts.i2c import I2cBus
from retrorig.virtual.parts.nvs import PAGE, Nvs
from retrorig.virtual.parts.oled import HEIGHT, WIDTH, Sh1106, Ssd1306
from retrorig.virtual.parts.watchdog import Watchdog
from retrorig.virtual.rig import VirtualRig
from retrorig.virtual.settings import Fault, RigSettings, load_rig_settings

SETUP = b"\x20\x00\xa1\xc8\x8d\x14\xaf"
WHOLE = b"\x21\x00\x7f\x22\x00\x07"


def display() -> Ssd1306:
    panel = Ssd1306()
    panel.i2c_write(b"\x00" + SETUP + WHOLE)
    return panel


@given(x=st.integers(0, WIDTH - 1), y=st.integers(0, HEIGHT - 1))
def test_a_pixel_is_where_the_datasheet_puts_it(x: int, y: int) -> None:
    panel = display()
    frame = bytearray(1024)
    frame[y // 8 * WIDTH + x] = 1 << y % 8
    panel.i2c_write(b"\x40" + frame)
    image = panel.image()
    assert image.getbbox() == (x, y, x + 1, y + 1)


def test_a_window_is_filled_row_by_row_and_begun_again() -> None:
    panel = display()
    panel.spi_write(b"\x21\x0a\x0b\x22\x02\x03", is_data=False)
    panel.spi_write(bytes([1, 2, 3, 4, 5]), is_data=True)
    assert [panel.memory[2 * WIDTH + 10], panel.memory[2 * WIDTH + 11]] == [5, 2]
    assert [panel.memory[3 * WIDTH + 10], panel.memory[3 * WIDTH + 11]] == [3, 4]


@pytest.mark.parametrize(
    ("command", "seen"),
    [
        (b"\xa7", (0, 0, 128, 64)),
        (b"\xae", None),
        (b"\x8d\x10", None),
        (b"\xa0", (127, 0, 128, 1)),
        (b"\xc0", (0, 63, 1, 64)),
        (b"\xa5", (0, 0, 128, 64)),
        (b"\xa5\xa4", (0, 0, 1, 1)),
        (b"\xa5\xa7", None),
        (b"\x41", (0, 63, 1, 64)),
        (b"\x7f", (0, 1, 1, 2)),
    ],
)
def test_inverted_off_unpumped_all_on_mirrored_and_moved(
    command: bytes, seen: tuple[int, ...] | None
) -> None:
    panel = display()
    panel.i2c_write(b"\x40\x01")
    panel.i2c_write(b"\x00" + command)
    if command == b"\xa7":
        assert panel.image().getpixel((0, 0)) == 0
        panel.i2c_write(b"\x40" + bytes(1023) + b"\x00")
    assert panel.image().getbbox() == seen


def test_page_addressing_is_the_mode_after_power_on() -> None:
    panel = Ssd1306()
    panel.i2c_write(b"\x00\xb3\x05\x12")
    panel.i2c_write(b"\x40\xaa")
    assert panel.memory[3 * WIDTH + 0x25] == 0xAA


def test_a_byte_on_the_bus_takes_nine_clocks(clock: Clock) -> None:
    bus = I2cBus(clock)
    bus.devices[0x3C] = lambda data: True
    bus.write(0x3C, bytes(1025))
    whole = clock.now_ns
    assert whole == pytest.approx(23.1 * MS, rel=0.01)
    bus.freq_hz = 100_000
    bus.write(0x3C, bytes(1025))
    assert clock.now_ns - whole > 3.9 * whole
    assert bus.write(0x3D, b"x") == -1


def test_a_press_bounces_and_then_holds(clock: Clock) -> None:
    seen: list[tuple[int, int]] = []
    button = Button(clock, Random(3), lambda level: seen.append((clock.now_ns, level)))
    assert button.level() is None
    button.press(100)
    clock.advance(50 * MS)
    assert button.level() == 0
    clock.advance(100 * MS)
    assert button.level() is None
    assert len(seen) > 2, "with this seed it bounces"
    assert all(at % (100 * MS) <= BOUNCE_NS for at, _ in seen)


FORCE = """
import machine, time
pin = machine.Pin(26, machine.Pin.IN)
spi = machine.SPI(1, baudrate=1_000_000, sck=machine.Pin(27), mosi=machine.Pin(25), miso=machine.Pin(26))
out, into = bytes([0xAA] * 6 + [0x80]), bytearray(7)
codes = []
end = time.ticks_add(time.ticks_ms(), 1500)
while time.ticks_diff(end, time.ticks_ms()) > 0:
    if pin.value() == 0:
        spi.write_readinto(out, into)
        code = 0
        for byte in into[:6]:
            for shift in (6, 4, 2, 0):
                code = code << 1 | byte >> shift & 1
        codes.append(code - (code >> 23 << 24))
    time.sleep_ms(1)
codes = codes[4:]
print('=', len(codes), min(codes or [0]), max(codes or [0]), sum(codes) // max(1, len(codes)), len(set(codes)))
"""


class ConstantPull(StillBelt):
    def force_n(self, t_s: float) -> float:
        return 100.0


def codes_of(boot, *faults: Fault) -> list[int]:
    healthy = RigSettings(faults=faults, rate_hz=85.0, drift_n_per_hour=0.0)
    return boot(FORCE, belt=ConstantPull(), settings=healthy).values(2)


def test_a_healthy_cell_reads_force_with_the_noise_of_its_datasheet(boot) -> None:
    n, low, high, mean, kinds = codes_of(boot)
    assert n == pytest.approx(85 * 1.5 - 4, abs=8)
    assert mean == pytest.approx(35_000 + 2147 * 100, abs=25)
    assert 60 < high - low < 400  # 38 codes rms (90 nV)
    assert kinds > 30


def test_faults_look_like_faults(boot) -> None:
    assert codes_of(boot, Fault("adc", "silent"))[0] == 0
    assert codes_of(boot, Fault("adc", "stuck"))[4] == 1
    low, high = codes_of(boot, Fault("adc", "disconnected"))[1:3]
    assert (low, high) == (-(1 << 23), (1 << 23) - 1)
    assert codes_of(boot, Fault("adc", "floating"))[4] > 20


def test_a_fault_begins_and_ends_when_it_should(boot) -> None:
    count = codes_of(boot, Fault("adc", "silent", 0.8, 1.3))[0]
    assert 30 < count < 100


def test_an_unplugged_display_does_not_answer(boot) -> None:
    booted = boot(
        "import machine\nprint('=', len(machine.I2C(0, scl=machine.Pin(22), sda=machine.Pin(21)).scan()))\n",
        settings=RigSettings(faults=(Fault("oled", "unplugged", 0.0, 1.0),)),
    )
    assert booted.values() == [0]


@pytest.mark.parametrize("rate", [None, 10.0])
def test_the_converters_rate_is_as_set_or_a_real_modules(rate: float | None) -> None:
    found = set()
    for seed in range(3):
        with VirtualRig(StillBelt(), RigSettings(rate_hz=rate), seed=seed) as rig:
            rig.board.converter.power_on()
            rig.board.clock.advance(20 * S)
            found.add(rig.board.converter.conversions / 20)
    if rate:
        assert all(hz == pytest.approx(rate, rel=0.01) for hz in found)
    else:
        assert len(found) == 3
        assert all(82 < hz < 95 for hz in found)


def test_a_recording_is_played_as_it_is() -> None:
    from array import array

    belt = RecordingBelt(Recording(array("d", [0, 1, 3]), array("d", [0, 2, 1]), array("d", [5, 7, 7])))
    assert [belt.position_m(t) for t in (-1, 0.5, 2, 9)] == [0, 1, 1.5, 1]
    assert [belt.force_n(t) for t in (-1, 0.5, 9)] == [5, 6, 7]
    assert belt.end_s == 3


@settings(max_examples=25)
@given(st.integers(1, 4), st.floats(3, 30), st.floats(0.3, 2.5))
def test_the_walker_covers_its_sets_and_rests_between(sets: int, distance_m: float, speed_mps: float) -> None:
    belt = WalkerBelt(sets, distance_m, speed_mps, rest_s=8.0, wait_s=1.0)
    assert belt.position_m(belt.end_s) == pytest.approx(sets * distance_m, rel=1e-4)
    times = [belt.end_s * i / 2000 for i in range(2001)]
    moves = [belt.position_m(b) - belt.position_m(a) for a, b in zip(times, times[1:], strict=False)]
    still = [t for t, move in zip(times, moves, strict=False) if move == 0]
    assert min(moves) >= 0
    assert len(still) * belt.end_s / 2000 == pytest.approx(
        1.0 + 8.0 * (sets - 1), abs=3 * belt.end_s / 2000 * sets
    )
    assert all(belt.force_n(t) == 0 for t in still)
    assert max(map(belt.force_n, times)) == pytest.approx(180 * 1.4, rel=0.1)


def test_a_rig_description_is_read(tmp_path) -> None:
    path = tmp_path / "RIG.toml"
    path.write_text(
        "circumference_mm = 300\nrate_hz = 80.5\nsetlog = false\n[calibration]\nzero = 7\n"
        '[[faults]]\npart = "adc"\nkind = "silent"\nfrom_s = 10\n'
    )
    loaded = load_rig_settings(path)
    assert (loaded.circumference_mm, loaded.rate_hz, loaded.setlog) == (300, 80.5, False)
    assert loaded.board_calibration()["zero"] == 7
    assert loaded.board_calibration()["circumference_um"] == 300_000
    assert loaded.faults == (Fault("adc", "silent", 10, math.inf),)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("nonsense", "line 1: this is no line of a rig description"),
        ("diameter = 3", "diameter is not a setting"),
        ("circumference_mm = 'wide'", "circumference_mm is 'wide'"),
        ("circumference_mm = 3", "20 to 5000"),
        ("rate_hz = 1", "5 to 400"),
        ("counts_per_rev = 3", "4 to 100000"),
        ("counts_per_n = 0.001", "0.01 to 1e"),
        ("counts_per_n = -2e6", r"0.01 to 1e\+06"),
        ("heap_kb = 63", "64 to 4096"),
        ("counts_per_rev = 2.5", "counts_per_rev is 2.5"),
        ("setlog = 1", "setlog is 1"),
        ("chip = 'esp32c3'", "no chip"),
        ("flash_mb = 5", "4, 8 or 16"),
        ("[[faults]]\npart = 'adc'\nkind = 'tired'", "no fault 'tired'"),
        ("[[faults]]\npart = 'adc'", "needs part and kind"),
        ("faults = 3", "faults must be tables"),
        ("calibration = 3", "calibration must be a table"),
        ("[calibration]\nzero = 1.5", "calibration.zero is 1.5"),
        ("counts_per_rev = 40000", "too many counts for its size"),
        ("counts_per_n = 50.0", "scale_nn must be"),
    ],
)
def test_a_bad_rig_description_gets_one_sentence(tmp_path, text: str, reason: str) -> None:
    path = tmp_path / "RIG.toml"
    path.write_text(text)
    with pytest.raises(InputError, match=reason) as caught:
        load_rig_settings(path)
    assert "\n" not in str(caught.value)


def test_what_rigs_there_are_can_be_described() -> None:
    for flash_mb in (4, 8, 16):
        assert RigSettings(flash_mb=flash_mb).flash_mb == flash_mb
    assert RigSettings(counts_per_n=-2147.0).board_calibration()["scale_nn"] < 0, "a cell mounted upside down"
    assert RigSettings(circumference_mm=20.0, counts_per_rev=4).counts_per_m == 200


def test_a_value_is_as_it_was_committed_last_however_often_and_damage_loses_but_the_last(
    clock: Clock, interrupts: Interrupts
) -> None:
    image = FlashImage(4 * PAGE)
    flash = Flash(image, clock, interrupts, Random(1))
    store = Nvs(flash, PAGE, 2 * PAGE)
    for n in range(400):
        store.set(b"count", n.to_bytes(2, "big"))
        store.commit()
        assert Nvs(flash, PAGE, 2 * PAGE).get(b"count") == n.to_bytes(2, "big")
    blank = b"\xff" * PAGE
    assert image.data[:PAGE] == blank == image.data[3 * PAGE :], "its neighbours' flash is left alone"
    fresh = Nvs(Flash(FlashImage(PAGE * 2), clock, interrupts, Random(1)), 0, 2 * PAGE)
    for value in (b"one", b"two"):
        fresh.set(b"word", value)
        fresh.commit()
    data = fresh._flash.image.data
    data[len(data[:].rstrip(b"\xff")) - 3] = 0
    again = Nvs(fresh._flash, 0, 2 * PAGE)
    assert again.get(b"word") == b"one"
    again.set(b"word", b"three")
    again.commit()
    assert Nvs(fresh._flash, 0, 2 * PAGE).get(b"word") == b"three"


def test_a_commit_in_which_power_fails_leaves_what_was_there(clock: Clock, interrupts: Interrupts) -> None:
    flash = Flash(FlashImage(2 * PAGE), clock, interrupts, Random(1))
    for n in range(20):
        store = Nvs(flash, 0, 2 * PAGE)
        store.set(b"count", bytes([n]))
        store.commit()
        store.set(b"count", b"torn")
        flash.cut_after(0, 0.5)
        with pytest.raises(PowerCut):
            store.commit()
        assert Nvs(flash, 0, 2 * PAGE).get(b"count") == bytes([n])
        store = Nvs(flash, 0, 2 * PAGE)
        flash.cut_after(0, 0.9)
        with pytest.raises(PowerCut):
            store.commit()
        assert Nvs(flash, 0, 2 * PAGE).get(b"count") == bytes([n])


def test_a_watchdog_bites_after_its_time_from_when_it_was_fed_and_not_after_a_reset(clock: Clock) -> None:
    bites_ns: list[int] = []
    dog = Watchdog(clock, lambda: bites_ns.append(clock.now_ns))
    dog.start(1000)
    clock.advance(900 * MS)
    dog.feed()
    clock.advance(5 * S)
    assert bites_ns == [1900 * MS]
    dog.reset()
    dog.feed()
    clock.advance(5 * S)
    assert len(bites_ns) == 1


def test_a_missing_rig_description_gets_one_sentence(tmp_path) -> None:
    with pytest.raises(InputError, match="no rig description"):
        load_rig_settings(tmp_path / "none.toml")


def test_no_interpreter_gets_one_sentence(monkeypatch) -> None:
    monkeypatch.setenv("RETRORIG_MICROPYTHON", "no-such-command")
    with VirtualRig(StillBelt(), files={}) as rig, pytest.raises(InputError, match="RETRORIG_MICROPYTHON"):
        rig.power_on()


ARGUMENTS_N = {
    0x20: 1, 0x21: 2, 0x22: 2, 0x26: 6, 0x27: 6, 0x29: 5, 0x2A: 5, 0x81: 1, 0x8D: 1, 0xA3: 2, 0xA8: 1, 0xD3: 1,
    0xD5: 1, 0xD9: 1, 0xDA: 1, 0xDB: 1,
}  # fmt: skip
"""By the command tables of the SSD1306's datasheet, revision 1.1."""


@pytest.mark.parametrize(("command", "arguments_n"), ARGUMENTS_N.items())
def test_what_belongs_to_a_display_s_command_is_no_command_of_its_own(command: int, arguments_n: int) -> None:
    """Its bytes may be those of "off" (0xAE); what comes behind them is one again."""
    oled = Ssd1306()
    oled.spi_write(b"\xaf", False)
    oled.spi_write(bytes([command] + [0xAE] * arguments_n), False)
    assert oled.is_on
    oled.spi_write(b"\xae", False)
    assert not oled.is_on


def test_a_display_that_was_told_of_no_window_is_filled_whole_row_by_row() -> None:
    panel = Ssd1306()
    panel.spi_write(b"\x20\x00", False)
    frame = bytes(n % 251 for n in range(WIDTH * HEIGHT // 8))
    panel.spi_write(frame + b"\xfe", True)
    assert panel.memory == b"\xfe" + frame[1:]


@pytest.mark.parametrize("other", [0xB8, 0xBF, 0x80, 0xA2, 0xAB, 0xC1, 0xC7, 0xE3])
def test_a_byte_that_is_no_command_of_a_display_changes_nothing(other: int) -> None:
    panel = Ssd1306()
    panel.spi_write(SETUP + b"\xb3\x05", False)
    before = copy.deepcopy(vars(panel))
    panel.spi_write(bytes([other]), False)
    assert vars(panel) == before


def test_each_byte_of_a_message_is_a_command_or_data_as_the_control_byte_before_it_says() -> None:
    """0x80 and 0xC0: one byte follows, then another control byte; 0x00 and 0x40: all that follows."""
    panel = Ssd1306()
    panel.i2c_write(b"\x80\xaf\xc0\xaa\x80\xa7\xc0\x55\x40\x01\x02")
    assert panel.is_on and panel.is_inverted
    assert panel.memory[:5] == b"\xaa\x55\x01\x02\x00"
    panel.i2c_write(b"\x00\xae\xa6")
    assert not panel.is_on and not panel.is_inverted


def test_an_sh1106_is_lit_by_its_own_pump_and_shows_the_middle_of_its_memory() -> None:
    panel = Sh1106()
    panel.spi_write(b"\x8d\x14\xa1\xc8\xaf\xb0\x02\x10", False)
    panel.spi_write(b"\x01", True)
    assert panel.image().getbbox() is None, "that pump is an SSD1306's"
    panel.spi_write(b"\xad\x8b", False)
    assert panel.image().getbbox() == (0, 0, 1, 1)
    panel.spi_write(b"\xad\x8a", False)
    assert panel.image().getbbox() is None
    panel.spi_write(b"\xad\x8b\x0a\x17\xb7", False)
    panel.spi_write(b"\x00" * 9 + b"\x80\x80", True)
    assert panel.image().getbbox() == (0, 0, 1, 1), (
        "beyond the last column it stays there, which no glass shows"
    )
