"""Makes SVG drawings smaller: drops comments, unused names, empty groups and needless digits."""

from __future__ import annotations

import re

GRID_CLASS = 'class="grid"'

_POINT = re.compile(r"([MLz])\s*(?:(-?[\d.]+)\s+(-?[\d.]+))?\s*")


def minified(drawing: str, grid: str) -> str:
    """The same drawing in fewer bytes, to a tenth of a point; what has the colour `grid` gets the class "grid".

    Text takes its font from the page, and frames that are not seen are left out.
    """
    drawing = re.sub(r"<!--.*?-->|<metadata>.*?</metadata>|<style.*?</style>", "", drawing, flags=re.DOTALL)
    drawing = re.sub(rf'(?:clip-path="[^"]*" )?style="[^"]*stroke: {grid};[^"]*"', GRID_CLASS, drawing)
    used = set(re.findall(r'(?:url\(|href=")#([^")]+)', drawing))
    drawing = re.sub(r' id="([^"]*)"', lambda found: found[0] if found[1] in used else "", drawing)
    drawing = re.sub(r'\bd="([^"]*)"', lambda found: f'd="{short_path(found[1])}"', drawing)
    drawing = re.sub(r' transform="rotate\(-0 [^"]*"', "", drawing)
    drawing = re.sub(r'\b([xy])="([^"]*)"', lambda found: f'{found[1]}="{float(found[2]):.1f}"', drawing)
    drawing = re.sub(r'<path [^>]*style="fill: none"/>', "", drawing)
    drawing = re.sub(r"font(?:-family|-size)?: [^;\"]*;? ?", "", drawing)  # the page's own
    drawing = re.sub(r">\s+<", "><", drawing).replace("<defs></defs>", "")
    return drawing if "<g " in drawing else drawing.replace("<g>", "").replace("</g>", "")


def short_path(path: str) -> str:
    """A path of straight lines in steps of a tenth from point to point; a path of anything else as it was."""
    found = list(_POINT.finditer(path))
    if "".join(part[0] for part in found) != path.lstrip():
        return path
    written, x, y = [], 0, 0
    for part in found:
        if part[1] == "z":
            written.append("z")
            continue
        to_x, to_y = round(float(part[2]) * 10), round(float(part[3]) * 10)
        is_move = part[1] == "M"
        written.append(_pair("M", to_x, to_y) if is_move else _pair("l", to_x - x, to_y - y))
        x, y = to_x, to_y
    return "".join(written)


def _pair(command: str, x: int, y: int) -> str:
    first, second = _tenths(x), _tenths(y)
    return f"{command}{first}{'' if second.startswith('-') else ' '}{second}"


def _tenths(n: int) -> str:
    sign, (whole, tenth) = "-" if n < 0 else "", divmod(abs(n), 10)
    return sign + (f"{whole or ''}.{tenth}" if tenth else str(whole))
