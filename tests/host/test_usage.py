"""What a person who does not know the commands is shown."""

from __future__ import annotations

import inspect
from typing import get_args

import pytest
import typer

from retrorig.cli import run
from retrorig.cli.app import COMMANDS, GROUPS, app_for
from retrorig.cli.width import PLACES


def test_the_help_has_each_command_once_under_its_user_and_cuts_no_sentence(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run([]) == 0
    shown = capsys.readouterr().out
    assert max(map(len, shown.splitlines())) <= PLACES and "..." not in shown.split("Builder")[1]
    places = [shown.index(who) for who in ("Builder: ", "Athlete: ", "Coach: ")]
    assert places == sorted(places)
    names = [
        line.split()[0] for line in shown[places[0] :].splitlines() if line[:2] == "  " and line[2] != " "
    ]
    assert sorted(names) == sorted((*COMMANDS, *GROUPS))


@pytest.mark.parametrize("group", GROUPS)
def test_a_group_alone_prints_its_help(group: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run([group]) == 0
    out, told = capsys.readouterr()
    assert f"retrorig {group}" in out.splitlines()[0] and not told


@pytest.mark.parametrize("words", [["export"], ["replay"], ["plan", "push"]])
def test_help_names_arguments_as_people_call_them(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run([*words, "--help"]) == 0
    below = capsys.readouterr().out.split("Arguments:\n")[1]
    assert below.split()[0].isupper() or below.split()[0] == "REC.csv"
    assert "<" not in below


@pytest.mark.parametrize(
    "arguments",
    [
        ["report"],
        ["plan", "push"],
        ["export", "last", "--bogus"],
        ["athlete", "rename", "Anna"],
        ["edit", "1", "--rpe", "x"],
    ],
)
def test_a_usage_error_names_the_help_of_that_command(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    words = arguments[:2] if arguments[0] in GROUPS else arguments[:1]
    assert run(arguments) == 2
    assert f"`retrorig {' '.join(words)} --help`" in capsys.readouterr().err


def numbers_asked_for() -> list[tuple[list[str], str, bool]]:
    """(command, option, whether it is whole) of every option of every command that takes a number."""
    found = []
    for name in (*COMMANDS, *GROUPS):
        top = typer.main.get_command(app_for([name]))
        commands = getattr(top, "commands", {name: top})
        below = getattr(commands[name], "commands", {"": commands[name]})
        for word, command in below.items():
            hints = inspect.signature(command.callback, eval_str=True).parameters
            for option in command.params:
                kinds = str(get_args(hints[option.name].annotation)[:1])
                if "float" in kinds or "int'" in kinds or "int |" in kinds:
                    found.append(([name, word] if word else [name], option.opts[0], "float" not in kinds))
    return found


def test_a_decimal_comma_is_refused_with_the_right_form_by_every_option(
    capsys: pytest.CaptureFixture[str],
) -> None:
    asked = numbers_asked_for()
    assert {"--load-kg", "--rate", "--weights-pm"} <= {option for _, option, _ in asked}
    for words, option, is_whole in asked:
        assert run([*words, option, "20,5"]) == 2
        told = capsys.readouterr().err
        assert f"{option} '20,5' is no " in told and ("as 20.5" in told) == (not is_whole), told


@pytest.mark.parametrize(("text", "meant"), [("10,5m", "10.5m"), (",5 m", ".5 m")])
def test_a_length_with_a_comma_is_told_its_form(
    text: str, meant: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["calibrate", "belt", "--length", text]) == 2
    assert f"with a point, as {meant}." in capsys.readouterr().err
