"""Messages for programs: no option of the command line, but arguments."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

import flowsim
from flowsim import EventsService, Flowsim, FlowsimError

OPTION = re.compile(r"(?<![\w-])--[a-z][a-z-]*")
COMMAND = re.compile(r"flowsim [a-z]+ --[a-z]+|`flowsim [^`]*`")


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
    family = Path(flowsim.__file__).parent / "families" / "segment_job.yaml"
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
