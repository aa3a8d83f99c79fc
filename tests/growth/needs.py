"""What `make growth` needs from the system: said in a sentence each before anything is made, and again at the end.

What is there is shown all the same: no engine waits for another.
"""

from __future__ import annotations

import os
import pwd
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

JAVA_MIN = 17
POSTGRES = Path("/usr/lib/postgresql")
SERVICE_USER = "postgres"
"""PostgreSQL refuses to run as root, so there it runs as this one."""


class LeftOut(Exception):
    """An engine that can't be asked here; the text says why and what to do."""


def spark_lacks() -> str | None:
    """What to do before Spark can be asked; None when it can."""
    if java_version() >= JAVA_MIN:
        return _user_lacks("Spark")
    here = "what JAVA_HOME names is none, so unset it" if os.environ.get("JAVA_HOME") else "there is none"
    return f"Spark needs Java {JAVA_MIN} or newer and {here}: apt install openjdk-17-jre-headless."


def server_lacks() -> str | None:
    """What to do before a PostgreSQL server can be started; None when it can."""
    if postgres_programs() is None:
        return "The catalogue goes to a PostgreSQL server of its own: apt install postgresql."
    if os.geteuid() == 0 and not _is_known(pwd.getpwnam, SERVICE_USER):
        return (
            f"PostgreSQL does not run as root and there is no user {SERVICE_USER}: run this as another user."
        )
    return _user_lacks("PostgreSQL")


def missing() -> list[str]:
    """A sentence for each thing that is not here."""
    return [sentence for sentence in (spark_lacks(), server_lacks()) if sentence]


def java_version() -> int:
    """Main version of the Java that Spark would take, 0 without one."""
    home = os.environ.get("JAVA_HOME")
    java = shutil.which(Path(home) / "bin" / "java" if home else "java")
    if java is None:
        return 0
    told = subprocess.run([java, "-version"], capture_output=True, text=True, check=False).stderr
    number = re.search(r'version "(\d+)', told)
    return int(number[1]) if number else 0


def postgres_programs() -> Path | None:
    """Folder of the newest PostgreSQL's programs, as Debian places them, or on the path."""
    there = [path for path in POSTGRES.glob("*/bin/initdb") if path.parts[-3].isdecimal()]
    if there:
        return max(there, key=lambda path: int(path.parts[-3])).parent
    on_path = shutil.which("initdb")
    return Path(on_path).resolve().parent if on_path else None  # its neighbours need not be on the path


def _user_lacks(engine: str) -> str | None:
    if _is_known(pwd.getpwuid, os.geteuid()):
        return None
    return f"{engine} wants a user with a name, which this one has not: run this as another user."


def _is_known(look_up: Callable[[Any], object], user: int | str) -> bool:
    try:
        look_up(user)
    except KeyError:
        return False
    return True


if __name__ == "__main__":
    for sentence in missing():
        print(f"Will be left out: {sentence}", file=sys.stderr)
