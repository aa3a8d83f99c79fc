"""Recordings: what is written comes back, and a bad file gets its line and the reason."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import retrorig
from retrorig.cli import run
from retrorig.errors import InputError
from retrorig.recording import Recording, read_recording
from retrorig.recording_columns import read_header
from retrorig.recording_times import GAP_S, ROWS_MIN, SPLIT_S

HEADER = "time_s,belt_m,force_n\n"

ROWS = st.lists(
    st.tuples(st.integers(0, 10**9), st.integers(-(10**9), 10**9), st.integers(-(10**7), 10**7)),
    min_size=1,
    max_size=ROWS_MIN - 1,  # corners with lines between, at any distance
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
        (HEADER + "0,1e300,0\n", "line 2: belt_m is 1e+300, more than"),
        (HEADER + "0,0,0\n1,1,1\n1,2,1\n", "line 4: time_s is 1.0, not later"),
        (HEADER + "0,0,0\n2,1,1\n1,2,1\n", "line 4: time_s is 1.0, not later"),
        (HEADER + "0,0,0\n1,1\n", "line 3: 2 of 3 columns"),
        (HEADER + "0,0,0,5\n", "line 2: 4 columns"),
        ("time_s;belt_m;force_n\n0;0;0\n", "commas between the columns and a point before decimals"),
        ("time_s\tbelt_m\tforce_n\n0\t0\t0\n", "commas between the columns"),
        ("time_s,belt_m,belt_mm\n0,0,0\n", "line 1: the header"),
        ("t (ms),time (s),belt_m,force_n\n0,0,0,0\n", "line 1: the header"),
        ("time_s,belt_m,force_kg\n0,0,0\n", "line 1: the header"),
        (HEADER + "0,0," + "9" * 5000 + "\n", "line 2: force_n is larger than any number"),
        (HEADER + "0,0,0\n2000000,1,0\n", "line 3: time_s is 2e+06, more than 1000000 s"),
        (HEADER + "0,0,0\n5,1,0\n3000000,2,0\n", "line 4: time_s is 3e+06, more than 1000000 s"),
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


def walk(
    step: float = 0.01, n: int = 2000, start: float = 0.0, from_row: int = 0
) -> list[tuple[float, float, float]]:
    """Rows of somebody who walks at 0.9 m/s, in time units of 1 s / 0.01 * step."""
    return [(start + i * step, i * 0.009, 80 + 20 * (i % 50) / 50) for i in range(from_row, from_row + n)]


def read(folder: Path, rows: list[tuple[float, float, float]], header: str = HEADER) -> Recording:
    return read_recording(write(folder, header + "".join(f"{t!r},{x!r},{f!r}\n" for t, x, f in rows)))


@pytest.mark.parametrize(
    "header, scales",
    [
        ("time_ms,belt_mm,force_n", (1000, 1000, 1)),
        ("t (s),position (cm),force (kgf)", (1, 100, 1 / 9.80665)),
        ('"time [ms]","belt [m]","pull [kN]"', (1000, 1, 0.001)),
        ("Time_s,Belt_ft,Force_lbf", (1, 1 / 0.3048, 1 / 4.4482216)),
    ],
)
def test_other_units_are_converted_and_told(tmp_path: Path, header: str, scales: tuple[float, ...]) -> None:
    rows = walk(n=50)
    found = read(tmp_path, [tuple(v * k for v, k in zip(row, scales)) for row in rows], header + "\n")  # type: ignore[misc]
    plain = read(tmp_path, rows)
    for ours, theirs in zip(
        (plain.time_s, plain.belt_m, plain.force_n), (found.time_s, found.belt_m, found.force_n)
    ):
        assert list(theirs) == pytest.approx(list(ours), rel=1e-9, abs=1e-9)
    assert len(found.notices) == 1 and "read as time_s, belt_m, force_n" in found.notices[0]


def test_columns_may_stand_in_another_order(tmp_path: Path) -> None:
    found = read_recording(write(tmp_path, "force_n,heart,time_s,belt_m\n5,60,0,0\n6,61,1,2\n"))
    assert (list(found.time_s), list(found.belt_m), list(found.force_n)) == ([0, 1], [0, 2], [5, 6])
    assert any("ignored: heart" in notice for notice in found.notices)


@pytest.mark.parametrize("step_ms", [4, 10, 20, 100])
@pytest.mark.parametrize("speed_mps", [0.05, 0.4, 1.2, 8.0])
def test_milliseconds_called_seconds_are_recognised_and_told(
    tmp_path: Path, step_ms: int, speed_mps: float
) -> None:
    found = read(tmp_path, [(i * step_ms, i * step_ms * 1e-3 * speed_mps, 80.0) for i in range(400)])
    assert found.end_s == pytest.approx(399 * step_ms * 1e-3)
    assert any("milliseconds" in notice for notice in found.notices)


def test_slow_or_sparse_recordings_in_seconds_stay_what_they_are(tmp_path: Path) -> None:
    """A walk drawn by its corners, a stand, a row every 2 s at the slowest speed that a rig records."""
    for rows in (
        [(0.0, 0.0, 0.0), (60.0, 60.0, 80.0), (400.0, 60.0, 0.0)],
        [(float(i), 0.0, 0.0) for i in range(100)],
        [(2.0 * i, 2 * i * 0.06, 80.0) for i in range(100)],
    ):
        found = read(tmp_path, rows)
        assert found.end_s == rows[-1][0] and not found.notices


@pytest.mark.parametrize("scale", [1, 1000, 1e6])
def test_unix_times_are_counted_from_the_first_row_and_told(tmp_path: Path, scale: float) -> None:
    start = 1_790_000_000
    rows = [(round((start + t) * scale, 3), x, f) for t, x, f in walk(n=200)]
    found = read(tmp_path, rows)
    assert list(found.time_s) == pytest.approx([t for t, _, _ in walk(n=200)], abs=1e-3)
    assert found.start_unix_s == start
    assert any("2026-09-21 14:13:20 UTC" in notice for notice in found.notices)


@pytest.mark.parametrize("gap_s", [1.5, 8.0])
def test_a_short_gap_is_told_with_its_line(tmp_path: Path, gap_s: float) -> None:
    assert GAP_S < gap_s < SPLIT_S
    rows = walk(n=300) + [(t + gap_s, x, f) for t, x, f in walk(n=300, from_row=300)]
    found = read(tmp_path, rows)
    assert len(found.notices) == 1 and "line 302" in found.notices[0], "the row after the gap, header counted"
    assert list(found.time_s) == [t for t, _, _ in rows], "what happened in it is taken as steady"


@pytest.mark.parametrize("moved_m", [0.2, 5.0, -3.0])
@pytest.mark.parametrize("gap_s", [11.0, 300.0])
def test_a_long_gap_is_a_stand_and_what_it_hides_is_told(
    tmp_path: Path, gap_s: float, moved_m: float
) -> None:
    before, after = walk(n=300), walk(n=300, from_row=300)
    found = read(tmp_path, before + [(t + gap_s, x + moved_m, f) for t, x, f in after])
    assert len(found.notices) == 1 and "line 302" in found.notices[0]
    assert f"{abs(moved_m + 0.009):.2f} m" in found.notices[0]
    assert found.end_s == pytest.approx(after[-1][0] + gap_s)
    ends = [before[-1][0] + part * (gap_s + 0.01) for part in (0.001, 0.5, 0.999)]
    assert [found.position_m(t) for t in ends] == pytest.approx([before[-1][1]] * 3), "nobody knows better"
    assert found.force_n_at(ends[1]) == 0
    assert found.net_m == pytest.approx(after[-1][1] - 0.009)


def test_what_a_stand_moves_in_a_long_gap_is_moved_at_its_end(tmp_path: Path) -> None:
    """A belt that crept all the while would never stand, and so end no set."""
    before, after = walk(n=300), walk(n=300, from_row=300)
    found = read(tmp_path, before + [(t + 60, x + 0.02, f) for t, x, f in after])
    assert found.net_m == pytest.approx(after[-1][1] + 0.02) and "left out" not in found.notices[0]
    assert [found.position_m(before[-1][0] + t_s) for t_s in (0.1, 59.9)] == [before[-1][1]] * 2
    assert found.force_n_at(before[-1][0] + 30) > 0


def test_many_gaps_are_told_in_a_few_sentences(tmp_path: Path) -> None:
    rows = [(t + 2 * (i // 100), x, f) for i, (t, x, f) in enumerate(walk(n=3000))]
    notices = read(tmp_path, rows).notices
    assert len(notices) == 6 and "24 more such gaps" in notices[-1]


def test_sim_tells_how_it_reads_a_recording(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    played: list[Recording] = []
    monkeypatch.setattr("retrorig.cli.sim.serve_virtual_rig", lambda belt, **_: played.append(belt))
    rows = "".join(f"{10 * i + (4000 if i > 99 else 0)},{i * 0.009},80,1\n" for i in range(200))
    path = write(tmp_path, "time_s,belt_m,force_n,line_m\n" + rows)
    assert run(["sim", str(path)]) == 0
    told = capsys.readouterr().err
    assert "milliseconds" in told and "line 102" in told and "ignored: line_m" in told
    assert played[0].end_s == pytest.approx(1.99 + 4.0)


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


DEFINED = {
    "time_s": {"s": 1, "sec": 1, "ms": 1e-3, "us": 1e-6, "µs": 1e-6, "min": 60},
    "belt_m": {"m": 1, "cm": 1e-2, "mm": 1e-3, "ft": 0.3048, "yd": 0.9144},
    "force_n": {"N": 1, "kN": 1e3, "kgf": 9.80665, "lbf": 4.4482216152605},
}


@pytest.mark.parametrize(
    ("column", "unit"), [(column, unit) for column in DEFINED for unit in DEFINED[column]]
)
def test_each_unit_is_as_large_as_it_is_defined(column: str, unit: str) -> None:
    cells = [f"{column.partition('_')[0]} ({unit})" if each == column else each for each in DEFINED]
    scales = read_header("walk.csv", ",".join(cells)).scales
    expected = [DEFINED[column][unit] if each == column else 1 for each in DEFINED]
    assert scales == pytest.approx(expected, rel=1e-7)
