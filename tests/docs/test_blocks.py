"""Every block of the documents does what it says: it is run, and its output is compared.

A ``console`` block holds commands behind ``$`` and what they print. ``sh`` and ``python`` blocks
only have to succeed, and a ``yaml`` block has to be a scenario. A block that begins with
``# name.py`` or ``# name.yaml`` is kept under that name for those that follow, and such YAML may
be of any kind. A block whose info string
says ``not run: reason`` is skipped with that reason (``pytest -rs`` lists them).

The blocks of a page share a folder and run in order. Beside them are the shipped scenarios, and
``webhook.cjs``, which uses Adobe's SDK.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from ..cases import for_each
from ..fixtures import SCENARIOS
from .pages import PAGES, Block, Page
from .shell import NODE, NODE_MODULES, SEVERAL, Shell, fits, steps

RUN = ("console", "sh", "python", "yaml")
WITH_BLOCKS = [page for page in PAGES if page.has(rf"(?:{'|'.join(RUN)})\b")]
SLOW = {f"docs/{name}.md" for name in ("check", "pytest", "python", "scenarios", "webhook")}
WITH_OTHERS = [page for page in PAGES if page.has(".*not run:")]


def to_run(page: Page) -> list[Block]:
    """Return the blocks of a page that can be run on this machine, in order."""
    blocks = [each for each in page.blocks if each.language in RUN and not each.not_run]
    return [each for each in blocks if NODE_MODULES.exists() or not needs_node(each)]


def needs_node(block: Block) -> bool:
    return any(" node " in line for line in block.lines)


def failures(shell: Shell, blocks: list[Block]) -> Iterator[str]:
    """Run blocks, those after one that fails too, and yield what was wrong."""
    for block in blocks:
        try:
            shell.run(block)
        except AssertionError as error:
            yield str(error)


def marked(page: Page) -> Any:
    """Return a page as a parameter; some start pytest or check a webhook many times."""
    return pytest.param(page, marks=[pytest.mark.slow] if str(page) in SLOW else [])


@pytest.mark.parametrize("page", [*map(marked, WITH_BLOCKS)], ids=str)
def test_the_blocks_of_a_page_do_what_they_say(page: Page, tmp_path: Path) -> None:
    (tmp_path / "scenarios").symlink_to(SCENARIOS)
    (tmp_path / "webhook.cjs").symlink_to(NODE / "webhook.cjs")
    wrong = "\n\n".join(failures(Shell(tmp_path), to_run(page)))
    if wrong:
        pytest.fail(wrong, pytrace=False)
    if not NODE_MODULES.exists() and any(map(needs_node, page.blocks)):
        pytest.skip("blocks with Node not run: there is none on this machine")


def not_run(page: Page) -> list[Block]:
    return [block for block in page.blocks if block.not_run]


@pytest.mark.parametrize("page", WITH_OTHERS, ids=str)
def test_only_blocks_with_a_reason_are_not_run(page: Page) -> None:
    for block in not_run(page):
        assert len(block.not_run.split()) > 1, block
    reasons = [f"line {each.line}: {each.not_run}" for each in not_run(page)]
    assert reasons
    pytest.skip(f"blocks of {page} not run: {'; '.join(reasons)}")


@for_each("page", PAGES)
def test_every_language_of_a_block_is_known(page: Page) -> None:
    known = {*RUN, "json", "http", "toml", "text", ""}
    assert [str(block) for block in page.blocks if block.language not in known] == []
    assert (page in WITH_BLOCKS) == any(block.language in RUN for block in page.blocks)
    assert (page in WITH_OTHERS) == bool(not_run(page))


@for_each("page", WITH_OTHERS)
def test_a_yaml_block_that_is_not_run_is_yaml(page: Page) -> None:
    for block in not_run(page):
        if block.language == "yaml":
            assert isinstance(YAML(typ="safe").load("\n".join(block.lines)), dict), block


def test_a_python_block_with_a_name_is_kept_for_those_that_follow(tmp_path: Path) -> None:
    shell = Shell(tmp_path)
    shell.run(Block("A", 1, "python", "", ("# mine.py", "WORD = 'hello'")))
    shell.run(Block("A", 5, "python", "", ("from mine import WORD", "assert WORD == 'hello'")))
    shell.run(
        Block("A", 9, "console", "", ("$ python -c 'import mine; print(mine.WORD)'", "hello"))
    )


def test_a_block_that_prints_something_else_fails_and_the_next_is_run(tmp_path: Path) -> None:
    other, next_one = ("$ echo one", "two"), ("$ touch next",)
    blocks = [Block("A", 1, "console", "", other), Block("A", 5, "console", "", next_one)]
    assert [*failures(Shell(tmp_path), blocks)] == ["A:1: wanted\ntwo\n\nbut found\none\n"]
    assert (tmp_path / "next").exists()


def test_varying_values_are_replaced_and_dots_stand_for_lines() -> None:
    found = ["start", "took 12 ms at 127.0.0.1:4000", "pub-key-ABCDEFGHIJ", "end"]
    assert fits(found, ["start", "took 3 ms at 127.0.0.1:1", "pub-key-0000000000", "end"])
    assert fits(found, ["start", SEVERAL, "end"])
    assert fits(found, [SEVERAL, "start", SEVERAL, "end", f"  {SEVERAL}"])
    assert not fits(found, ["start", SEVERAL, "start"])
    assert not fits(found, ["start"])


def test_a_block_has_a_page_a_line_a_language_and_a_reason() -> None:
    text = "# A\n```sh not run: no network here\n# no heading\n```\n## B\n```\nplain\n```\n"
    one, two = Page("page.md", text).blocks
    assert one == Block("page.md", 2, "sh", "no network here", ("# no heading",))
    assert two == Block("page.md", 6, "", "", ("plain",))


def test_a_command_may_go_on_in_a_second_line() -> None:
    assert steps(("$ echo 'a", "> b'", "a", "b", "$ true")) == [
        ("echo 'a\nb'", ["a", "b"]),
        ("true", []),
    ]
