"""The driver of `make mutants`: what it leaves out, which lines it looks up, and that no package is forgotten."""

from __future__ import annotations

from pathlib import Path

from tests.mutants.equivalent import mutant_of, reasons
from tests.mutants.judge import changed_lines
from tests.mutants.packages import FIRMWARE, HOST, PACKAGES
from tests.mutants.places import changed_in, equal_in, imports

ROOT = Path(__file__).parents[2]

SOURCE = """
from typing import TYPE_CHECKING
if TYPE_CHECKING:
    import a
def f(x: int | None = 3, *, y: A | B) -> C | D:
    z: int | str = 1 | 2
    for one in zip(x, y, strict=True):
        one(strict=True)
@dataclass(frozen=True)
class K: ...
class Port(Protocol):
    def read(self, size: int = 1) -> bytes: ...
TUNES = {"a": ((440, 90), (0, 61))}
OTHERS = {"a": ((441, 91),)}
"""


def test_what_only_a_type_checker_reads_and_a_note_a_hertz_off_are_no_mutants_and_what_stands_beside_them_is_one() -> (
    None
):
    lines = SOURCE.splitlines()
    left_out = [
        lines[first[0] - 1][first[1] : last[1] if first[0] == last[0] else None]
        for first, last in equal_in(SOURCE)
    ]
    assert sorted(left_out) == sorted(
        ["if TYPE_CHECKING:", "int | None", "A | B", "C | D", "int | str", "strict=True", "frozen=True"]
        + ["class Port(Protocol):", "int", "bytes", "440", "90", "61"]
    )


def test_the_lines_looked_up_are_those_that_the_mutant_changed_in_the_old_text() -> None:
    before = "a\nb\nc\nd\n"
    assert list(changed_lines(before, "a\nB\nc\nd\n")) == [2]
    assert list(changed_lines(before, "a\nb\nC\n")) == [3, 4]
    assert list(changed_lines(before, "a\nb\nd\n")) == [3]
    assert 4 in changed_lines(before, "a\nb\nc\nnew\nd\n")


def test_the_lines_of_a_change_are_read_from_its_diff() -> None:
    diff = ["--- a/x.py", "+++ b/x.py", "@@ -3 +3,2 @@", "-old", "+new", "+new", "@@ -9,2 +10,0 @@", "-gone"]
    assert changed_in(diff) == {Path("x.py"): {3, 4}}


DIFF = """--- mutation diff ---
--- a/host_tools/x.py
+++ b/host_tools/x.py
@@ -1,3 +1,3 @@
 same
-    a = 1 + 2
+    a = 1 - 2
 same
"""


def test_a_judged_mutant_is_known_by_its_file_and_lines_wherever_they_stand_now() -> None:
    assert (
        mutant_of(DIFF)
        == ("host_tools/x.py", "a = 1 + 2", "a = 1 - 2")
        == mutant_of(DIFF.replace("1,3", "9,3"))
    )


def test_each_mutant_that_was_judged_is_one_of_a_line_that_is_still_there() -> None:
    for mutant, why in reasons().items():
        assert mutant.was in " ".join(map(str.strip, (ROOT / mutant.file).read_text("utf-8").splitlines()))
        assert mutant.was != mutant.now and why


def test_a_test_imports_a_source_by_its_whole_name_or_out_of_its_package() -> None:
    view, images = Path("firmware/app/view.py"), Path("host_tools/retrorig/flash/images.py")
    assert imports("from app.view import View\n", view) and imports("import app.view\n", view)
    assert not imports("from app.viewer import View\nview = 1\n", view)
    assert imports("from retrorig.flash import app_image, images\n", images)
    assert imports("from retrorig.flash import (\n    images,\n)\n", images)
    assert not imports("from retrorig.flash import rom\nimages = 1\n", images)


def test_every_source_belongs_to_one_package_and_has_tests_near() -> None:
    sources = [path for package in PACKAGES.values() for path in package.modules(ROOT)]
    assert len(sources) == len(set(sources))
    folders = {path.parent for path in (ROOT / HOST).glob("*/__init__.py")}
    named = {ROOT / package.path for package in PACKAGES.values()}
    assert folders <= named and {ROOT / FIRMWARE / name for name in ("app", "drivers", "rigcore")} <= named
    near = {path for package in PACKAGES.values() for path in package.near}
    assert [path for path in near if not (ROOT / path).exists()] == []
