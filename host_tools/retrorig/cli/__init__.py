"""The command line: one file a command. It parses, calls the library and prints; it never computes."""

from __future__ import annotations

import errno
import os
import signal
import sys
import traceback
from collections.abc import Sequence
from typing import NoReturn

import typer

from retrorig import InputError, RetrorigError
from retrorig.cli.numbers import wrong_number

DEBUG_VARIABLE = "RETRORIG_DEBUG"
INTERRUPTED = 130
NO_OUTPUT = "There is no output to write to: it was closed before the command began."
_CANNOT_WRITE = (errno.ENOSPC, errno.EIO, errno.EBADF, errno.EROFS)
SENTENCE_MAX = 600
"""Characters."""


def main() -> NoReturn:
    """The command `retrorig`."""
    if os.environ.get("HOME") == "":  # or a user's files would go to /
        del os.environ["HOME"]
    _end_as_by_ctrl_c()
    sys.exit(run(sys.argv[1:]))


def _end_as_by_ctrl_c() -> None:
    """Make SIGTERM and SIGHUP end the program as Ctrl-C does; a signal that is ignored, as under `nohup`, stays so."""
    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)  # Windows has no SIGHUP
        if number is not None and signal.getsignal(number) == signal.SIG_DFL:
            signal.signal(number, signal.default_int_handler)


def run(arguments: list[str]) -> int:
    """Carry out one command line and return its exit status; every failure is one sentence on stderr."""
    from retrorig.cli.terminal import plain_streams

    if sys.stdout is None or sys.stderr is None:  # closed by whoever called
        return InputError.exit_code if sys.stderr is None else _fail(NO_OUTPUT, InputError.exit_code)
    with plain_streams():
        return _carried_out(arguments or ["--help"])


def _carried_out(arguments: list[str]) -> int:
    from retrorig.cli.app import app_for

    try:
        status = app_for(arguments)(arguments, prog_name="retrorig", standalone_mode=False) or 0
        sys.stdout.flush()  # here, where a reader that has left is no error
        return status
    except RetrorigError as error:
        return _fail(str(error), error.exit_code)
    except typer.TyperException as error:
        return _not_understood(error, arguments)
    except (KeyboardInterrupt, typer.Abort):
        return INTERRUPTED
    except BrokenPipeError:
        return _close_pipe()
    except PermissionError as error:  # of a folder on the way to what was named
        return _fail(
            f"{error.filename} is not for you to look at: choose another place, or change its rights.", 2
        )
    except OSError as error:
        if error.errno not in _CANNOT_WRITE:
            return _fail(_unexpected(error), RetrorigError.exit_code)
        _discard_output()
        return _fail(f"The output can't be written ({error.strerror}).", InputError.exit_code)
    except Exception as error:
        return _fail(_unexpected(error), RetrorigError.exit_code)


def _not_understood(error: typer.TyperException, arguments: Sequence[str]) -> int:
    """A group without a command prints its help; else a sentence names the help of the command at hand."""
    context = getattr(error, "ctx", None)
    if type(error).__name__ == "NoArgsIsHelpError" and context:
        print(context.get_help())
        return 0
    path = context.command_path if context else "retrorig"
    sentence = wrong_number(error, arguments) or error.format_message().rstrip(".?")
    return _fail(f"{sentence}: see `{path} --help`.", error.exit_code)


def _fail(sentence: str, status: int) -> int:
    if os.environ.get(DEBUG_VARIABLE) == "1":
        traceback.print_exc()
    print(_short(" ".join(sentence.split())), file=sys.stderr)
    return status


def _short(sentence: str) -> str:
    """A sentence that a person can read, also when it repeats something endless that was given."""
    if len(sentence) <= SENTENCE_MAX:
        return sentence
    return f"{sentence[: SENTENCE_MAX // 2]} ... {sentence[-SENTENCE_MAX // 2 :]}"


def _unexpected(error: Exception) -> str:
    return (
        f"retrorig met a bug of its own ({type(error).__name__}: {error}); "
        f"please report it with what {DEBUG_VARIABLE}=1 before the same command prints."
    )


def _close_pipe() -> int:
    """End quietly when the reader of stdout has closed it, as `head` does."""
    _discard_output()
    return 1


def _discard_output() -> None:
    """Discard output that is not written yet, so that the interpreter does not try again at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
