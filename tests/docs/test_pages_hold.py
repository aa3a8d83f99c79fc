"""What pages and help say exists: commands, options, make targets, files."""

from __future__ import annotations

import re
import shlex

import pytest
import typer
from tests.docs import commands
from tests.docs.pages import PAGES, ROOT, SHELL, lines, mentioned

_LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")


LEAVES = dict(commands.leaves())


def command_of(words: tuple[str, ...]) -> tuple[str, ...] | None:
    """The longest beginning of `words` that is a command, or a group of commands alone."""
    for end in range(min(len(words), 3), 0, -1):
        if words[:end] in LEAVES:
            return words[:end]
    groups = {path[:1] for path in LEAVES if len(path) > 1}
    return words if words in groups else None


def check(words: tuple[str, ...], where: str) -> None:
    """`words` after `retrorig` name a command and only options that it has."""
    if not words or words[0].startswith("-"):
        return
    name = command_of(words)
    assert name is not None, f"{where}: there is no command {' '.join(words)!r}"
    if name not in LEAVES:
        return
    parameters = LEAVES[name].params  # type: ignore[attr-defined]
    known = {option for one in parameters for option in (*one.opts, *one.secondary_opts)} | {"--help"}
    for word in words[len(name) :]:
        if word.startswith("--"):
            assert word in known, f"{where}: `{' '.join(name)}` has no option {word}"


@pytest.mark.parametrize("page", PAGES)
def test_what_a_page_prints_exists(page: str) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    for line in lines(page):
        if line.words[:1] == ("make",):
            assert all(word in targets or "=" in word for word in line.words[1:]), line
        elif line.words and line.words[0] not in SHELL:
            check(line.words[1:], str(line))
    for text in mentioned(page):
        words = tuple(shlex.split(text.replace("|", " ")))
        if words[0] == "make":
            assert all(word in targets or "=" in word for word in words[1:]), f"{page}: {text}"
        else:
            check(words[1:], f"{page}: {text}")


@pytest.mark.parametrize("page", PAGES)
def test_a_pages_links_lead_somewhere(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    for target in _LINK.findall(text):
        if "://" not in target:
            assert ((ROOT / page).parent / target).exists(), f"{page} links to {target}"


def test_each_page_with_commands_to_run_is_run() -> None:
    from tests.docs.test_pages_run import PLAYED

    for page in PAGES[:4]:
        if any(line.is_run and line.words[:1] != ("make",) for line in lines(page) if line.words):
            assert page in PLAYED, page


def test_the_page_of_commands_has_each_with_its_own_words() -> None:
    written = (ROOT / commands.PAGE).read_text(encoding="utf-8")
    assert written == commands.page(), "write it anew: .venv/bin/python -m tests.docs.commands"


@pytest.mark.parametrize("path", LEAVES, ids=" ".join)
def test_every_command_has_help_with_an_example_that_would_be_understood(path: tuple[str, ...]) -> None:
    command = LEAVES[path]
    text = " ".join((getattr(command, "help", None) or "").split())
    assert len(text) > 20, f"{path} has no help"
    examples = re.findall(r"Example: (?:\w+=\S+ )?retrorig (.*?)(?= Example:|$)", text)
    assert examples, f"`retrorig {' '.join(path)} --help` shows no example"
    for example in examples:
        words = tuple(shlex.split(example))
        assert words[: len(path)] == path, example
        check(words, f"example of {path}")
    for parameter in command.params:  # type: ignore[attr-defined]
        if isinstance(parameter, typer.core.TyperOption):
            assert parameter.help, f"{path}: {parameter.opts} has no help"
