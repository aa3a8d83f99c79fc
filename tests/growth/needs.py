"""What `make growth` needs from the system: said in one sentence before anything is made."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

JAVA_MIN = 17
POSTGRES = Path("/usr/lib/postgresql")


def missing() -> list[str]:
    """A sentence for each thing that is not here."""
    found = []
    if java_version() < JAVA_MIN:
        found.append(f"Spark needs Java {JAVA_MIN} or newer: apt install openjdk-17-jre-headless.")
    if postgres_programs() is None:
        found.append("The catalogue goes to a PostgreSQL server of its own: apt install postgresql.")
    return found


def java_version() -> int:
    """Main version of the Java on the path, 0 without one."""
    java = shutil.which("java")
    if java is None:
        return 0
    told = subprocess.run([java, "-version"], capture_output=True, text=True, check=False).stderr
    number = re.search(r'version "(\d+)', told)
    return int(number[1]) if number else 0


def postgres_programs() -> Path | None:
    """Folder of the newest PostgreSQL's programs, as Debian places them, or on the path."""
    there = sorted(POSTGRES.glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if there:
        return there[-1].parent
    on_path = shutil.which("initdb")
    return Path(on_path).parent if on_path else None


if __name__ == "__main__":
    raise SystemExit("\n".join(missing()) or None)
