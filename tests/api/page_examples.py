"""Runs the examples of host_tools/PYTHON.md as printed, in the current folder, with whatever retrorig this Python has.

python page_examples.py PYTHON.md
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

WALK = "time_s,belt_m,force_n\n" + "".join(
    f"{t / 20},{max(0, t - 20) / 20},{80 if 20 < t < 120 else 0}\n" for t in range(121)
)


def run_examples(page: Path) -> None:
    """Each example after the one before, as who reads the page would; they find a `walk.csv`."""
    Path("walk.csv").write_text(WALK, encoding="utf-8")
    examples = re.findall(r"```python\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)
    assert len(examples) > 3
    names: dict[str, object] = {}
    for example in examples:
        exec(compile(example, page.name, "exec"), names)


if __name__ == "__main__":
    run_examples(Path(sys.argv[1]))
