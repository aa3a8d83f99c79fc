"""What `retrorig info` says to a person."""

from __future__ import annotations

from retrorig.link.describe import described

ANSWER = {
    "rig": "fc219d66e495", "firmware": "0.1.0", "pack": "27ac1d30b8aa51c2", "protocol": 1,
    "boot": 3, "state": "idle", "counts": 9600,
    "force_mn": 1500, "speed_mmps": 250, "sets": 2, "room_min": 119, "room_sets": 500, "bad_sectors": 0,
    "heap_free": 9000, "calibration": "1997c5a4", "uptime_ms": 3_723_999, "reset_cause": 3, "doubt": "",
    "faults": {"desync": 0, "overlap": 0, "saturated": 0, "silent": 0, "missed": 0, "restarts": 0, "dropped": 0,
               "settling": 4},
}  # fmt: skip


def test_numbers_carry_their_units():
    facts = described(ANSWER)
    assert facts["speed"] == "0.25 m/s backward"
    assert facts["pull"] == "1.5 N"
    assert facts["started"] == "1:02:03 ago, start number 3, by the watchdog"


def test_what_was_lost_is_said_and_a_start_is_no_loss():
    assert described(ANSWER)["losses"] == "none since the start"
    for key in ANSWER["faults"]:
        if key != "settling":
            counted = described({**ANSWER, "faults": {**ANSWER["faults"], key: 7}})["losses"]
            assert "7 " in counted, key
    assert "3 bad sectors" in described({**ANSWER, "bad_sectors": 3})["losses"]


def test_a_doubt_is_told_as_what_looks_wrong_and_is_no_loss():
    assert described(ANSWER)["looks wrong"] == "nothing"
    facts = described({**ANSWER, "doubt": "steps without movement"})
    assert facts["looks wrong"] == "steps without movement"
    assert facts["losses"] == "none since the start"


def test_what_is_not_measured_is_no_number():
    facts = described({**ANSWER, "force_mn": None, "calibration": "none"})
    assert facts["pull"] == "not measured"
    assert "retrorig calibrate" in facts["calibration"]


def test_every_fact_of_both_answers_is_told():
    facts = described(
        {
            **ANSWER,
            "speed_mmps": 12_340,
            "force_mn": 999_999,
            "pack": "",
            "damaged": 2,
            "uptime_ms": 86_399_000,
        }
    )
    assert facts["speed"] == "12.34 m/s backward" and facts["pull"] == "1000.0 N"
    assert (
        facts["rig"] == "fc219d66e495, firmware 0.1.0, protocol 1" and facts["build"] == "from single files"
    )
    assert described(ANSWER)["build"] == "27ac1d30b8aa51c2" and facts["calibration"] == "1997c5a4"
    assert facts["started"].startswith("23:59:59 ago") and facts["memory"] == "9000 bytes free"
    assert "9600 counts" in facts["belt"] and facts["sets to pull"] == "2" and facts["state"] == "idle"
    assert "119 min" in facts["room left"] and "500 sets" in facts["room left"]
    assert facts["losses"].startswith("2 damaged places") and facts["in no set"] == "nothing since the start"
    assert described({**ANSWER, "reset_cause": 99})["started"].endswith("by cause 99")
    causes = {described({**ANSWER, "reset_cause": number})["started"] for number in range(1, 6)}
    assert len(causes) == 5 and not any("by cause" in words for words in causes)
