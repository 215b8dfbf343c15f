"""The program as a user starts it: the console script where it is installed, else the module."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import termios
from collections.abc import Mapping, Sequence
from pathlib import Path

TIMEOUT_S = 120


def command() -> list[str]:
    """The words that start the program."""
    script = shutil.which("assay", path=str(Path(sys.executable).parent))
    return [script] if script else [sys.executable, "-m", "assay"]


class User:
    """Somebody with a home folder, a working folder and a store of their own."""

    def __init__(self, folder: Path) -> None:
        self.home = folder / "home"
        self.work = folder / "work"
        self.store = folder / "store"
        self.home.mkdir()
        self.work.mkdir()
        kept = {name: os.environ[name] for name in ("PATH", "PYTHONPATH", "LANG") if name in os.environ}
        self.variables = {**kept, "HOME": str(self.home), "ASSAY_STORE": str(self.store)}

    def does(
        self,
        *words: str,
        variables: Mapping[str, str] | None = None,
        given: str = "",
        through: Sequence[str] = (),
    ) -> subprocess.CompletedProcess[str]:
        """Call the program; ``given`` is its standard input, ``through`` the words of a program that starts it."""
        return subprocess.run(
            [*through, *command(), *words],
            cwd=self.work,
            env={**self.variables, **(variables or {})},
            input=given,
            capture_output=True,
            text=True,
            timeout=TIMEOUT_S,
            check=False,
        )

    def gets(self, *words: str, variables: Mapping[str, str] | None = None) -> str:
        """What the program prints; it must succeed."""
        done = self.does(*words, variables=variables)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def in_shell(self, line: str, shell: str = "sh") -> subprocess.CompletedProcess[str]:
        """Run a line of shell in which ``assay`` is the program."""
        folder = self.home / "bin"
        if not folder.exists():
            folder.mkdir()
            quoted = " ".join(f"'{word}'" for word in command())
            (folder / "assay").write_text(f'#!/bin/sh\nexec {quoted} "$@"\n', encoding="utf-8")
            (folder / "assay").chmod(0o755)
        variables = {**self.variables, "PATH": f"{folder}:{self.variables['PATH']}"}
        return subprocess.run(
            [shell, "-c", line],
            cwd=self.work,
            env=variables,
            capture_output=True,
            text=True,
            timeout=TIMEOUT_S,
            check=False,
        )

    def sees(self, *words: str, columns: int, variables: Mapping[str, str] | None = None) -> str:
        """What a terminal of so many columns is sent, both streams together."""
        master, slave = os.openpty()
        termios.tcsetwinsize(slave, (24, columns))
        environment = {**self.variables, "TERM": "xterm", **(variables or {})}
        started = subprocess.Popen(
            [*command(), *words], cwd=self.work, env=environment, stdin=slave, stdout=slave, stderr=slave
        )
        os.close(slave)
        text = b"".join(iter(lambda: _read(master), b""))
        os.close(master)
        started.wait(TIMEOUT_S)
        return text.decode("utf-8").replace("\r\n", "\n")


def _read(terminal: int) -> bytes:
    """What came, or nothing when the last writer closed the terminal, which Linux reports as an error."""
    try:
        return os.read(terminal, 65536)
    except OSError:
        return b""
