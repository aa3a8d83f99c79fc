"""What a rig moved that is in no set, as people are told."""

from retrorig.moved import told_moved

ROLLER = (2400, 250_000)


def info(between=(0, 0), remarks=None):
    return {"moved": {"between": between, "remarks": remarks or {}}, "roller": ROLLER}


def test_kicks_are_told_with_their_metres_and_number():
    assert told_moved(info((0, 0), {"kick": [6, 20_160, 0]})) == (
        "2.1 m were moved that are in no set: 6 kicks"
    )


def test_the_way_back_is_told_apart():
    assert told_moved(info((0, 96_000), {"shift": [1, 960, 0]})) == (
        "0.1 m and 10.0 m forward were moved that are in no set: 1 shift of the belt"
    )
    assert told_moved(info((9600, 0))).endswith("in no set: way between sets")


def test_nothing_is_no_sentence():
    assert told_moved(info((100, 100))) == ""
    known = info((9600, 0))
    for answer in ({}, {"moved": known["moved"]}, {"roller": ROLLER}):
        assert told_moved(answer) == "", "an older firmware does not tell it"
    assert told_moved(info((480, 0))) and told_moved(info((0, 480))) and not told_moved(info((479, 479)))


def test_every_kind_of_remark_has_a_name():
    words = told_moved(info((0, 0), {kind: [2, 9600, 0] for kind in ("kick", "shift", "hand", "full")}))
    assert "2 kicks, 2 shifts of the belt, 2 movements by hand" in words
