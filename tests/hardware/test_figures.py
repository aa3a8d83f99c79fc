"""What the pages promise about speed, edges and current follows from the source."""

from __future__ import annotations

import pytest
from hardware.derive import figures
from hardware.derive.source import FOLDER, load
from hypothesis import given
from hypothesis import strategies as st
from tests.hardware import boards

from retrorig.doctor import sensors

RIG = load()
LIMITS = RIG.tables["limits"]
SUPPLY = RIG.tables["supply"]


def ohms(ref: str) -> float:
    (part,) = (part for part in RIG.circuit if part.ref == ref)
    number, unit = part.value.split()
    return float(number) * {"Ω": 1, "kΩ": 1000}[unit]


@given(pull_up_ohm=st.floats(100, 1e5), cable_m=st.floats(0.1, 20))
def test_rise_time_is_that_of_a_capacitor_charged_step_by_step(pull_up_ohm: float, cable_m: float) -> None:
    capacitance_f = (LIMITS["cable_pf_per_m"] * cable_m + LIMITS["input_pf"]) * 1e-12
    step_s = pull_up_ohm * capacitance_f / 2000
    volts, time_s = 0.0, 0.0
    while volts < LIMITS["input_high_of_supply"] * 3.3:
        volts += (3.3 - volts) / pull_up_ohm / capacitance_f * step_s
        time_s += step_s
    # Euler's method with 2000 steps a time constant is good to 1 part in 1000.
    assert figures.edge(LIMITS, pull_up_ohm, cable_m).rise_us == pytest.approx(time_s * 1e6, rel=2e-3)


def test_encoder_edges_are_quick_enough_with_the_longest_cable() -> None:
    edge = figures.edge(LIMITS, ohms("R1"), LIMITS["longest_cable_m"])
    assert ohms("R1") == ohms("R2") == LIMITS["pull_up_ohm"]
    assert edge.rise_us < edge.state_us / 4


def test_internal_pull_ups_alone_would_lose_counts() -> None:
    edge = figures.edge(LIMITS, LIMITS["internal_pull_up_ohm"], 2.0)
    assert edge.rise_us > edge.state_us


def test_counter_filter_is_shorter_than_a_quarter_state() -> None:
    state_us = 1e6 / (LIMITS["top_speed_mps"] / 0.25 * 2400)
    assert figures.edge(LIMITS, 1.0, 0.0).state_us == pytest.approx(state_us)
    assert boards.constants("linux")["ENC_FILTER_NS"] / 1000 < state_us / 4  # type: ignore[operator]


def test_encoder_keeps_up_at_top_speed() -> None:
    assert figures.pulse_rate_hz(LIMITS) == pytest.approx(8 / 0.25 * 600)
    assert figures.pulse_rate_hz(LIMITS) < LIMITS["encoder_response_hz"] / 2
    assert figures.turns_per_s(LIMITS) * 60 < LIMITS["encoder_top_rpm"] / 2


def test_a_low_encoder_output_reads_low() -> None:
    assert LIMITS["encoder_low_v"] < LIMITS["input_low_of_supply"] * 3.3 / 2


def test_encoder_gets_what_its_data_sheet_wants_with_every_cable() -> None:
    low, high = LIMITS["encoder_supply_v"]
    for key in RIG.boards:
        for cable_m in (0.5, 2.0, LIMITS["longest_cable_m"]):
            found = figures.sensor_supply(RIG, key, SUPPLY["bank_v"], cable_m)
            # Ohm's law once more, from the bank to the encoder.
            total_a, fused_a = (
                figures.load_ma(RIG, key, "most_ma", rails) / 1000 for rails in (("5V_F", "3V3"), ("5V_F",))
            )
            wanted = 5.0 - total_a * 0.15 - fused_a * 0.6 - 0.080 * 0.25 * cable_m
            assert found.encoder_v == pytest.approx(wanted, abs=1e-9)
            assert low <= found.encoder_v <= found.fused_v <= high
            assert found.after_board_diode_v < low, "why X3 is there"


def test_converter_keeps_its_margin_down_to_the_encoders_limit() -> None:
    assert figures.bridge_v(LIMITS) == pytest.approx(4.30, abs=0.005)
    assert figures.bridge_v(LIMITS) + LIMITS["hx711_dropout_v"] < LIMITS["encoder_supply_v"][0] - 0.2


def test_doctor_troubleshooting_and_wiring_state_the_same_limits() -> None:
    low, high = LIMITS["encoder_supply_v"]
    said = f"{low:g} and {high:g} V"
    assert (low, high) == sensors.SUPPLY_V
    root = FOLDER.parent
    assert f"{low:g} to {high:g} V on `5V_F`" in (FOLDER / "wiring.md").read_text(encoding="utf-8")
    assert said in (FOLDER / "wiring.md").read_text(encoding="utf-8")
    bridge = "4.2 to 4.4 V"
    assert abs(figures.bridge_v(LIMITS) - 4.3) < 0.05
    for page in (FOLDER / "wiring.md", root / "host_tools" / "TROUBLESHOOTING.md"):
        assert bridge in page.read_text(encoding="utf-8"), page


def test_an_encoder_that_pulls_up_to_5_v_is_clamped_within_the_diodes_rating() -> None:
    current_ma = (5.25 - 3.3) / ohms("R3") * 1000
    assert current_ma < 200  # BAT85 data sheet: 200 mA
    board_draws_ma = figures.load_ma(RIG, "esp32", "usual_ma", ("3V3",))
    assert 2 * current_ma < board_draws_ma  # else the clamps would lift the 3.3 V


@pytest.mark.parametrize("key", RIG.boards)
def test_supply_is_not_overloaded(key: str) -> None:
    assert (
        figures.load_ma(RIG, key, "usual_ma") < figures.load_ma(RIG, key, "most_ma") < SUPPLY["usb_port_ma"]
    )
    # A resettable fuse holds about 0.7 of its figure in a hot box.
    assert figures.load_ma(RIG, key, "most_ma", ("5V_F",)) < 0.7 * SUPPLY["fuse_hold_ma"]


@pytest.mark.parametrize("key", RIG.boards)
def test_power_bank_stays_on_and_lasts_a_training_day(key: str) -> None:
    usual_ma = figures.load_ma(RIG, key, "usual_ma")
    assert usual_ma > 100
    assert figures.battery_h(RIG, usual_ma) == pytest.approx(10 * 3.7 * 0.85 / (5 * usual_ma / 1000))
    assert figures.battery_h(RIG, figures.load_ma(RIG, key, "most_ma")) > 10
