"""``flowsim validate``: every mistake of every file; nothing is sent or written."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from flowsim.families import sources
from flowsim.scenario.files import shipped

from ..families.own import own_families

Flowsim = Callable[..., Result]
Write = Callable[..., str]

CORRECT = "events:\n  - payload: 1\n  - flow_run: {}\n    repeat: 4\n"


def test_a_correct_file_is_reported_with_its_number_of_events(
    flowsim: Flowsim, scenario: Write
) -> None:
    path = scenario(CORRECT)
    result = flowsim("validate", path)
    assert (result.exit_code, result.stdout, result.stderr) == (0, f"{path}: ok, 5 events\n", "")


def test_the_shipped_scenarios_are_correct_by_name_and_by_path(flowsim: Flowsim) -> None:
    """One warns: it has events that Adobe delivers to journals only."""
    result = flowsim("validate", *shipped(), *shipped().values())
    assert result.exit_code == 0
    warned = result.stderr.splitlines()
    assert all("console-trigger-rendition.yaml:" in line for line in warned)
    assert all("which Adobe delivers to journals only" in line for line in warned)
    lines = result.stdout.splitlines()
    assert [line.split(": ok, ")[0] for line in lines] == [
        *shipped(),
        *map(str, shipped().values()),
    ]


MOST = "expected at most 100; with more, no run fails for its records"


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("flow: {partial_ingestion_percent: 150}\n", "1:35: flow.partial_ingestion_percent: 150"),
        (
            "events: [flow_run: {partial_ingestion_percent: 100.5}]\n",
            "1:48: events[0].flow_run.partial_ingestion_percent: 100.5",
        ),
    ],
)
def test_an_error_threshold_above_100_percent_is_a_warning(
    flowsim: Flowsim, scenario: Write, text: str, place: str
) -> None:
    """Flow Service sets no limit (flow-run-payloads.md 3.1), so one warning is enough."""
    path = scenario(text if "events" in text else f"{text}events: [flow_run: {{}}]\n")
    for command in ("validate", "show"):
        result = flowsim(command, path)
        warnings = [each for each in result.stderr.splitlines() if each.startswith("warning")]
        assert (result.exit_code, warnings) == (0, [f"warning: {path}:{place}; {MOST}"])


def test_attributes_of_a_cloud_event_that_nothing_has_are_a_warning(
    flowsim: Flowsim, tmp_path: Path
) -> None:
    """The usual format of the family counts, unless the registration says another one."""
    path = tmp_path / "attributes.yaml"
    entries = "[{flow_run: {}, attributes: {subject: x}}, {aem_sites: {}, attributes: {id: y}}]"
    path.write_text(f"seed: 1\nevents: {entries}\n")
    result = flowsim("validate", path)
    found = "events[0].attributes: attributes, which the format adobe_io does not have"
    wanted = "expected registration: {event_delivery_format: cloud_events}"
    said = f"warning: {path}:2:25: {found}; {wanted}\n"
    assert (result.exit_code, result.stderr) == (0, said)
    for format_, number in (("cloud_events", 0), ("adobe_io", 2)):
        registration = f"registration: {{event_delivery_format: {format_}}}"
        path.write_text(f"seed: 1\nevents: {entries}\n{registration}\n")
        assert flowsim("validate", path).stderr.count("attributes, which") == number


def test_an_option_with_such_a_threshold_is_named_in_the_warning(flowsim: Flowsim) -> None:
    setting = "flow.partial_ingestion_percent=200"
    result = flowsim("show", "partial", "--set", setting, "--as", "body")
    found = "flow.partial_ingestion_percent: 200"
    assert (result.exit_code, result.stderr) == (0, f"warning: --set {setting}: {found}; {MOST}\n")
    assert '"status":"success"' in result.stdout


def test_all_mistakes_of_all_files_are_reported_with_their_places(
    flowsim: Flowsim, scenario: Write
) -> None:
    one = scenario("sed: 1\nevents: []\n", "one.yaml")
    good = scenario(CORRECT, "good.yaml")
    two = scenario("events:\n  - {payload: 1, repeat: 0}\n", "two.yaml")
    result = flowsim("validate", one, good, two)
    assert result.exit_code == 2
    assert result.stdout == f"{good}: ok, 5 events\n"
    assert result.stderr.splitlines() == [
        f"{one}:1:1: sed: unknown key 'sed'; expected seed",
        f"{one}:2:9: events: an empty list; expected at least one event",
        f"{two}:2:26: events[0].repeat: 0; expected a number of at least 1",
    ]


def test_a_dash_is_standard_input(flowsim: Flowsim) -> None:
    assert flowsim("validate", "-", input=CORRECT).stdout == "-: ok, 5 events\n"
    result = flowsim("validate", "-", input="events: []")
    assert result.exit_code == 2
    assert result.stderr == ("<stdin>:1:9: events: an empty list; expected at least one event\n")


def test_a_wrong_name_leaves_the_other_files_checked(
    flowsim: Flowsim, scenario: Write, tmp_path: Path
) -> None:
    path = scenario(CORRECT)
    result = flowsim("validate", "partal", str(tmp_path), path)
    assert result.exit_code == 2
    assert result.stdout == f"{path}: ok, 5 events\n"
    assert "did you mean partial?" in result.stderr
    assert f"{tmp_path}: a folder; expected a scenario file" in result.stderr


def test_without_a_file_the_usage_is_shown(flowsim: Flowsim) -> None:
    result = flowsim("validate")
    assert result.exit_code == 2
    assert "FILE..." in result.stderr


def test_validate_makes_no_keys(flowsim: Flowsim, own_home: Path) -> None:
    assert flowsim("validate", "partial").exit_code == 0
    assert not own_home.exists()


def test_the_help_has_an_example(flowsim: Flowsim) -> None:
    assert "flowsim validate scenarios/*.yaml" in flowsim("validate", "--help").stdout


@pytest.mark.parametrize(("repeat", "said"), [(1, "1 event"), (10**9, "1,000,000,000 events")])
def test_checking_a_long_story_takes_no_longer(
    flowsim: Flowsim, scenario: Write, repeat: int, said: str
) -> None:
    """No event is made: a billion of them would take hours."""
    path = scenario(f"events:\n  - {{payload: 1, repeat: {repeat}}}\n")
    assert flowsim("validate", path).stdout == f"{path}: ok, {said}\n"


def test_family_files_are_read_as_such_with_all_their_mistakes(
    flowsim: Flowsim, scenario: Write, tmp_path: Path
) -> None:
    own = own_families(tmp_path)
    wrong = own / "wrong.yaml"
    wrong.write_text((own / "order.yaml").read_text().replace("label: ", "lable: ", 1) + "odd: 1\n")
    result = flowsim("validate", own / "order.yaml", scenario(CORRECT), wrong)
    assert result.exit_code == 2
    first, second = result.stdout.splitlines()
    assert first == f"{own / 'order.yaml'}: ok, the family order with 1 event code"
    assert second.endswith("ok, 5 events")
    said = result.stderr
    assert f"{wrong}:1:1: lable: unknown key 'lable'; expected label" in said
    assert "odd: unknown key 'odd'" in said


def test_a_shipped_family_is_correct_and_a_copy_needs_another_name(
    flowsim: Flowsim, tmp_path: Path
) -> None:
    file = Path(sources.__file__).parent / "adobe" / "segment_job.yaml"
    result = flowsim("validate", file)
    said = f"{file}: ok, the family segment_job with 2 event codes\n"
    assert (result.exit_code, result.stdout, result.stderr) == (0, said, "")
    copy = tmp_path / "segment_job.yaml"
    copy.write_text(file.read_text("utf-8"))
    result = flowsim("validate", copy)
    wanted = "another file name, under which it may take over event codes of segment_job"
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == f"{copy}: there is a family segment_job; expected {wanted}\n"
    assert flowsim("validate", copy.rename(tmp_path / "my_job.yaml")).exit_code == 0


def test_a_wrong_name_of_a_family_file_is_reported_with_its_other_mistakes(
    flowsim: Flowsim, tmp_path: Path
) -> None:
    """Without its provider, too, a file with event codes is one of a family."""
    file = tmp_path / "flow_run.yaml"
    file.write_text("label: X\ncodes: {}\n")
    lines = flowsim("validate", file).stderr.splitlines()
    assert lines[0].startswith(f"{file}: there is a family flow_run; ")
    assert [each.rpartition("; expected ")[2] for each in lines[1:]] == [
        *(f"the key {key}" for key in ("summary", "provider", "formats", "story", "bodies")),
        "at least one event code",
    ]


def test_standard_input_holds_a_family_or_a_scenario(flowsim: Flowsim) -> None:
    text = (Path(__file__).parents[1] / "families" / "data" / "order.yaml").read_text()
    result = flowsim("validate", "-", input=text)
    assert (result.exit_code, result.stdout) == (0, "-: ok, a family with 1 event code\n")
    wrong = flowsim("validate", "-", input=text.replace("label: ", "lable: ", 1))
    assert "<stdin>:1:1: lable: unknown key 'lable'; expected label\n" in wrong.stderr
    result = flowsim("validate", "-", input=CORRECT)
    assert (result.exit_code, result.stdout) == (0, "-: ok, 5 events\n")


def test_a_family_file_in_the_place_of_a_scenario_is_one_sentence(
    flowsim: Flowsim, tmp_path: Path
) -> None:
    file = own_families(tmp_path) / "order.yaml"
    for words in (("show", file), ("replay", file), ("show", file, "--set", "seed=1")):
        result = flowsim(*words)
        assert (result.exit_code, result.stdout) == (2, "")
        assert "a family file; expected a scenario; flowsim events --families DIR" in result.stderr
        assert len(result.stderr.splitlines()) == 1
