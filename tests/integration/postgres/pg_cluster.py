"""A PostgreSQL server of a test's own, to be stopped, to ask for passwords over TLS, and to have a replica."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

NEEDED = ("initdb", "pg_ctl", "pg_basebackup")
PASSWORD = "r1ght-canary"  # noqa: S105 - no password of anybody's


def programs() -> Path | None:
    """The folder of the newest server's programs, which are rarely on the path."""
    folders = [*sorted(Path("/usr/lib/postgresql").glob("*/bin")), *map(Path, os.get_exec_path())]
    return next((folder for folder in folders if all((folder / name).exists() for name in NEEDED)), None)


@dataclass
class Cluster:
    """One server: a folder, a port, and the user that it runs as (it refuses to be root)."""

    folder: Path
    port: int
    bin: Path

    @classmethod
    def made(cls, programs: Path) -> Cluster:
        """A server with TLS and passwords that runs, in a temporary folder."""
        made = cls.placed(programs)
        try:
            made.prepare()
        except BaseException:
            made.remove()
            raise
        return made

    @classmethod
    def placed(cls, programs: Path) -> Cluster:
        """A folder for one, in `/tmp`, as a socket's path is short."""
        made = cls(Path(tempfile.mkdtemp(prefix="walkaround-pg-", dir="/tmp")), free_port(), programs)
        if user := made.user:
            shutil.chown(made.folder, user)
        return made

    def prepare(self) -> None:
        """Make its data, and start it."""
        self.run("initdb", "-D", self.data, "-U", "postgres", "-A", "trust", "--no-sync", "-E", "UTF8")
        key = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
        self.start_program([*key, "-keyout", f"{self.data}/server.key", "-out", f"{self.data}/server.crt"])
        self.write("postgresql.conf", self.settings)
        self.write(
            "pg_hba.conf", "local all all trust\nlocal replication all trust\nhostssl all all all scram-sha-256\n"
        )
        self.start()

    @property
    def settings(self) -> str:
        """Settings of the server."""
        return (
            f"port = {self.port}\nunix_socket_directories = '{self.folder}'\nlisten_addresses = '127.0.0.1'\nssl = on\n"
            "fsync = off\nlogging_collector = off\nlog_connections = on\nshared_buffers = 16MB\nmax_connections = 20\n"
            "log_line_prefix = '%e '\n"
        )

    @property
    def data(self) -> str:
        """The folder of its data."""
        return str(self.folder / "data")

    @property
    def user(self) -> str | None:
        """Who runs it, where this is not whoever runs the tests."""
        return "postgres" if os.getuid() == 0 else None

    def write(self, name: str, text: str) -> None:
        """A file of its settings."""
        (self.folder / "data" / name).write_text(text)

    def run(self, program: str, *arguments: str) -> None:
        """One of the server's programs."""
        self.start_program([str(self.bin / program), *arguments])

    def start_program(self, command: list[str]) -> None:
        """Run a program as the server's user."""
        with (self.folder / "programs.log").open("ab") as log:
            subprocess.run(
                command, user=self.user, check=True, stdout=log, stderr=log, cwd=self.folder, stdin=subprocess.DEVNULL
            )

    def start(self) -> None:
        """Start it, and wait until it answers."""
        self.run("pg_ctl", "-D", self.data, "-l", str(self.folder / "server.log"), "-w", "start")

    def stop(self, mode: str = "immediate") -> None:
        """Stop it."""
        self.run("pg_ctl", "-D", self.data, "-m", mode, "-w", "stop")

    def remove(self) -> None:
        """Stop it, if it runs, and remove its folder."""
        if (self.folder / "data" / "postmaster.pid").exists():
            self.stop()
        shutil.rmtree(self.folder)

    def sql(self, statements: str) -> str:
        """What psql prints, by its socket."""
        command = ["psql", "-XqAt", "-v", "ON_ERROR_STOP=1", "-h", str(self.folder), "-p", str(self.port)]
        done = subprocess.run(
            [*command, "-U", "postgres", "-d", "postgres", "-f-"], input=statements, capture_output=True, text=True,
            check=True, user=self.user,
        )  # fmt: skip
        return done.stdout.strip()

    def log(self) -> str:
        """What it wrote to its log."""
        return (self.folder / "server.log").read_text()

    def replica(self) -> Cluster:
        """A replica that runs."""
        other = Cluster.placed(self.bin)
        try:
            here = ("-h", str(self.folder), "-p", str(self.port), "-U", "postgres")
            other.run("pg_basebackup", *here, "-D", other.data, "-R", "--checkpoint=fast", "--no-sync")
            other.write("postgresql.conf", other.settings)
            other.start()
        except BaseException:
            other.remove()
            raise
        return other


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as held:
        return int(held.getsockname()[1])


def can_run() -> bool:
    """Whether a server can be run by whoever runs the tests."""
    if os.getuid() != 0:
        return True
    try:
        pwd.getpwnam("postgres")
    except KeyError:
        return False
    return True
