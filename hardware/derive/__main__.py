"""`make drawings`: every drawing as SVG, those to print as PDF too, and the tables of the pages."""

from __future__ import annotations

import sys
from io import StringIO

from hardware.derive import made, pages, schematic
from hardware.derive.drawings import FULL_SIZE, drawings
from hardware.derive.source import FOLDER, load
from reportlab.graphics import renderPDF
from reportlab.pdfgen.canvas import Canvas
from svglib.svglib import svg2rlg

DRAWN = FOLDER / "drawings"


def print_pdf(svg: str, name: str) -> None:
    """One page as large as the drawing; `invariant`: the same drawing makes the same bytes."""
    drawing = svg2rlg(StringIO(svg))
    canvas = Canvas(
        str(DRAWN / f"{name}.pdf"), pagesize=(drawing.width, drawing.height), invariant=1, pageCompression=1
    )
    canvas.setTitle(f"retrorig {name}")
    renderPDF.draw(drawing, canvas, 0, 0)
    canvas.save()


def main() -> int:
    rig = load()
    for old in DRAWN.iterdir():
        old.unlink()
    drawn = drawings(rig)
    for name, svg in drawn.items():
        (DRAWN / f"{name}.svg").write_text(svg, encoding="utf-8")
    for name in FULL_SIZE:
        print_pdf(drawn[name], name)
    schematic.draw(rig, FOLDER / made.SCHEMATIC)
    for path in pages.paths():
        path.write_text(pages.filled(path.read_text(encoding="utf-8"), rig), encoding="utf-8")
    made.record("drawings")
    print(f"{FOLDER.name}/drawings/ and the tables of {FOLDER.name}/*.md are up to date.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
