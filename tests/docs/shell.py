"""Runs the blocks of a document as a reader would, and compares what they print.

What varies from run to run (durations, ports, key names, signatures) is made alike first, and a
line ``…`` stands for any number of lines. Numbers behind ``--port``, ``--target``, ``--webhook``,
``--serve-keys``, ``--tls-port`` and ``flowsim check`` are replaced with ports that are free,
wherever they stand on that page from there on.

To load the modules of each ``flowsim`` and of each Python file would take most of the time, so a
process that has loaded them forks for each.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

from click.testing import CliRunner

from flowsim.commands import main

from ..checkout import CHECKOUT
from ..commands.forked import flowsim_command
from ..free_ports import free_port
from ..other_plugins import without_others
from .pages import Block

LIMIT = 240
"""Seconds that a block may take."""

MARK = "--- what follows belongs to the next command ---"
SEVERAL = "…"
SERVICE = "4010"
"""The port where commands look for the service, unless FLOWSIM_SERVICE says otherwise."""

NAMED = "--(?:port|target|webhook|serve-keys|tls-port)|flowsim check"
"""What stands before the number of a port."""

FILES = {"python": ".block.py", "yaml": ".block.yaml"}
"""In which file a block is kept that has no name."""

PLUGINS = without_others("anyio", "django")
"""Options of pytest: a reader has not all the plugins of this environment, but those of a page."""

NODE = CHECKOUT / "tests" / "node"
NODE_MODULES = NODE / "node_modules"


def free_ports(lines: tuple[str, ...], known: dict[str, str]) -> tuple[str, ...]:
    """Return lines with free ports in the place of those that commands name, here or before."""
    text = "\n".join(lines)
    for port in re.findall(rf"(?:{NAMED}) +(?:\S*:)?(\d{{4,5}})\b", text):
        known.setdefault(port, str(free_port()))
    for port, free in known.items():
        text = re.sub(rf"\b{port}\b", free, text)
    return tuple(text.split("\n"))


def steps(lines: tuple[str, ...]) -> list[tuple[str, list[str]]]:
    """Return the commands of a console block, each with the lines it is to print.

    A command goes on in lines that begin with ``>``.
    """
    found: list[tuple[str, list[str]]] = []
    for line in lines:
        if line.startswith("$ "):
            found.append((line[2:], []))
        elif line.startswith("> ") and not found[-1][1]:
            found[-1] = (f"{found[-1][0]}\n{line[2:]}", [])
        else:
            found[-1][1].append(line)
    return found


@dataclass
class Shell:
    """Runs blocks in one folder."""

    folder: Path
    ports: dict[str, str] = field(default_factory=dict)

    def run(self, block: Block) -> None:
        """Run a block; fails if a command does, or prints something else."""
        lines = free_ports(block.lines, self.ports)
        if block.language == "console":
            self._compare(block, steps(lines))
        elif block.language in FILES:
            self._run_file(block, lines)
        else:
            self._bash(block, "\n".join(lines))

    def _compare(self, block: Block, wanted: list[tuple[str, list[str]]]) -> None:
        script = "".join(f"{command}\necho '{MARK}'\n" for command, _ in wanted)
        printed = self._bash(block, script).split(f"{MARK}\n")
        for output, (_, expected) in zip(printed, wanted, strict=False):
            if not fits(output.splitlines(), expected):
                raise AssertionError(difference(block, output, expected))

    def _run_file(self, block: Block, lines: tuple[str, ...]) -> None:
        named = re.fullmatch(r"# (\w+\.(?:py|yaml))", lines[0])
        path = self.folder / (named[1] if named else FILES[block.language])
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        if path.suffix == ".py":
            self._bash(block, f"run-python {path.name}\n")
        elif not named:
            result = CliRunner().invoke(main, ["validate", str(path)])
            assert result.exit_code == 0, f"{block}: {result.output}"

    def _bash(self, block: Block, script: str) -> str:
        """Run a script and return its standard output; what it left running is ended."""
        output, errors = self.folder / ".output", self.folder / ".errors"
        with (
            output.open("wb") as out,
            errors.open("wb") as err,
            subprocess.Popen(
                ["bash", "-euo", "pipefail", "-c", script],
                cwd=self.folder,
                env=os.environ | self._environment(),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
                start_new_session=True,
                pass_fds=[flowsim_command()[1]],
            ) as process,
        ):
            try:
                code = process.wait(LIMIT)
            finally:
                end_group(process.pid)
        printed = output.read_text(encoding="utf-8")
        assert code == 0, (
            f"{block}: exit code {code}\n{printed}{errors.read_text(encoding='utf-8')}"
        )
        return printed

    def _environment(self) -> dict[str, str]:
        folders = flowsim_command()[0].parent, Path(sys.executable).parent
        given = {
            "PATH": os.pathsep.join([*map(str, folders), os.environ["PATH"]]),
            "PYTHONUNBUFFERED": "1",
            "NODE_PATH": str(NODE_MODULES),
            "PYTEST_ADDOPTS": PLUGINS,
        }
        if SERVICE in self.ports:
            given["FLOWSIM_SERVICE"] = f"http://127.0.0.1:{self.ports[SERVICE]}"
        return given


def end_group(pid: int) -> None:
    try:
        os.killpg(pid, signal.SIGKILL)
    except ProcessLookupError:
        return


VARYING: tuple[tuple[str, str], ...] = (
    (r"[\d.,]+ (ms|s|events/s)\b", r"N \1"),
    (r"\bin [\d.]+s$", "in N s"),
    (r"^about \S+: an event takes .*", "about N: an event takes N"),
    (r'"elapsed_(ms|s)": ?[\d.]+', r'"elapsed_\1":N'),
    (r"^(   again .*) --serve-keys \d+$", r"\1"),  # not the usual port, as it is in the document
    (r"(127\.0\.0\.1|localhost):\d+", r"\1:PORT"),
    (r"\bon port \d+", "on port PORT"),
    (r"pub-key-[0-9A-Za-z]{10}", "pub-key-NAME"),
    (r"[A-Za-z0-9+/]{342}==", "SIGNATURE"),
    (r"^\d\d:\d\d:\d\d ←", "TIME ←"),
    (r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", "MOMENT"),
    (r"\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b", "UUID"),
    (r"\b[0-9a-f]{32}\b", "CLIENT"),
    (r"organisation \d+", "organisation N"),
    (r"--since \S+", "--since POSITION"),
    (r"(MOMENT .*)  [0-9a-f]{8}  (\d)  +\[(\d+)\] +\d+(?: +|$)", r"\1 ID \2 [\3] N "),
    (r"  ms +said$", "  ms  said"),
    (r"^[0-9a-f]{8}(  \S+  \S+  [A-Z]+  .*)$", r"ID\1"),
)


def alike(line: str) -> str:
    for pattern, word in VARYING:
        line = re.sub(pattern, word, line)
    return line.rstrip()


def fits(found: list[str], wanted: list[str]) -> bool:
    """Say whether lines are those that were wanted; ``…`` there stands for any number."""
    if not wanted:
        return not found
    if wanted[0].strip() == SEVERAL:
        return any(fits(found[skipped:], wanted[1:]) for skipped in range(len(found) + 1))
    return bool(found) and alike(found[0]) == alike(wanted[0]) and fits(found[1:], wanted[1:])


def difference(block: Block, output: str, wanted: list[str]) -> str:
    return "\n".join([f"{block}: wanted", *wanted, "", "but found", output])
