"""A private PostgreSQL in a temporary folder: by a socket, and with a password by a port of the loopback."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.growth.needs import SERVICE_USER, LeftOut, postgres_programs, server_lacks

OWNER, PASSWORD = "retrorig", "only-in-tests"
_RULES = """
local all all trust
host all all 127.0.0.1/32 scram-sha-256
"""


class Server:
    """A server that runs until `stop`; as root it runs as its own user."""

    def __init__(self, programs: Path, folder: Path) -> None:
        self._programs, self.folder = programs, folder
        self.port = free_port()

    def make(self) -> None:
        """A new empty cluster."""
        password = self.folder / "password"
        password.write_text(PASSWORD, encoding="utf-8")
        password.chmod(0o644)
        self._run("initdb", "-U", OWNER, "-A", "trust", "--pwfile", password, "-E", "UTF8", "--no-sync")
        (self.folder / "data" / "pg_hba.conf").write_text(_RULES, encoding="utf-8")

    def start(self) -> None:
        """Start it, at the same port as before."""
        options = (
            f"-c listen_addresses=127.0.0.1 -c port={self.port} -c unix_socket_directories='{self.folder}' "
            "-c fsync=off -c max_connections=20 "
            "-c dynamic_shared_memory_type=mmap"  # a file of its folder: it goes with it, whatever ends the server
        )
        self._run("pg_ctl", "-l", self.folder / "log", "-o", options, "-w", "start")

    def stop(self, how: str = "fast") -> None:
        """Stop it; `immediate` is a crash."""
        self._run("pg_ctl", "-m", how, "-w", "stop")

    def address(self, database: str = "postgres", user: str = OWNER, port: int | None = None) -> str:
        """Its address on the loopback, without a password."""
        return f"postgresql://{user}@127.0.0.1:{port or self.port}/{database}"

    def socket_address(self, database: str = "postgres", user: str = OWNER) -> str:
        """Its address by the socket, where no password is asked for."""
        return f"postgresql:///{database}?host={self.folder}&port={self.port}&user={user}"

    def make_database(self, name: str) -> None:
        """A new empty database."""
        self._psql_tool("createdb", name)

    def drop_database(self, name: str) -> None:
        """It is gone, whoever is connected to it."""
        self._psql_tool("dropdb", "--force", name)

    def sql(self, database: str, text: str) -> str:
        """What psql answers to a script, stopping at the first error."""
        command = [
            self._programs / "psql",
            "-X",
            "-q",
            "-t",
            "-A",
            "-v",
            "ON_ERROR_STOP=1",
            self.socket_address(database),
        ]
        done = subprocess.run(command, input=text, capture_output=True, text=True, check=False)
        assert not done.returncode, done.stderr
        return done.stdout.strip()

    def dump(self, database: str) -> bytes:
        """Everything in a database as text."""
        command = [self._programs / "pg_dump", self.socket_address(database)]
        return subprocess.run(command, capture_output=True, check=True).stdout

    def _psql_tool(self, tool: str, *words: str) -> None:
        command = [self._programs / tool, "-h", self.folder, "-p", str(self.port), "-U", OWNER, *words]
        subprocess.run(command, check=True, capture_output=True)

    def _run(self, program: str, *words: object) -> None:
        user = SERVICE_USER if os.geteuid() == 0 else None
        command = [str(self._programs / program), "-D", str(self.folder / "data"), *map(str, words)]
        done = subprocess.run(
            command, user=user, group=user, extra_groups=[] if user else None, cwd="/", stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=False,
        )  # fmt: skip
        if done.returncode:
            raise LeftOut(f"PostgreSQL's {program} failed: {' '.join(done.stderr.split())}")


@contextmanager
def server(place: Path | None = None) -> Iterator[Server]:
    """A server that lives as long as the block, in a folder of `place`. LeftOut when it can't start."""
    if lacks := server_lacks():
        raise LeftOut(lacks)
    programs = postgres_programs()
    assert programs is not None
    # As root, in a place that the server's own user may enter: TMPDIR may be root's alone.
    place = place or (Path("/tmp") if os.geteuid() == 0 else None)
    folder = Path(tempfile.mkdtemp(prefix="retrorig-pg-", dir=place))
    try:
        _give_away(folder)
        made = Server(programs, folder)
        made.make()
        made.start()
        try:
            yield made
        finally:
            made.stop("immediate")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def free_port() -> int:
    """A port of the loopback that nobody listens at."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def _give_away(folder: Path) -> None:
    """As root the server runs as its own user."""
    if os.geteuid() == 0:
        user = pwd.getpwnam(SERVICE_USER)
        os.chown(folder, user.pw_uid, user.pw_gid)
