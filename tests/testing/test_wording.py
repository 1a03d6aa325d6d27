"""Messages for programs: no option of the command line, but arguments."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from inspect import signature
from pathlib import Path

import pytest

import flowsim
from flowsim import EventsService, Flowsim, FlowsimError
from flowsim.checks import catalogue
from flowsim.commands.check import command
from flowsim.testing.wording import in_python

OPTION = re.compile(r"(?<![\w-])--[a-z][a-z-]*")
COMMAND = re.compile(r"flowsim [a-z]+ --[a-z]+|`flowsim [^`]*`")

ONLY_OF_THE_COMMAND = {
    *("--list", "--again", "--verbose", "--baseline", "--write-baseline"),
    *("--json", "--junit", "--html", "--markdown", "--annotations"),
    *("--cacert", "--insecure", "--serve-keys", "--tls-port", "--proxy-port", "--host", "--name"),
}
"""Options of ``flowsim check`` without an argument in Python: no message of a check names them."""


def message(call: Callable[[], object]) -> str:
    with pytest.raises(FlowsimError) as raised:
        call()
    return str(raised.value)


def test_an_unknown_event_code_points_to_the_argument_families() -> None:
    simulator = Flowsim()
    calls: list[Callable[[], object]] = [
        lambda: simulator.replay("nope", "3000"),
        lambda: simulator.notifications("segment_evaluation_job_inf"),
        lambda: simulator.check("3000", event="nope"),
        lambda: flowsim.open_story("nope"),
    ]
    for said in map(message, calls):
        assert "one of your own families (families=DIR)" in said
        assert OPTION.search(said) is None


def test_an_unknown_family_in_a_scenario_points_to_the_argument_families() -> None:
    said = message(lambda: Flowsim().notifications({"events": [{"nope": {}}]}))
    assert said.endswith("expected a key of a family, or one of your own families (families=DIR)")


def test_a_command_in_a_message_keeps_its_options() -> None:
    family = Path(flowsim.__file__).parent / "families" / "adobe" / "segment_job.yaml"
    said = message(lambda: flowsim.open_story(str(family)))
    assert said.endswith("expected a scenario; flowsim events --families DIR shows families")


def test_messages_of_replays_and_keys_name_no_option(tmp_path: Path) -> None:
    archive = tmp_path / "none.har"
    archive.write_text('{"log": {"entries": []}}')
    said = message(lambda: Flowsim().replay(archive, "3000"))
    assert said == f"{archive}: no POST with a header x-adobe-… among 0 requests"
    said = message(lambda: Flowsim().replay("http://localhost:3000/hook", "3000"))
    assert said.endswith("it looks like an address: replay takes target=http://localhost:3000/hook")
    said = message(lambda: flowsim.verify(b"{}", {}, source=""))
    assert said == "source= is empty: neither a URL nor a folder"


def test_messages_of_a_service_name_no_option() -> None:
    with EventsService(clock="real") as service:
        calls: list[Callable[[], object]] = [
            lambda: service.advance("1h"),
            lambda: service.trigger("nope"),
            lambda: service.trigger("partial", set={"nope": 1}),
            lambda: service.trigger("partial", at="x"),
            lambda: service.register(subscriber_filter={"a": ["b"]}),
            lambda: service.register("http://10.1.2.3:3000/"),
        ]
        said = [COMMAND.sub("", message(call)) for call in calls]
    options = {option for each in said for option in OPTION.findall(each)}
    assert options == {"--allow-target"}  # it is of another service, which is named before it
    assert said[0] == "the clock moves by itself; open the service with clock='manual'"
    assert said[2].startswith("set nope=1: ")


def test_the_traceback_of_a_mistake_ends_at_the_call() -> None:
    with pytest.raises(FlowsimError) as raised:
        Flowsim().notifications("nope")
    files = [Path(str(each.path)).name for each in raised.traceback]
    assert files == [Path(__file__).name, "wording.py"]


def test_every_option_of_the_check_has_its_argument_in_python() -> None:
    arguments = {*signature(Flowsim.check).parameters}
    options = {option for each in command.params for option in each.opts if option[:2] == "--"}
    for option in options - ONLY_OF_THE_COMMAND:
        word = re.fullmatch(
            r"it failed \(add (\w+)=(True)?\)", in_python(f"it failed (add {option})")
        )
        assert word is not None, option
        assert word[1] in arguments, option
    assert options > ONLY_OF_THE_COMMAND


def texts_of_checks() -> Iterator[str]:
    """Yield every text of which a check makes its messages: of the code, and of the catalogue."""
    for path in (Path(flowsim.__file__).parent / "checks").glob("*.py"):
        if path.name != "check_spec.py":  # the schema, which the command prints
            tree = ast.parse(path.read_text("utf-8"))
            whole = (each.value for each in ast.walk(tree) if isinstance(each, ast.Expr))
            docstrings = {id(each) for each in whole}
            yield from (
                each.value
                for each in ast.walk(tree)
                if isinstance(each, ast.Constant)
                and isinstance(each.value, str)
                and id(each) not in docstrings
            )
    for check in map(catalogue.find, catalogue.names()):
        yield from (check.claim, check.why, check.advice)


def test_no_message_of_a_check_names_an_option_to_a_program() -> None:
    """What is left stands in a command that is printed as a whole, or in a baseline."""
    left = {
        option
        for text in texts_of_checks()
        for option in OPTION.findall(COMMAND.sub("", in_python(text)))
    }
    assert left <= {"--again", "--write-baseline"}


def test_an_address_after_an_option_is_its_value() -> None:
    said = in_python("--state http://localhost/1 answers 500; --settle allows more")
    assert said == "state=http://localhost/1 answers 500; settle= allows more"
    assert in_python("a check of `flowsim check --only all`") == (
        "a check of `flowsim check --only all`"
    )
