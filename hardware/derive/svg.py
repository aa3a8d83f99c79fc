"""A sheet of plain SVG, in millimetres or any other unit, with the few shapes that the drawings need."""

from __future__ import annotations

from html import escape

# IEC 60757 colour codes as they look on a screen.
COLOURS = {
    "BK": "#222222", "BN": "#8b5a2b", "RD": "#d62828", "OG": "#f28c28", "YE": "#e6c700", "GN": "#2e9e3f",
    "BU": "#2b6fd6", "VT": "#8a4fbf", "GY": "#8c8c8c", "WH": "#f4f4f4", "PK": "#f19cbb", "TQ": "#22b5b0",
    "SHIELD": "#b8b8b8",
}  # fmt: skip


def colours(code: str) -> list[str]:
    """One colour, or ground and stripe: `WHBU`."""
    if code in COLOURS:
        return [COLOURS[code]]
    return [COLOURS[code[:2]], COLOURS[code[2:]]]


class Sheet:
    """Collects shapes; `shown_px`: the width at which a page shows it, without it a sheet in millimetres."""

    def __init__(self, width: float, height: float, shown_px: float | None = None) -> None:
        self.width, self.height = width, height
        size = f'width="{width:g}mm" height="{height:g}mm"'
        if shown_px:
            size = f'width="{shown_px:g}" height="{shown_px * height / width:.0f}"'
        self._lines = [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" {size} '
            'font-family="Helvetica, Arial, sans-serif">'
        ]
        self.rect(0, 0, width, height, fill="white")

    def rect(
        self, x: float, y: float, width: float, height: float, round_: float = 0, **style: object
    ) -> None:
        self._add("rect", x=x, y=y, width=width, height=height, rx=round_ or None, **style)

    def circle(self, x: float, y: float, radius: float, **style: object) -> None:
        self._add("circle", cx=x, cy=y, r=radius, **style)

    def line(self, *points: tuple[float, float], **style: object) -> None:
        listed = " ".join(f"{x:g},{y:g}" for x, y in ((round(x, 3), round(y, 3)) for x, y in points))
        self._add("polyline", points=listed, **{"fill": "none", "stroke": "#222", **style})

    def path(self, d: str, **style: object) -> None:
        self._add("path", d=d, **{"fill": "none", "stroke": "#222", **style})

    def text(
        self, x: float, y: float, text: str, size: float, anchor: str = "start", **style: object
    ) -> None:
        turn = style.pop("turn", None)
        if turn is not None:
            style["transform"] = f"rotate({turn} {x:g} {y:g})"
        given = self._style({"x": x, "y": y, "font_size": size, "text_anchor": anchor, **style})
        self._lines.append(f"<text{given}>{escape(text)}</text>")

    def wire(self, code: str, *points: tuple[float, float], width: float) -> None:
        """An insulated wire: dark edge, colour, and the stripe of a two-coloured one."""
        ground, *stripe = colours(code)
        joined = {"stroke_linejoin": "round", "stroke_linecap": "round"}
        self.line(*points, stroke="#444", stroke_width=width * 1.35, **joined)
        self.line(*points, stroke=ground, stroke_width=width, **joined)
        for colour in stripe:
            self.line(
                *points, stroke=colour, stroke_width=width * 0.4, stroke_dasharray=f"{width * 2} {width}"
            )

    def dimension(
        self, start: tuple[float, float], stop: tuple[float, float], text: str, size: float
    ) -> None:
        """A dimension line with a tick at both ends and its text beside it."""
        (x, y), (to_x, to_y) = start, stop
        thin = {"stroke": "#06c", "stroke_width": size / 12}
        self.line(start, stop, **thin)
        tick = size / 3
        for px, py in (start, stop):
            self.line((px - tick, py + tick), (px + tick, py - tick), **thin)
        if y == to_y:
            self.text((x + to_x) / 2, y - size / 3, text, size, "middle", fill="#06c")
        else:
            self.text(x - size / 3, (y + to_y) / 2, text, size, "middle", fill="#06c", turn=-90)

    def scale_bar(self, x: float, y: float) -> None:
        """What must measure 100 mm on paper, on a sheet in millimetres."""
        for i in range(10):
            self.rect(
                x + 10 * i, y, 10, 3, fill="#222" if i % 2 == 0 else "white", stroke="#222", stroke_width=0.2
            )
        self.text(
            x, y + 7, "100 mm. If it is not on your paper, print at 100 %, without fitting to the page.", 2.8
        )

    def svg(self) -> str:
        return "\n".join([*self._lines, "</svg>", ""])

    def _add(self, tag: str, **style: object) -> None:
        self._lines.append(f"<{tag}{self._style(style)}/>")

    @staticmethod
    def _style(style: dict[str, object]) -> str:
        made = ""
        for name, value in style.items():
            if value is not None:
                shown = f"{round(value, 3):g}" if isinstance(value, float) else value
                made += f' {name.replace("_", "-")}="{shown}"'
        return made
