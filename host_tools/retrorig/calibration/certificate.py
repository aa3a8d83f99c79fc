"""A page about one calibration, to be printed and signed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import fmean
from typing import Any

from retrorig.extras import require
from retrorig.library.calibration_record import Record
from retrorig.writing import replacing

TITLES = {
    "belt": "Calibration of the belt",
    "force": "Calibration of the load cell",
    "direction": "Direction of the belt",
}
UNKNOWN = "not determined"


def write_certificate(path: Path, record: Record) -> None:
    """Write one HTML file that needs nothing beside it; InputError when it can't be written."""
    jinja2 = require("jinja2", "report")
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("retrorig.calibration"), autoescape=True, trim_blocks=False
    )
    text = environment.get_template("certificate.html").render(**_contents(record))
    with replacing(path) as file:
        file.write(text.encode("utf-8", errors="replace"))


def _contents(record: Record) -> dict[str, Any]:
    evidence = record.get("evidence", {})
    points, pushes = evidence.get("points", []), evidence.get("pushes", [])
    return {
        "record": record,
        "title": TITLES[record["kind"]],
        "facts": facts(record),
        "values": values(record),
        "points": points,
        "pushes": pushes,
        "mean": fmean(pushes) if pushes else 0.0,
        "distance": evidence.get("distance", ""),
        **plotted(points),
    }


def facts(record: Record) -> list[tuple[str, str]]:
    """Who, when and how, as (name, text)."""
    evidence = record.get("evidence", {})
    found = [
        ("made", record["made_utc"].replace("T", " ").replace("Z", " UTC")),
        ("by", record.get("person") or "-"),
        ("in place of", record.get("replaces") or "-"),
    ]
    for name, key, text in (
        ("weights known to", "weights_pm_ppm", "+-{:.2f} %"),
        ("fit alone", "fit_pm_ppm", "+-{:.3f} %"),
        ("linearity", "linearity_ppm", "{:.3f} % of the largest load"),
    ):
        if key in evidence:
            found.append((name, text.format(evidence[key] * 1e-4)))
    if "drift_n" in evidence:
        found.append(("zero moved meanwhile by", f"{evidence['drift_n']:+.2f} N"))
    if "copied_from" in evidence:
        found.append(("copied from", f"{evidence['copied_from']}, {evidence['copied_id']}"))
    return found


def values(record: Record) -> list[tuple[str, str, str]]:
    """What is in force, as (name, value, uncertainty)."""
    force = f"{record['scale_nn'] * 1e-3:.3f} uN" if record["scale_nn"] else UNKNOWN
    return [
        (
            "roller's circumference",
            f"{record['circumference_um'] * 1e-3:.3f} mm",
            _pm(record, "circumference_pm_ppm"),
        ),
        ("counts a turn", str(record["counts_per_rev"]), ""),
        ("force a code", force, _pm(record, "span_pm_ppm")),
        ("zero", f"{record['zero']} codes", "taken anew at each tare"),
        ("direction", "turned round" if record.get("direction") == -1 else "as wired", ""),
    ]


def result(record: Record) -> str:
    """What a calibration found, in a few words."""
    if record["kind"] == "belt":
        return f"{record['circumference_um'] * 1e-3:.3f} mm {_pm(record, 'circumference_pm_ppm')}"
    if record["kind"] == "force":
        return f"{record['scale_nn'] * 1e-3:.3f} uN a code {_pm(record, 'span_pm_ppm')}"
    return "turned round" if record.get("direction") == -1 else "as wired"


def _pm(record: Mapping[str, Any], key: str) -> str:
    return UNKNOWN if record.get(key) is None else f"+-{record[key] * 1e-4:.2f} %"


def plotted(points: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Places of the dots within the page's drawing."""
    load_n = max((point["newtons"] for point in points), default=1.0)
    largest_n = max((abs(point["off_n"]) for point in points), default=0.0) or 0.01
    dots = [(60 + 560 * point["newtons"] / load_n, 90 - 70 * point["off_n"] / largest_n) for point in points]
    return {"load_n": load_n, "largest_n": largest_n, "dots": dots}
