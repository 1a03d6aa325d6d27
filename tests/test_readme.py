"""README.md keeps its word: its shell and Python blocks are run, their output is compared.

A ``console`` block holds commands behind ``$`` and what they print; ``sh`` and ``python`` blocks
only have to succeed. A ``python`` block that begins with ``# name.py`` is kept under that name
for the blocks that follow. What varies from run to run (durations, ports, key names,
signatures) is made alike first, and a line ``…`` stands for any number of lines. A block whose
info string says ``not run: reason`` is skipped with that reason (``pytest -rs`` lists them).

The blocks under one heading share a folder, in order. Numbers behind ``--port``, ``--target``,
``--webhook``, ``--serve-keys``, ``--tls-port`` and ``flowsim check`` are replaced with ports
that are free. Beside them are the shipped scenarios, and ``webhook.cjs``, which uses Adobe's SDK.
"""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from .fixtures import SCENARIOS
from .free_ports import free_port
from .other_plugins import ALONE

README = SCENARIOS.parent / "README.md"
RUN = ("console", "sh", "python")
PATIENCE = 240
MARK = "--- what follows belongs to the next command ---"
SEVERAL = "…"
SERVICE = "4010"
"""The port where commands look for the service, unless FLOWSIM_SERVICE says otherwise."""

NAMED = "--(?:port|target|webhook|serve-keys|tls-port)|flowsim check"
"""What stands before the number of a port."""

NODE = Path(__file__).parent / "node"
NODE_MODULES = NODE / "node_modules"


@dataclass(frozen=True)
class Block:
    """A fenced block: where it stands, its language, why it is not run, and its lines."""

    section: str
    line: int
    language: str
    not_run: str
    lines: tuple[str, ...]

    def __str__(self) -> str:
        return f"{README.name}:{self.line}"


def read(text: str) -> list[Block]:
    """Return the fenced blocks of a Markdown text."""
    blocks: list[Block] = []
    section, info, begin, held = "", None, 0, list[str]()
    for number, line in enumerate(text.splitlines(), 1):
        if info is None and (heading := re.match(r"#+ (.+)", line)):
            section = heading[1]
        elif info is None and (fence := re.fullmatch(r"```(.*)", line)):
            info, begin, held = fence[1].strip(), number, []
        elif info is not None and line == "```":
            language, _, remark = info.partition(" ")
            reason = remark.partition("not run:")[2].strip()
            blocks.append(Block(section, begin, language, reason, tuple(held)))
            info = None
        else:
            held.append(line)
    assert info is None, f"the block of line {begin} has no end"
    return blocks


BLOCKS = read(README.read_text(encoding="utf-8")) if README.exists() else []
TO_RUN = [block for block in BLOCKS if block.language in RUN]


# Running


def free_ports(lines: tuple[str, ...], known: dict[str, str]) -> tuple[str, ...]:
    """Return lines with free ports in the place of those that commands name."""
    text = "\n".join(lines)
    for port in re.findall(rf"(?:{NAMED}) +(?:\S*:)?(\d{{4,5}})\b", text):
        if port not in known:
            known[port] = str(free_port())
        text = re.sub(rf"\b{port}\b", known[port], text)
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
    ports: dict[str, str]
    done: int = 0

    def run(self, block: Block) -> None:
        """Run a block; fails if a command does, or prints something else."""
        lines = free_ports(block.lines, self.ports)
        if block.language == "console":
            expected = [output for _, output in steps(lines)]
            script = "".join(f"{command}\necho '{MARK}'\n" for command, _ in steps(lines))
            printed = self._bash(block, script).split(f"{MARK}\n")
            for output, wanted in zip(printed, expected, strict=False):
                if not fits(output.splitlines(), wanted):
                    raise AssertionError(difference(block, output, wanted))
        elif block.language == "python":
            named = re.fullmatch(r"# (\w+\.py)", lines[0])
            name = named[1] if named else ".block.py"
            (self.folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
            self._bash(block, f"python {name}\n")
        else:
            self._bash(block, "\n".join(lines))

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
            ) as process,
        ):
            try:
                code = process.wait(PATIENCE)
            finally:
                end_group(process.pid)
        told = output.read_text(encoding="utf-8")
        assert code == 0, f"{block}: exit code {code}\n{told}{errors.read_text(encoding='utf-8')}"
        return told

    def _environment(self) -> dict[str, str]:
        own = Path(sys.executable).parent
        given = {
            "PATH": f"{own}{os.pathsep}{os.environ['PATH']}",
            "PYTHONUNBUFFERED": "1",
            "NODE_PATH": str(NODE_MODULES),
            "PYTEST_ADDOPTS": ALONE,  # a reader has not all the plugins of this environment
        }
        if SERVICE in self.ports:
            given["FLOWSIM_SERVICE"] = f"http://127.0.0.1:{self.ports[SERVICE]}"
        return given


def end_group(pid: int) -> None:
    try:
        os.killpg(pid, signal.SIGKILL)
    except ProcessLookupError:
        return


# Comparing


VARYING: tuple[tuple[str, str], ...] = (
    (r"[\d.,]+ (ms|s|events/s)\b", r"N \1"),
    (r"\bin [\d.]+s$", "in N s"),
    (r'"elapsed_(ms|s)": ?[\d.]+', r'"elapsed_\1":N'),
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
    (r"(MOMENT .*)  [0-9a-f]{8}  (\d)  +\[(\d+)\] +\d+ +", r"\1 ID \2 [\3] N "),
    (r"  ms +said$", "  ms  said"),
    (r"^[0-9a-f]{8}(  \S+  \S+  [A-Z]+  .*)$", r"ID\1"),
)


def alike(line: str) -> str:
    for pattern, word in VARYING:
        line = re.sub(pattern, word, line)
    return line.rstrip()


def fits(found: list[str], wanted: list[str]) -> bool:
    """Tell whether lines are those that were wanted; ``…`` there stands for any number."""
    if not wanted:
        return not found
    if wanted[0].strip() == SEVERAL:
        return any(fits(found[skipped:], wanted[1:]) for skipped in range(len(found) + 1))
    return bool(found) and alike(found[0]) == alike(wanted[0]) and fits(found[1:], wanted[1:])


def difference(block: Block, output: str, wanted: list[str]) -> str:
    return "\n".join([f"{block}: wanted", *wanted, "", "but found", output])


# Tests


@pytest.fixture(scope="module")
def shells(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Shell]:
    """Return the shell of a section, in a folder with the scenarios and a webhook in it."""
    opened: dict[str, Shell] = {}

    def shell_of(section: str) -> Shell:
        if section not in opened:
            folder = tmp_path_factory.mktemp("section")
            (folder / "scenarios").symlink_to(SCENARIOS)
            (folder / "webhook.cjs").symlink_to(NODE / "webhook.cjs")
            opened[section] = Shell(folder, {})
        return opened[section]

    return shell_of


@pytest.mark.parametrize("block", TO_RUN, ids=str)
def test_a_block_of_the_readme_does_what_it_says(
    block: Block, shells: Callable[[str], Shell]
) -> None:
    """Blocks before it in its section are run first, unless this process has done so already.

    Whether they do what they say is a matter of their own tests.
    """
    if block.not_run:
        pytest.skip(f"{block.language} block not run: {block.not_run}")
    if any(" node " in line for line in block.lines) and not NODE_MODULES.exists():
        pytest.skip(f"{block.language} block not run: no Node on this machine")
    shell = shells(block.section)
    section = [each for each in TO_RUN if each.section == block.section and not each.not_run]
    while shell.done < section.index(block):
        shell.done += 1
        with contextlib.suppress(AssertionError):
            shell.run(section[shell.done - 1])
    shell.done += 1
    shell.run(block)


def test_only_blocks_with_a_reason_are_not_run() -> None:
    skipped = [block for block in BLOCKS if block.not_run]
    assert all(len(block.not_run.split()) > 1 for block in skipped)
    assert [str(block) for block in BLOCKS if block.language in ("shell", "bash", "py")] == []


def test_every_yaml_block_is_yaml() -> None:
    for block in BLOCKS:
        if block.language == "yaml":
            assert isinstance(YAML(typ="safe").load("\n".join(block.lines)), dict), block


def test_a_python_block_with_a_name_is_kept_for_those_that_follow(tmp_path: Path) -> None:
    shell = Shell(tmp_path, {})
    shell.run(Block("A", 1, "python", "", ("# mine.py", "WORD = 'hello'")))
    shell.run(Block("A", 5, "python", "", ("from mine import WORD", "assert WORD == 'hello'")))
    shell.run(
        Block("A", 9, "console", "", ("$ python -c 'import mine; print(mine.WORD)'", "hello"))
    )


def test_what_varies_is_made_alike_and_dots_stand_for_lines() -> None:
    found = ["start", "took 12 ms at 127.0.0.1:4000", "pub-key-ABCDEFGHIJ", "end"]
    assert fits(found, ["start", "took 3 ms at 127.0.0.1:1", "pub-key-0000000000", "end"])
    assert fits(found, ["start", SEVERAL, "end"])
    assert fits(found, [SEVERAL, "start", SEVERAL, "end", f"  {SEVERAL}"])
    assert not fits(found, ["start", SEVERAL, "start"])
    assert not fits(found, ["start"])


def test_a_block_has_a_section_a_language_and_maybe_a_reason() -> None:
    text = "# A\n```sh not run: no network here\n# no heading\n```\n## B\n```\nplain\n```\n"
    one, two = read(text)
    assert one == Block("A", 2, "sh", "no network here", ("# no heading",))
    assert two == Block("B", 6, "", "", ("plain",))


def test_a_command_may_go_on_in_a_second_line() -> None:
    assert steps(("$ echo 'a", "> b'", "a", "b", "$ true")) == [
        ("echo 'a\nb'", ["a", "b"]),
        ("true", []),
    ]
