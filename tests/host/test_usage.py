"""What a person who does not know the commands is shown."""

from __future__ import annotations

import pytest

from retrorig.cli import run
from retrorig.cli.app import COMMANDS, GROUPS
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
