"""The examples for continuous integration: what can be proven without a runner.

They are not run. But they are YAML, in the form that their readers ask for, and each ``flowsim``
in them is a command with options that exist.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from typing import Any

import click
import pytest
from ruamel.yaml import YAML

from flowsim.commands import main

from ..checks.test_ci_action import ACTION, action
from .pages import page

FILES = (".github/workflows/webhook.yml", ".gitlab-ci.yml", "compose.yaml")
KEY_HOST = "http://127.0.0.1:4020"


def example(name: str) -> Any:
    """Return the YAML block that begins with the name of its file."""
    (block,) = (each for each in page("docs/ci.md").blocks if each.lines[:1] == (f"# {name}",))
    assert block.language == "yaml"
    assert block.not_run
    return YAML(typ="safe").load("\n".join(block.lines))


def texts(value: Any) -> Iterator[str]:
    """Yield every text in a document."""
    if isinstance(value, dict):
        value = [*value.values()]
    if isinstance(value, list):
        for each in value:
            yield from texts(each)
    if isinstance(value, str):
        yield value


def checks(value: Any) -> list[dict[str, Any]]:
    """Return what each ``flowsim`` command in a document is given; fails as the command would.

    It has the parent that it has at work: a command keeps the option of its first help for good.
    """
    found, parent = [], click.Context(main, **main.context_settings)
    for text in texts(value):
        for line in re.findall(r"^flowsim .+", text, re.MULTILINE):
            name, *words = shlex.split(line)[1:]
            command = main.get_command(parent, name)
            assert command is not None, name
            found.append(command.make_context(name, words, parent).params)
    return found


@pytest.mark.parametrize("name", FILES[1:])
def test_an_example_waits_for_the_webhook_and_writes_both_reports(name: str) -> None:
    (given,) = checks(example(name))
    assert given["url"] == "3000/hook"
    assert given["wait"] == 60.0
    assert given["processed"] == "http://localhost:3000/processed/{event_id}"
    assert (given["report_junit"].name, given["report_html"].name) == (
        "flowsim.xml",
        "flowsim.html",
    )
    assert given["client_id"]


@pytest.mark.parametrize("name", FILES)
def test_the_webhook_gets_the_key_host_that_a_check_serves_by_default(name: str) -> None:
    assert KEY_HOST in [*texts(example(name))]
    (port,) = (each for each in main.get_command(None, "check").params if each.name == "keys_port")
    assert KEY_HOST.endswith(f":{port.default}")


def test_gitlab_always_gets_the_junit_file_that_was_written() -> None:
    job = example(".gitlab-ci.yml")["webhook"]
    (given,) = checks(job)
    assert job["artifacts"]["reports"] == {"junit": str(given["report_junit"])}
    assert str(given["report_html"]) in job["artifacts"]["paths"]
    assert job["artifacts"]["when"] == "always"


def test_in_gitlab_the_webhook_writes_its_output_to_a_file() -> None:
    (started,) = (each for each in example(".gitlab-ci.yml")["webhook"]["script"] if "&" in each)
    assert started.endswith("> consumer.log 2>&1 &")


def test_in_compose_the_check_shares_the_network_and_writes_into_a_volume() -> None:
    """The key host listens on 127.0.0.1 only."""
    services = example("compose.yaml")["services"]
    checking = services["flowsim"]
    (given,) = checks(checking)
    assert checking["network_mode"] == "service:consumer"
    assert "ports" not in checking, "compose refuses them beside a network of another service"
    assert [*services] == ["consumer", "flowsim"]
    (volume,) = checking["volumes"]
    assert str(given["report_junit"].parent) == volume.partition(":")[2]


def test_the_workflow_of_github_gives_the_action_inputs_that_it_has() -> None:
    (job,) = example(".github/workflows/webhook.yml")["jobs"].values()
    *_, last = job["steps"]
    assert last["uses"] == f"./flowsim/{ACTION.parent}"
    assert {*last["with"]} <= {*action()["inputs"]}
    required = {name for name, each in action()["inputs"].items() if each.get("required")}
    assert {*last["with"]} >= required


def test_an_option_that_does_not_exist_is_noticed() -> None:
    with pytest.raises(click.NoSuchOption):
        checks({"script": ["flowsim check 3000 --junti flowsim.xml"]})
