"""``flowsim events``: the events that flowsim knows, their fields, an example, a scenario."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from jsonschema import Draft202012Validator

from flowsim.families import registry
from flowsim.families.data.reading import read_family
from flowsim.files.yaml_documents import parse_text
from flowsim.story.opening import open_story

from ..cases import for_each, one_in
from ..families.told import CODES, DISTINCT, FAMILIES, FIRST

Flowsim = Callable[..., Result]

FAMILY = """
label: Orders
summary: An order was placed.
provider: {id: shop, label: Shop}
formats: {cloud_events: A}
codes: {order.placed: {label: "Placed \\e[2J", grade: C, example: {items: 2}}}
says: {items: {count: 1}}
story: [{at: begin, code: order.placed, body: placed}]
bodies: {placed: {items: "{{ items }}"}}
fields: {items: {type: integer, means: How many., unit: pieces, grade: B, optional: true}}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a family."""
    made = tmp_path / "families"
    made.mkdir()
    (made / "order.yaml").write_text(FAMILY)
    return made


def one_line(text: str) -> str:
    return " ".join(text.split())


def test_without_a_text_each_family_has_a_line_with_its_number_of_codes(flowsim: Flowsim) -> None:
    """A list of all codes would be hundreds of lines long; the last one says how to get them."""
    result = flowsim("events")
    shown, families = one_line(result.stdout), registry.shipped().readable()[0]
    for family in families:
        if family.codes:
            count = f"{len(family.codes)} code{'s' * (len(family.codes) > 1)}"
            assert one_line(f"{family.name} {family.label}, {count}: {family.summary}") in shown
    assert f" {sum(len(each.codes) for each in families)} event codes." in shown
    assert "flowsim events FAMILY lists" in shown


def test_every_event_is_listed_with_family_provider_format_and_grade(flowsim: Flowsim) -> None:
    result = flowsim("events", ".")
    assert (result.exit_code, result.stderr) == (0, "")
    shown = one_line(result.stdout)
    for family in registry.shipped().readable()[0]:
        for code in family.codes.values():
            said = f": {code.summary}" if code.summary else ""
            assert one_line(f"{code.code} {code.grade}, {code.label}{said}") in shown
            formats = ", ".join(f"{name} {grade}" for name, grade in family.formats.items())
            assert f"{family.name}: {family.label} ({family.provider.id}; {formats})" in shown
    assert all(len(line) <= 100 for line in result.stdout.splitlines())


@pytest.mark.parametrize("text", ["SEGMENT", "segment jobs", "segment_job", "is no longer late"])
def test_a_text_filters_by_code_label_family_and_summary(flowsim: Flowsim, text: str) -> None:
    listed = flowsim("events", text).stdout
    assert "segment_evaluation_job_error" in listed
    assert "audit_events_info" not in listed


def test_json_has_an_object_for_each_event(flowsim: Flowsim) -> None:
    objects = [json.loads(line) for line in flowsim("events", "--json").stdout.splitlines()]
    assert {each["code"] for each in objects} == {*CODES}
    (audit,) = (each for each in objects if each["code"] == "audit_events_info")
    assert (audit["family"], audit["grade"]) == ("audit_event", "A")
    assert audit["formats"] == {"adobe_io": "A", "cloud_events": "C"}


@pytest.mark.parametrize("code", one_in(3, FIRST))
def test_the_scenario_of_an_event_delivers_its_example(
    flowsim: Flowsim, tmp_path: Path, code: str
) -> None:
    """The text at the end, saved as a file, is replayed: its webhook gets the example."""
    shown = flowsim("events", code).stdout
    (tmp_path / "my.yaml").write_text(shown.partition("flowsim replay my.yaml\n")[2])
    described = json.loads(flowsim("events", code, "--json").stdout)
    story = open_story(str(tmp_path / "my.yaml"))
    is_in_journal = described["journal_only"]
    assert bool(story.warnings) == is_in_journal
    bodies = [
        each.events[0].content if is_in_journal else json.loads(each.body)
        for each in story.payloads()
        if each.events[0].notification.event_code == code
    ]
    assert bodies[0] == described["example"]
    assert json.dumps(described["example"], indent=2) in shown


def test_an_event_is_shown_with_its_fields_as_a_table(flowsim: Flowsim, folder: Path) -> None:
    result = flowsim("events", "order.placed", "--families", folder)
    assert (result.exit_code, result.stderr) == (0, "")
    lines = [one_line(line) for line in result.stdout.splitlines()]
    assert "items integer, pieces, optional: How many. [B]" in lines
    assert "formats cloud_events (A: documented)" in lines
    assert "provider shop: Shop" in lines
    assert r"order.placed: Placed \x1b[2J" in lines
    assert f"# save it as my.yaml: flowsim replay my.yaml --families {folder}" in lines
    assert '"items": 2' in lines


def test_an_event_is_shown_with_settings_and_story_as_on_the_page(flowsim: Flowsim) -> None:
    shown = one_line(flowsim("events", "segment_evaluation_job_error").stdout)
    page = flowsim("events", "--markdown", "--family", "segment_job").stdout
    family = one_line(page.replace("`", "").replace("\\", ""))
    for each in registry.shipped()["segment_job"].settings():
        default = f", default {each.default[:39]}" if each.default else ""
        assert one_line(f"{each.name} {each.type}{default}") in shown
        assert each.about in shown
        cells = (each.name, each.type, each.default, each.about)
        assert one_line(f"| {' | '.join(cells)} |") in family
    for text in (
        "2. At begin + fires, if is_late: segment_evaluation_job_error, body delay.",
        "settles",
        "fires < watched. Whether the alert fires.",
    ):
        assert text in shown
        assert text in family
    for values in ("One of FIRING, INACTIVE.", "One of high, medium.", "Always aep_observability"):
        assert (values in shown, values in family) == (True, True)


@pytest.mark.parametrize("code", one_in(4, FIRST))
def test_the_command_beside_each_example_delivers_it(flowsim: Flowsim, code: str) -> None:
    """Each line of ``show --as body`` is a body; a journal may have only the content of it."""
    known = json.loads(flowsim("events", code, "--json").stdout)
    for each in known["examples"]:
        _, _, *words = shlex.split(each["command"])
        lines = flowsim("show", *words, "--as", "body").stdout.splitlines()
        bodies = [json.loads(line) for line in lines]
        assert each["payload"] in (
            [b["event"] for b in bodies] if known["journal_only"] else bodies
        )


def test_the_page_of_a_family_without_fields_says_that_any_content_may_come(
    flowsim: Flowsim,
) -> None:
    page = flowsim("events", "--markdown", "--family", "custom_event").stdout
    assert "The family describes no fields: the content may be any JSON." in page
    fields = flowsim("events", "--markdown", "--family", "privacy_job").stdout
    assert "describes no fields" not in fields


def test_an_event_for_journals_only_is_shown_as_a_journal_has_it(flowsim: Flowsim) -> None:
    """Asset Compute has no webhook: a client reads ``entry.event.type``, not one layer deeper.

    The text, the JSON, the page of the family and the schema agree on that.
    """
    shown = flowsim("events", "asset_compute").stdout
    assert one_line("delivered to journals only, to no webhook") in one_line(shown)
    assert "example: what a journal has" in shown
    assert "fields of an entry of a journal" in shown
    example = json.loads(flowsim("events", "asset_compute", "--json").stdout)["example"]
    assert example["type"] == "rendition_created"
    page = flowsim("events", "--markdown", "--family", "asset_compute").stdout
    assert json.dumps(example, indent=2) in page
    schema = json.loads(flowsim("schema", "--event", "asset_compute").stdout)
    valid = Draft202012Validator(schema)
    assert valid.is_valid(example)
    assert not valid.is_valid({"event_id": "1", "event": example})


@pytest.mark.parametrize("name", one_in(4, FAMILIES))
def test_the_page_of_a_family_has_an_example_of_each_body(flowsim: Flowsim, name: str) -> None:
    """Nearly equal events are not repeated; the command beside an example is its own."""
    page = flowsim("events", "--markdown", "--family", name).stdout
    table = registry.shipped()[name].fields()
    bodies = {body for code in table.bodies for body in table.described(code)}
    assert sorted(re.findall(r"<summary>.*, body <code>(.*?)</code>", page)) == sorted(bodies)
    for code in re.findall("<summary><code>(.*?)</code>", page):
        assert f"\n`flowsim replay {code}" in page


def test_the_index_leads_to_the_page_of_each_family_and_counts_its_codes(flowsim: Flowsim) -> None:
    index = flowsim("events", "--markdown").stdout
    for name in FAMILIES:
        family = registry.shipped()[name]
        head = f"| [{family.label}](events/{name}.md) |"
        (row,) = (line for line in index.splitlines() if line.startswith(head))
        assert f"| `{name}` |" in row
        assert f" | {len(family.codes)} | " in row
        assert all(f"| `{code}` | " in index for code in family.codes)
    assert "- Campaign Standard: " in index


def test_only_the_events_of_a_family_are_listed(flowsim: Flowsim) -> None:
    listed = flowsim("events", "--family", "segment_job", "--json").stdout
    assert {json.loads(line)["family"] for line in listed.splitlines()} == {"segment_job"}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["segment_jobs"], "no family 'segment_jobs'; did you mean segment_job"),
        (["payload"], "no family 'payload'; expected a family that `flowsim events` shows"),
        (["segment_job", "audit"], "--family excludes CODE and TEXT."),
    ],
)
def test_a_family_that_cannot_be_shown_is_explained(
    flowsim: Flowsim, words: list[str], said: str
) -> None:
    for options in ([], ["--markdown"]) if len(words) == 1 else ([],):
        result = flowsim("events", "--family", *words, *options)
        assert (result.exit_code, result.stdout) == (2, "")
        assert said in result.stderr


def test_variants_and_meanings_of_own_values_are_shown(flowsim: Flowsim, folder: Path) -> None:
    own = FAMILY.replace("example: {items: 2}", "example: {items: 2}, variants: [{items: 0}]")
    own = own.replace('"{{ items }}"}', '{$when: items, $value: "{{ items }}"}}')
    own = own.replace("story: [{at: begin", "story: [{at: later")
    own += "values: {later: {is: begin + items, about: When it is placed.}}\n"
    (folder / "order.yaml").write_text(own)
    shown = flowsim("events", "order.placed", "--families", folder).stdout
    assert f"flowsim replay order.placed --families {folder} --set order.items=0" in shown.replace(
        " \\\n      ", " "
    )
    assert "later  begin + items. When it is placed." in shown
    told = json.loads(flowsim("events", "order.placed", "--families", folder, "--json").stdout)
    bodies = flowsim("show", "order.placed", "--families", folder, "--as", "body").stdout
    assert [told["examples"][0]["payload"]] == [*map(json.loads, bodies.splitlines())]
    (folder / "order.yaml").write_text(own.replace("{items: 0}", "{item: 0}, 5"))
    result = flowsim("events", "order", "--families", folder)
    assert ": codes.order.placed.variants[0]: an example with a wrong item" in result.stderr
    assert ": codes.order.placed.variants[1]: 5; expected a mapping" in result.stderr


def test_the_content_of_a_failed_flow_run_is_in_messages(flowsim: Flowsim) -> None:
    shown = flowsim("events", "sources_flow_run_failed").stdout
    assert "fields of messages in adobe_io, data.messages in cloud_events" in shown


@for_each("code", DISTINCT)
def test_fields_and_heads_fit_eighty_columns(
    flowsim: Flowsim, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A path of a field is never broken, however long it is."""
    monkeypatch.setattr("flowsim.commands.events.terminal_width", lambda: 80)
    head = flowsim("events", code).stdout.partition("\nexample: ")[0]
    broad = [line for line in head.splitlines() if len(line) > 80]
    assert [line for line in broad if max(map(len, line.split())) < 60] == []


def test_the_list_fits_eighty_columns(flowsim: Flowsim, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("flowsim.commands.events.terminal_width", lambda: 80)
    assert [line for line in flowsim("events").stdout.splitlines() if len(line) > 80] == []


def test_all_mistakes_of_family_files_are_warned_about(flowsim: Flowsim, folder: Path) -> None:
    (folder / "wrong.yaml").write_text("label: 1\nstory: 2\nbodies: {a: '{{ b }}'}\n")
    result = flowsim("events", "order", "--families", folder)
    assert result.exit_code == 0
    assert "order.placed" in result.stdout
    warnings = result.stderr.splitlines()
    assert len(warnings) > 3
    assert all(each.startswith(f"warning: {folder}/wrong.yaml:") for each in warnings)


def test_a_family_whose_file_has_mistakes_is_named_as_such(flowsim: Flowsim, folder: Path) -> None:
    (folder / "wrong.yaml").write_text("label: Wrong\n")
    result = flowsim("events", "wrong", "--families", folder)
    assert (result.exit_code, result.stdout) == (2, "")
    *_, last = result.stderr.splitlines()
    assert last == "error: wrong: the file of the family wrong has mistakes; mend it first"
    assert "did you mean wrong" not in flowsim("events", "wrogn", "--families", folder).stderr


def test_an_own_family_with_a_shipped_event_code_is_a_warning(
    flowsim: Flowsim, folder: Path, scenario: Callable[..., str], tmp_path: Path
) -> None:
    """The own file is used; nothing is said where the code is not asked for."""
    file = folder / "parcel.yaml"
    file.write_text(FAMILY.replace("order.placed", "audit_events_info"))
    said = f"{file}: event code audit_events_info is one of audit_event too; this file is used"
    options = ("--families", folder)
    assert flowsim("events", *options).stderr == f"warning: {said}\n"
    assert flowsim("show", "audit_events_info", *options).stderr == f"warning: {said}\n"
    body = tmp_path / "body.json"
    body.write_text('{"event": {"items": 1}}')
    judged = flowsim("conform", body, "--event", "audit_events_info", *options)
    assert (judged.exit_code, judged.stderr) == (0, f"warning: {said}\n")
    assert ": parcel audit_events_info: all 0 required fields of the content" in judged.stdout
    other = scenario("{at: 2026-01-15T09:30:00Z, seed: 1, events: [{parcel: {}}]}")
    assert flowsim("show", other, *options).stderr == ""
    assert flowsim("show", "order.placed", *options).stderr == ""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("segment_evaluation_job_inf0", "did you mean segment_evaluation_job_info"),
        ("xyzzy\x1b", "expected a code or a text that `flowsim events` shows"),
    ],
)
def test_a_text_that_no_event_has_gets_the_nearest(
    flowsim: Flowsim, text: str, expected: str
) -> None:
    result = flowsim("events", text)
    assert (result.exit_code, result.stdout) == (2, "")
    assert expected in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_an_example_that_cannot_be_told_says_where(flowsim: Flowsim, folder: Path) -> None:
    (folder / "order.yaml").write_text(FAMILY.replace("{{ items }}", "{{ 1 // (items - 2) }}"))
    result = flowsim("events", "order.placed", "--families", folder)
    assert result.exit_code == 2
    assert "order.yaml:9" in result.stderr
    assert "a division by zero" in result.stderr


def test_nothing_is_printed_of_a_built_in_event_that_cannot_be_told(
    flowsim: Flowsim, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file of a built-in family is not tried when it is read: that takes time."""
    text = FAMILY.replace("{{ items }}", "{{ now }}")
    family = read_family(parse_text(text, "order.yaml"), "order", lambda _: parse_text("", ""))
    built_in = registry.shipped().with_own({"order": lambda: family}, {})
    monkeypatch.setattr("flowsim.families.registry.with_folders", lambda _: built_in)
    result = flowsim("events", "order.placed")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("order.yaml:9:")
    assert "(the example of order.placed)" in result.stderr


def test_the_page_has_families_of_your_own_too(flowsim: Flowsim, folder: Path) -> None:
    options = ("--markdown", "--families", folder)
    page = flowsim("events", *options, "--family", "order").stdout
    assert "| `items`, optional | integer, pieces | How many. | all |  | B |" in page
    assert "| `items` | count | `1` |  |" in page
    assert "1. At `begin`: `order.placed`, body `placed`." in page
    assert "- derived: the event `order.placed`" in page
    index = flowsim("events", *options).stdout
    assert "- [Orders](events/order.md): the event `order.placed`" in index
    assert all(line.isprintable() for line in (index + page).splitlines())


@pytest.mark.parametrize("words", [["order"], ["--json"]])
def test_the_page_is_about_all_events(flowsim: Flowsim, words: list[str]) -> None:
    result = flowsim("events", "--markdown", *words)
    assert result.exit_code == 2
    assert "--markdown excludes CODE, TEXT and --json." in result.stderr
