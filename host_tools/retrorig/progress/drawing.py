"""An answer as a picture, where what draws it is installed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from retrorig.extras import require


def draw(found: Any, path: str | Path) -> None:
    """Draw an answer of any kind into an SVG file; InputError if it can't be written, or without the extra `report`."""
    require("matplotlib", "report")
    from retrorig.progress.plots import draw_figure

    draw_figure(found, Path(path))
