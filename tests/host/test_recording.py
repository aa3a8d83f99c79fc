"""Recordings: what is written comes back, and a bad file gets its line and the reason."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import retrorig
from retrorig.errors import InputError
from retrorig.recording import read_recording

HEADER = "time_s,belt_m,force_n\n"

ROWS = st.lists(
    st.tuples(st.integers(0, 10**9), st.integers(-(10**9), 10**9), st.integers(-(10**7), 10**7)),
    min_size=1,
    max_size=40,
    unique_by=lambda row: row[0],
).map(sorted)


def write(folder: Path, text: str | bytes) -> Path:
    path = folder / "rec.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


@given(
    rows=ROWS,
    newline=st.sampled_from(["\n", "\r\n", "\r"]),
    mark=st.sampled_from(["", "\ufeff"]),
    tail=st.sampled_from(["", "\n", "\n\n", "\n  \n"]),
    extra=st.booleans(),
)
def test_round_trip(
    tmp_path_factory: pytest.TempPathFactory, rows: list, newline: str, mark: str, tail: str, extra: bool
) -> None:
    lines = [HEADER.strip() + (",line_m" if extra else "")]
    lines += [f"{t / 1e6:.6f}, {x / 1e6:.6f},{f / 1e3:.3f}" + (",0.1" if extra else "") for t, x, f in rows]
    text = mark + newline.join(lines) + tail.replace("\n", newline)
    found = read_recording(write(tmp_path_factory.mktemp("rec"), text))
    t0, x0, _ = rows[0]
    assert list(found.time_s) == pytest.approx([(t - t0) / 1e6 for t, _, _ in rows], abs=1e-9)
    assert list(found.belt_m) == pytest.approx([(x - x0) / 1e6 for _, x, _ in rows], abs=1e-9)
    assert list(found.force_n) == [f / 1e3 for _, _, f in rows]
    assert len(found.notices) == extra
    assert found.backward_m - found.forward_m == pytest.approx(found.net_m, abs=1e-6)


@given(rows=ROWS, at=st.floats(-0.1, 1.1))
def test_interpolation_is_linear_between_rows_and_still_outside(
    tmp_path_factory: pytest.TempPathFactory, rows: list, at: float
) -> None:
    text = HEADER + "".join(f"{t / 1e6},{x / 1e6},{f / 1e3}\n" for t, x, f in rows)
    found = read_recording(write(tmp_path_factory.mktemp("rec"), text))
    t = at * found.end_s
    below = max((i for i, s in enumerate(found.time_s) if s <= t), default=0)
    above = min(below + 1, len(rows) - 1)
    for values, value in ((found.belt_m, found.position_m(t)), (found.force_n, found.force_n_at(t))):
        low, high = sorted((values[below], values[above]))
        assert low - 1e-9 <= value <= high + 1e-9
        if t >= found.end_s:
            assert value == values[-1]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "empty"),
        ("\n\n", "empty"),
        (HEADER, "no rows"),
        ("time,belt,force\n0,0,0\n", "line 1: the header"),
        ("0,0,0\n1,1,1\n", "line 1: the header"),
        ("time_s;belt_m;force_n\n0;0;0\n", "line 1: the header"),
        (HEADER + "0,0,0\n1,abc,0\n", "line 3: belt_m is 'abc'"),
        (HEADER + "0,0,0\n1,,0\n", "line 3: belt_m is ''"),
        (HEADER + "0,0,nan\n", "line 2: force_n is 'nan'"),
        (HEADER + "0,inf,0\n", "line 2: belt_m is 'inf'"),
        (HEADER + "0,0,1_000\n", "line 2: force_n"),
        (HEADER + "0,0,\u0661\n", "line 2: force_n"),
        (HEADER + "0,1e300,0\n", "line 2: belt_m is 1e300, more than"),
        (HEADER + "0,0,0\n1,1,1\n1,2,1\n", "line 4: time_s is 1.0, not later"),
        (HEADER + "0,0,0\n2,1,1\n1,2,1\n", "line 4: time_s is 1.0, not later"),
        (HEADER + "0,0,0\n1,1\n", "line 3: 2 of 3 columns"),
        (HEADER + "0,0,0,5\n", "line 2: 4 columns"),
        (HEADER + "0,00,1,5,2,0\n", "decimal mark"),
        (HEADER + "0,0,0\n\n1,1,1\n", "line 3: the line is blank"),
        (HEADER.encode() + b"0,0,0\n1,\x00,1\n", "line 3: not plain text"),
        (HEADER.encode() + b"0,0,0\n1,1,\xe9\n", "line 3: not UTF-8"),
        ((HEADER + "0,0,0\n").encode("utf-16"), "not plain text"),
    ],
)
def test_bad_files_get_line_and_reason(tmp_path: Path, text: str | bytes, reason: str) -> None:
    with pytest.raises(InputError) as caught:
        read_recording(write(tmp_path, text))
    sentence = str(caught.value)
    assert reason in sentence and "rec.csv" in sentence and "\n" not in sentence


def test_missing_file_and_folder(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no recording"):
        read_recording(tmp_path / "none.csv")
    with pytest.raises(InputError, match="is a folder"):
        read_recording(tmp_path)


def test_the_recordings_that_come_along() -> None:
    folder = Path(retrorig.__file__).parent / "recordings"
    net = {path.name: read_recording(path).net_m for path in folder.glob("*.csv")}
    assert net == {
        "wheel-push-steady.csv": pytest.approx(28.0567),
        "treadmill-belt.csv": pytest.approx(26.7189),
        "bench-calibration.csv": pytest.approx(600.0),
    }
