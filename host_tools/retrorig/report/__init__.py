"""Pages with plots that open anywhere: one file, no script, nothing fetched.

session.py   which sets a report is about, and sums over them
words.py     what a set's numbers mean, in plain words
plots.py     the plots: a set's own, sets over one another; decimate.py finds the points that a line needs
svg.py       a drawing in the page's colours; svg_minify.py makes it small
files.py     the report as files: page and PDF
html.py      the page, by templates/report.html and report.css
pdf.py       the same on paper, by the browser that is there
page.py      the demo's page
"""

from typing import TYPE_CHECKING

from retrorig.lazy import on_use

if TYPE_CHECKING:
    from retrorig.report import words
    from retrorig.report.files import write_report
    from retrorig.report.session import when
    from retrorig.report.splits import EVERY_M, splits_of
    from retrorig.report.traces import ALONG, Traced
    from retrorig.report.units import SI, UNIT_CHOICES, Units

__all__ = [
    "ALONG",
    "EVERY_M",
    "SI",
    "UNIT_CHOICES",
    "Traced",
    "Units",
    "splits_of",
    "when",
    "words",
    "write_report",
]

__getattr__ = on_use(
    __name__,
    {
        "files": ("write_report",),
        "session": ("when",),
        "splits": ("EVERY_M", "splits_of"),
        "traces": ("ALONG", "Traced"),
        "units": ("SI", "UNIT_CHOICES", "Units"),
    },
)
