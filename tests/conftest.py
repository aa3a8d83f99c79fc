"""Settings of all tests, and the interpreters each file of firmware tests runs in.

A file runs under pytest as usual; besides, as `file::narrow` with the ESP32's number sizes (tests/tools/narrow.py),
and as `file::micropython` in MicroPython itself if it keeps to what that understands (plain functions and assert).
"""

from __future__ import annotations

import gc
import importlib.util
import io
import os
import signal
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import hypothesis
import pytest
from tests.tools import in_memory, micropython
from tests.tools.narrow import narrow_imports

TESTS = Path(__file__).parent
IN_MICROPYTHON = (TESTS / "firmware",)
IN_NARROW = (TESTS / "firmware", TESTS / "rigcore")

FAULTS_TRIED = "faults tried"
"""Property of a test: what it injected and how often."""

# A loaded machine is not a failure; a failing example can be pasted from anyone's output. The same code has the same
# result each time: new examples are looked for by `make test-faults`, and what they find becomes an @example.
hypothesis.settings.register_profile(
    "retrorig",
    hypothesis.settings.get_profile("default"),  # not the one of CI servers, which keeps no examples
    deadline=None,
    print_blob=True,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
    derandomize=not os.environ.get("RETRORIG_FREE_SEEDS"),
)
hypothesis.settings.load_profile("retrorig")


@pytest.fixture(scope="module")
def byte_streams() -> Iterator[None]:
    """What reads from an io.IOBase asks its `readinto`, as in MicroPython; here only an io.RawIOBase does so."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(io, "IOBase", io.RawIOBase)
        yield


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--exhaustive", action="store_true", help="fault injection at every single point")
    parser.addoption("--reverse", action="store_true", help="the last test first")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("reverse"):
        items.reverse()


def pytest_collection() -> None:
    """What is collected stays: to look for garbage in it again and again would take half the time."""
    gc.disable()


def pytest_collection_finish() -> None:
    """Later garbage is looked for thirty times less often than by default: that took a fifteenth of the time."""
    gc.freeze()
    gc.set_threshold(20_000, 10, 10)
    gc.enable()


def pytest_configure() -> None:
    if place := in_memory.place():
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(place))
    # A shell's background job ignores Ctrl-C, and so would the programs that tests start and end by it.
    if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_report_header() -> str | None:
    if micropython.is_available():
        return None
    return "MicroPython: this platform has no interpreter, ::micropython and virtual rig tests cannot run"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Properties travel with the reports, also from parallel workers."""
    sums: dict[str, int] = {}
    for report in terminalreporter.stats.get("passed", []):
        for key, value in getattr(report, "user_properties", []):
            if key == FAULTS_TRIED:
                sums[value[0]] = sums.get(value[0], 0) + value[1]
    if sums:
        terminalreporter.section("faults tried, nothing lost beyond the promise")
        for what, n in sums.items():
            terminalreporter.line(f"{n:7d}  {what}")


def pytest_pycollect_makemodule(module_path: Path, parent: pytest.Collector) -> pytest.Module | None:
    if module_path.parent not in IN_NARROW:
        return None
    return SharedModule.from_parent(parent, path=module_path)


class SharedModule(pytest.Module):
    """A test file's functions, and the same again under other interpreters."""

    def collect(self) -> Iterator[pytest.Item | pytest.Collector]:
        yield from super().collect()
        yield _again(NarrowModule, self, "narrow")
        if self.path.parent in IN_MICROPYTHON and micropython.is_available():
            yield _again(MicroPythonFile, self, "micropython")


def _again(kind: type[pytest.File], module: pytest.Module, label: str) -> pytest.File:
    return kind.from_parent(module, path=module.path, name=label, nodeid=f"{module.nodeid}::{label}")


class NarrowModule(pytest.Module):
    """A test file, imported again with narrowed firmware."""

    def collect(self):
        self._loaded: dict[str, ModuleType] = {}
        with narrow_imports(self.path.parent, self._loaded):
            spec = importlib.util.spec_from_file_location(f"narrow_{self.path.stem}", self.path)
            assert spec and spec.loader
            module = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(module)
        self.obj = module
        return super().collect()

    def setup(self) -> None:
        """What a test loads is narrowed too."""
        narrow = narrow_imports(self.path.parent, self._loaded)
        narrow.__enter__()
        self.addfinalizer(lambda: narrow.__exit__(None, None, None))
        super().setup()


class MicroPythonFile(pytest.File):
    """A test file's functions, each run in a fresh MicroPython."""

    def collect(self) -> Iterator[pytest.Item]:
        for name in micropython.test_names(self.path):
            yield MicroPythonTest.from_parent(self, name=name)


class MicroPythonTest(pytest.Item):
    def runtest(self) -> None:
        failure = micropython.run_tests(self.path, [self.name])
        if failure is not None:
            pytest.fail(failure, pytrace=False)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        return self.path, None, f"micropython.{self.name}"
