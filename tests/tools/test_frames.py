"""What is called for every sample has a frame on the C stack: a larger one is taken from the heap at each call."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
from tests.tools.folded import folded_alone

from retrorig.firmware_build import sources
from retrorig.virtual.cpu import interpreter

WORDS_MAX = 11
PER_SAMPLE = {
    "app/sampler.py": ("take", "_on_ready", "_sample", "_convert", "_put"),
    "rigcore/load_cell_monitor.py": ("feed", "_time", "_rate"),
    "rigcore/motion.py": ("feed",),
    "rigcore/average.py": ("feed",),
    "rigcore/session.py": ("feed", "_advance_time", "_feed_set", "_feed_rest", "_watch_time"),
    "rigcore/history.py": ("push", "_widen_block", "moved"),
    "rigcore/speed.py": ("feed", "_track", "_is_even", "_stands"),
    "rigcore/setrun.py": ("feed",),
    "rigcore/movement.py": ("feed", "_look", "_gather", "_is_at_rest"),
    "rigcore/detect.py": ("feed", "stands"),
    "rigcore/bounds.py": ("feed", "is_beyond"),
    "rigcore/verdict.py": ("feed", "_follow"),
    "rigcore/stepcount.py": ("feed", "take_pull"),
    "rigcore/target.py": ("feed", "reached_at"),
    "rigcore/setsamples.py": ("log", "_log_one"),
    "rigcore/setwriter.py": ("add",),
}
_FUNCTION = re.compile(r"code block '(\S+)'.*?\(N_STATE (\d+)\)", re.DOTALL)


@pytest.mark.parametrize("path", PER_SAMPLE)
def test_no_frame_of_a_function_that_takes_every_sample_comes_from_the_heap(
    path: str, tmp_path: Path
) -> None:
    modules = {name: text for name, text in sources().items() if name.endswith(".py")}
    module = tmp_path / "module.py"
    module.write_bytes(folded_alone(modules)[path])
    told = subprocess.run(
        [interpreter(), "-v", "-v", "-X", "compile-only", str(module)],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    words = [(name, int(n)) for name, n in _FUNCTION.findall(told) if name in PER_SAMPLE[path]]
    assert {name for name, _ in words} == set(PER_SAMPLE[path])
    assert not [(name, n) for name, n in words if n > WORDS_MAX]
