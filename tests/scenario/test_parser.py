"""Parsing a scenario: what is refused, with which message, all mistakes at once."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from flowsim.core.identifiers import EVENT_CODE_WORDS
from flowsim.core.spec_values import RegistrationSpec
from flowsim.errors import Problem, ScenarioError
from flowsim.families.flow_run.spec import Bytes, Files, FlowRunSpec, Records, Sandbox
from flowsim.families.registry import shipped
from flowsim.files.document import Document
from flowsim.files.yaml_documents import parse_text
from flowsim.scenario.model import EventSpec, Scenario
from flowsim.scenario.parser import parse
from flowsim.story.opening import vocabulary

from ..cases import for_each

DURATION = "a duration such as 90s, 5m, 1h30m, 500ms or a number of seconds, at most 10 years"
MOMENT = "a moment such as 2026-01-15T09:30:00Z, with its time zone, from 2000 to 2099"
QUOTED = 'the client id in quotes, as in "0123", or leading zeros are lost'
OWN_ERROR = "a code of `flowsim scenarios --errors`, or {code, message} of your own"
KINDS = ", ".join(shipped())
FLOW_RUN_KEYS = ", ".join(FlowRunSpec.model_fields)
EXPECTATION = "delivered, rejected, not-delivered, not-retried or a status code from 100 to 999"

KINDS = ", ".join(sorted(shipped().known))


def read(text: str) -> Scenario:
    return parse(parse_text(text, "s.yaml"), vocabulary())


def mistakes(text: str) -> list[str]:
    """Return the problems of a scenario, without the name of the file."""
    try:
        read(text)
    except ScenarioError as error:
        return [str(problem).removeprefix("s.yaml:") for problem in error.problems]
    return []


def with_event(event: str) -> str:
    return f"events:\n  - {event}\n"


# What is read


def test_every_key_of_the_format_is_read() -> None:
    scenario = read(
        """
        description: All of it.
        seed: 7
        at: 2026-01-15T10:30:00+01:00
        flow: {source: amazon-s3, partial_ingestion_percent: 5, threshold: strict}
        registration:
          client_id: "0123456789abcdef0123456789abcdef"
          delivery_type: webhook
          event_delivery_format: adobe_io
          names: both
          provider: platform_notifications
        events:
          - flow_run:
              {id: f, name: F, org: 1@AdobeOrg, sandbox: dev, source: sftp, threshold: inclusive,
               source_connection: s, target_connection: t, partial_ingestion_percent: 0.1,
               records: {input: 1000, failed: 2, output: 998}, duration: 2m,
               bytes: {input: 1, copied: 1, output: 1}, files: {input: 1, output: 1},
               errors: [MAPPER-3700-400, {code: MINE-1, message: own}], shape: as-documented,
               failure_code: sources_flow_run_failure}
            event_id: e
            override: {sandboxName: dev, etag: null}
            expect: 429
            run: a
          - flow_run: {status: failed, stage: copy, errors: [2200], sandbox: {name: x, id: y}}
            after: 1m30s
            repeat: 3
            expect: rejected
          - payload: {any: [json, "é"]}
            event_code: my_code
            expect: delivered
        """
    )
    first, second, third = scenario.events
    assert scenario.seed == 7
    assert scenario.at is not None
    assert scenario.at.isoformat() == "2026-01-15T09:30:00+00:00"
    assert first.flow_run is not None
    assert first.flow_run.partial_ingestion_percent == Decimal("0.1")
    assert first.flow_run.sandbox == Sandbox(name="dev")
    assert [error.code for error in first.flow_run.errors] == ["MAPPER-3700-400", "MINE-1"]
    assert (first.expect, first.override) == (429, {"sandboxName": "dev", "etag": None})
    assert second.flow_run is not None
    assert second.flow_run.errors[0].code == "2200"
    assert (second.after, second.repeat, second.expect) == (90.0, 3, "rejected")
    assert (third.payload, third.event_code) == ({"any": ["json", "é"]}, "my_code")


def test_keys_that_are_left_out_have_the_documented_defaults() -> None:
    scenario = read(with_event("flow_run: {}"))
    assert scenario.registration == RegistrationSpec(
        client_id="0123456789abcdef0123456789abcdef",
        delivery_type="webhook",
        event_delivery_format=None,
        names="both",
        provider=None,
    )
    assert (scenario.seed, scenario.at, scenario.description) == (None, None, "")
    event = scenario.events[0]
    assert (event.expect, event.after, event.repeat, event.override) == ("delivered", 0.0, 1, {})


@for_each("payload", ["null", "0", "''", "[]", "{}", "false", "text"])
def test_any_json_can_be_a_payload_even_null(payload: str) -> None:
    assert not mistakes(with_event(f"payload: {payload}"))


# What is refused: one mistake each


@for_each(
    ("text", "message"),
    [
        ("null", "1:1: nothing; expected a mapping"),
        ("[]", "1:1: an empty list; expected a mapping"),
        ("- seed: 1", "1:1: a list; expected a mapping"),
        ("text", "1:1: 'text'; expected a mapping"),
        ("5", "1:1: 5; expected a mapping"),
        ("{}", "1:1: events: nothing; expected the key events"),
        ("# story\nseed: 1\n", "2:1: events: nothing; expected the key events"),
        ("events: []", "1:9: events: an empty list; expected at least one event"),
        ("events: null", "1:9: events: nothing; expected a list"),
        ("events: {}", "1:9: events: an empty mapping; expected a list"),
        ("events: {payload: 1}", "1:9: events: a mapping; expected a list"),
        ("events: soon", "1:9: events: 'soon'; expected a list"),
        ("events: [5]", "1:10: events[0]: 5; expected a mapping"),
        ("events: [[]]", "1:10: events[0]: an empty list; expected a mapping"),
        ("events: [null]", "1:10: events[0]: nothing; expected a mapping"),
    ],
)
def test_a_scenario_has_events(text: str, message: str) -> None:
    assert mistakes(text) == [message]


@for_each(
    ("top", "message"),
    [
        ("seed: -1", "1:7: seed: -1; expected a number of at least 0"),
        ("seed: 1.5", "1:7: seed: 1.5; expected a whole number"),
        ("seed: seven", "1:7: seed: 'seven'; expected a whole number"),
        ("seed: true", "1:7: seed: true; expected a whole number"),
        ("seed: .inf", "1:7: seed: .inf; expected a finite number"),
        (f"seed: {2**63}", f"1:7: seed: {2**63}; expected a number of at most {2**63 - 1}"),
        ("at: yesterday", f"1:5: at: 'yesterday'; expected {MOMENT}"),
        ("at: 2026-01-15", f"1:5: at: '2026-01-15'; expected {MOMENT}"),
        ("at: 2026-01-15T09:30:00", f"1:5: at: '2026-01-15T09:30:00'; expected {MOMENT}"),
        ("at: 1999-12-31T23:59:59Z", f"1:5: at: '1999-12-31T23:59:59Z'; expected {MOMENT}"),
        ("at: 1768469400", f"1:5: at: 1768469400; expected {MOMENT}"),
        ("description: 5", "1:14: description: 5; expected text"),
        ("description: [a]", "1:14: description: a list; expected text"),
        ("flow: amazon-s3", "1:7: flow: 'amazon-s3'; expected a mapping"),
        ("registration: {}\nflow: []", "2:7: flow: an empty list; expected a mapping"),
    ],
)
def test_a_value_at_the_top_has_the_type_of_its_key(top: str, message: str) -> None:
    assert mistakes(f"{top}\n" + with_event("payload: 1")) == [message]


@for_each(
    ("registration", "message"),
    [
        ("{client_id: 01234567}", f"client_id: 1234567; expected {QUOTED}"),
        ("{client_id: 12345678}", f"client_id: 12345678; expected {QUOTED}"),
        ("{client_id: 12e10}", f"client_id: 120000000000.0; expected {QUOTED}"),
        ("{client_id: 0x1f}", f"client_id: 31; expected {QUOTED}"),
        (
            "{client_id: 'ab'}",
            "client_id: 'ab'; expected 3 to 128 letters, digits, dots, dashes or underscores",
        ),
        (
            "{client_id: 'a b c'}",
            "client_id: 'a b c'; expected 3 to 128 letters, digits, dots, dashes or underscores",
        ),
        ("{client_id: null}", "client_id: nothing; expected text"),
        (
            "{names:     new}",
            "names: 'new'; expected both, new-only, old-only or as-documented",
        ),
    ],
)
def test_a_registration_has_a_client_id_that_is_text(registration: str, message: str) -> None:
    text = f"registration: {registration}\n" + with_event("payload: 1")
    assert mistakes(text) == [f"1:27: registration.{message}"]


@pytest.mark.parametrize(
    ("registration", "message"),
    [
        ("delivery_type: journal", "'journal'; expected webhook or webhook_batch"),
        ("event_delivery_format: cloudevents", "'cloudevents'; expected adobe_io or cloud_events"),
        (
            "provider: a b",
            "'a b'; expected letters, digits and any of _ : . @ { } -, at most 255",
        ),
    ],
)
def test_a_registration_has_the_words_of_the_protocol(registration: str, message: str) -> None:
    key = registration.partition(":")[0]
    text = f"registration:\n  {registration}\n" + with_event("payload: 1")
    assert mistakes(text) == [f"2:{len(key) + 5}: registration.{key}: {message}"]


@for_each(
    ("event", "message"),
    [
        ("{}", f"2:5: events[0]: no kind of event; expected exactly one of {KINDS}"),
        (
            "after: 5s",
            f"2:5: events[0]: no kind of event; expected exactly one of {KINDS}",
        ),
        (
            "{flow_run: {}, payload: 1}",
            "2:5: events[0]: both flow_run and payload; expected exactly one of them",
        ),
        (
            "{flow_run: {}, payload: null}",
            "2:5: events[0]: both flow_run and payload; expected exactly one of them",
        ),
        (
            "{flow_run: null}",
            "2:16: events[0].flow_run: nothing; expected a mapping; {} takes all default values",
        ),
        ("flow_run: 5", "2:15: events[0].flow_run: 5; expected a mapping"),
        ("flow_run: []", "2:15: events[0].flow_run: an empty list; expected a mapping"),
    ],
)
def test_an_event_has_exactly_one_of_flow_run_and_payload(event: str, message: str) -> None:
    assert mistakes(with_event(event)) == [message]


@for_each(
    ("key_and_value", "message"),
    [
        ("repeat: 0", "0; expected a number of at least 1"),
        ("repeat: -3", "-3; expected a number of at least 1"),
        ("repeat: 1.5", "1.5; expected a whole number"),
        ("repeat: 2.0", "2.0; expected a whole number"),
        ("repeat: true", "true; expected a whole number"),
        ("repeat: '3'", "'3'; expected a whole number"),
        ("repeat: .nan", ".nan; expected a finite number"),
        ("repeat: 1000000001", "1000000001; expected a number of at most 1000000000"),
        ("repeat: null", "nothing; expected a whole number"),
        ("after: -1", f"-1; expected {DURATION}"),
        ("after: -1s", f"'-1s'; expected {DURATION}"),
        ("after: 5 min", f"'5 min'; expected {DURATION}"),
        ("after: 20y", f"'20y'; expected {DURATION}"),
        ("after: 4000d", f"'4000d'; expected {DURATION}"),
        ("after: true", f"true; expected {DURATION}"),
        ("after: [1]", f"a list; expected {DURATION}"),
        ("after: null", f"nothing; expected {DURATION}"),
        ("expect: 99", f"99; expected {EXPECTATION}"),
        ("expect: 1000", f"1000; expected {EXPECTATION}"),
        ("expect: '200'", f"'200'; expected {EXPECTATION}"),
        ("expect: true", f"true; expected {EXPECTATION}"),
        ("expect: retry", f"'retry'; expected {EXPECTATION}"),
        ("expect: [200]", f"a list; expected {EXPECTATION}"),
        ("override: [1]", "a list; expected a mapping"),
        ("override: null", "nothing; expected a mapping"),
        ("run: 5", "5; expected text"),
        ("run: ''", "''; expected some text"),
        ("event_code: a b", f"'a b'; expected {EVENT_CODE_WORDS}"),
        ("event_code: ''", f"''; expected {EVENT_CODE_WORDS}"),
        ("event_id: é", "'é'; expected letters, digits and any of _ : . @ { } -, at most 255"),
        (
            'event_id: "a\\nb"',
            "'a\\nb'; expected letters, digits and any of _ : . @ { } -, at most 255",
        ),
    ],
)
def test_a_value_of_an_event_has_the_type_of_its_key(key_and_value: str, message: str) -> None:
    key = key_and_value.partition(":")[0]
    text = with_event(f"flow_run: {{}}\n    {key_and_value}")
    assert mistakes(text) == [f"3:{len(key) + 7}: events[0].{key}: {message}"]


@for_each("place", ["flow", "events[0].flow_run"])
@for_each(
    ("key_and_value", "message"),
    [
        ("partial_ingestion_percent: 0", "0; expected a number above 0, as in 5"),
        ("partial_ingestion_percent: 0.0", "0.0; expected a number above 0, as in 5"),
        ("partial_ingestion_percent: -5", "-5; expected a number above 0, as in 5"),
        ("partial_ingestion_percent: '5'", "'5'; expected a number above 0, as in 5"),
        ("partial_ingestion_percent: 1e16", "1e+16; expected a number above 0, as in 5"),
        ("partial_ingestion_percent: true", "true; expected a number above 0, as in 5"),
        ("partial_ingestion_percent: .inf", ".inf; expected a finite number"),
        ("partial_ingestion_percent: .nan", ".nan; expected a finite number"),
        ("threshold: lax", "'lax'; expected strict or inclusive"),
        ("status: failled", "'failled'; expected success, partialSuccess or failed"),
        ("status: inProgress", "'inProgress'; expected success, partialSuccess or failed"),
        ("stage: ingest", "'ingest'; expected copy or promotion"),
        ("records: 5", "5; expected a mapping"),
        ("errors: MAPPER-3700-400", "'MAPPER-3700-400'; expected a list"),
        ("errors: {a: b}", "a mapping; expected a list"),
        ("duration: -1s", f"'-1s'; expected {DURATION}"),
        ("name: 5", "5; expected text"),
        ("name: ''", "''; expected some text"),
        (
            f"name: {'n' * 1001}",
            f"'{'n' * 56}…; expected text of at most 1000 characters",
        ),
        ("id: a b", "'a b'; expected letters, digits and any of _ : . @ { } -, at most 255"),
        ("source: 5", "5; expected text"),
        (
            "source: amazon-s4",
            "unknown source 'amazon-s4'; "
            "expected amazon-s3, or a source of `flowsim scenarios --sources`",
        ),
        (
            "source: qqqq",
            "unknown source 'qqqq'; expected a source of `flowsim scenarios --sources`",
        ),
        ("shape: documented", "'documented'; expected consistent or as-documented"),
        (
            "failure_code: failed",
            "'failed'; expected sources_flow_run_failed or sources_flow_run_failure",
        ),
    ],
)
def test_a_value_of_a_flow_run_has_the_type_of_its_key(
    place: str, key_and_value: str, message: str
) -> None:
    """Each value is tried in the defaults of the flow, and in the flow run of an event."""
    key = key_and_value.partition(":")[0]
    if place == "flow":
        line, column, text = 2, 3, f"flow:\n  {key_and_value}\n" + with_event("payload: 1")
    else:
        line, column, text = 3, 7, with_event(f"flow_run:\n      {key_and_value}")
    assert mistakes(text) == [f"{line}:{column + len(key) + 2}: {place}.{key}: {message}"]


@for_each(
    ("number", "message"),
    [
        ("-1", "-1; expected a number of at least 0"),
        ("1.5", "1.5; expected a whole number"),
        ("1e3", "1000.0; expected a whole number"),
        ("'1'", "'1'; expected a whole number"),
        ("true", "true; expected a whole number"),
        (".inf", ".inf; expected a finite number"),
        ("-.inf", "-.inf; expected a finite number"),
        (".nan", ".nan; expected a finite number"),
        ("1e999", "1e999; expected a number of at most 1.8e+308"),
        ("1000000000000001", "1000000000000001; expected a number of at most 1000000000000000"),
    ],
)
@for_each("kind", ["records", "bytes", "files"])
def test_a_count_is_a_whole_number_from_0(kind: str, number: str, message: str) -> None:
    text = with_event(f"flow_run:\n      {kind}:\n        input: {number}")
    assert mistakes(text) == [f"4:16: events[0].flow_run.{kind}.input: {message}"]


@for_each(
    ("records", "message"),
    [
        ("{input: 10, failed: 11}", "2:45: events[0].flow_run.records.failed: 11; "
         "expected at most input (10)"),
        ("{input: 0, failed: 1}", "2:44: events[0].flow_run.records.failed: 1; "
         "expected at most input (0)"),
        ("{input: 10, failed: 5, output: 6}", "2:56: events[0].flow_run.records.output: 6; "
         "expected at most input minus failed (5)"),
        ("{input: 10, output: 11}", "2:45: events[0].flow_run.records.output: 11; "
         "expected at most input minus failed (10)"),
        ("{failed: 3}", "2:25: events[0].flow_run.records: failed without input; "
         "expected input: the records read"),
        ("{output: 3}", "2:25: events[0].flow_run.records: output without input; "
         "expected input: the records read"),
    ],
)  # fmt: skip
def test_record_counts_add_up(records: str, message: str) -> None:
    assert mistakes(with_event(f"flow_run: {{records: {records}}}")) == [message]


def test_counts_are_compared_together_with_the_defaults_of_the_flow() -> None:
    flow = "flow: {records: {input: 10}}\n"
    assert not mistakes(flow + with_event("flow_run: {records: {failed: 10}}"))
    assert mistakes(flow + with_event("flow_run: {records: {failed: 11}}")) == [
        "3:34: events[0].flow_run.records.failed: 11; expected at most input (10)"
    ]
    assert mistakes(
        "flow: {records: {failed: 11}}\n" + with_event("flow_run: {records: {input: 3}}")
    )


@for_each(
    ("event", "message"),
    [
        (
            "flow_run: {errors: [MAPPER-3700-401]}",
            "2:25: events[0].flow_run.errors[0]: unknown error code 'MAPPER-3700-401'; "
            f"expected MAPPER-3700-400, or {OWN_ERROR}",
        ),
        (
            "flow_run: {errors: [2200, 7777]}",
            f"2:31: events[0].flow_run.errors[1]: unknown error code '7777'; expected {OWN_ERROR}",
        ),
        (
            "flow_run: {errors: [{message: own}]}",
            "2:25: events[0].flow_run.errors[0].code: nothing; expected the key code",
        ),
        (
            "flow_run: {errors: [{code: MINE, message: 5}]}",
            "2:47: events[0].flow_run.errors[0].message: 5; expected text",
        ),
        (
            "flow_run: {errors: [MAPPER-3700-400]}",
            "2:24: events[0].flow_run.errors: errors on a run without failed records; "
            "expected records.failed above 0, or a status",
        ),
        (
            "flow_run: {status: failed, errors: [CONNECTOR-1001-500, MAPPER-3700-400]}",
            "2:40: events[0].flow_run.errors: MAPPER-3700-400; expected errors of copy only",
        ),
        (
            "flow_run: {records: {input: 9,failed: 1}, errors: [MAPPER-3700-400, INGEST-1555-400]}",
            "2:55: events[0].flow_run.errors: 2 errors that count records, and 1 failed record; "
            "expected at most 1 of them, or records.failed of at least 2",
        ),
        (
            "flow_run: {stage: copy}",
            "2:23: events[0].flow_run.stage: stage copy on a run that succeeds; "
            "expected status: failed beside it",
        ),
        (
            "flow_run: {stage: copy, status: failed, records: {input: 5, failed: 1}}",
            "2:23: events[0].flow_run.stage: stage copy with failed records; "
            "expected promotion, where records fail",
        ),
    ],
)
def test_stage_and_errors_fit_the_outcome(event: str, message: str) -> None:
    assert mistakes(with_event(event)) == [message]


@for_each(
    ("event", "message"),
    [
        (
            "{payload: 1, run: a}",
            "2:18: events[0].run: run beside payload; expected it beside another kind of event",
        ),
        (
            "{payload: 1, override: {}}",
            "2:18: events[0].override: override beside payload; "
            "expected it beside another kind of event",
        ),
        (
            "{flow_run: {}, event_id: a, repeat: 2}",
            "2:30: events[0].event_id: one id for 2 events; expected repeat: 1 beside event_id",
        ),
        (
            "{flow_run: {}, after: 3000d, repeat: 100}",
            "2:5: events[0]: a story of more than 100 years; expected a shorter after or repeat",
        ),
    ],
)
def test_keys_fit_each_other(event: str, message: str) -> None:
    assert mistakes(with_event(event)) == [message]


@pytest.mark.parametrize(
    "errors", ["MAPPER-3700-400, INGEST-1211-400", "INGEST-1212-400, MAPPER-3700-400"]
)
def test_errors_that_count_no_records_need_none(errors: str) -> None:
    records = "{input: 9, failed: 1}"
    assert mistakes(with_event(f"flow_run: {{records: {records}, errors: [{errors}]}}")) == []


def of_one_run(first: str, second: str, flow: str = "{}") -> str:
    events = "".join(f"  - {{run: a, flow_run: {each}}}\n" for each in (first, second))
    return f"flow: {flow}\nevents:\n{events}"


@for_each(
    ("first", "second", "message"),
    [
        ("{source: mysql}", "{source: oracle}", "33: events[1].flow_run.source: oracle; {mysql}"),
        ("{name: Orders}", "{}", "24: events[1].flow_run.name: none; {Orders}"),
        ("{}", "{id: f}", "29: events[1].flow_run.id: f; {none}"),
        ("{sandbox: dev}", "{}", "24: events[1].flow_run.sandbox: prod; {dev}"),
        (
            "{sandbox: {name: dev, id: x}}",
            "{sandbox: {name: dev, id: y}}",
            "50: events[1].flow_run.sandbox.id: y; {x}",
        ),
    ],
)
def test_a_run_belongs_to_one_dataflow(first: str, second: str, message: str) -> None:
    place, _, rest = message.partition("{")
    wanted = f"{rest[:-1]} as in events[0], which is about the same run, or another run"
    assert mistakes(of_one_run(first, second)) == [f"4:{place}expected {wanted}"]


def test_one_dataflow_may_be_stated_differently_for_a_run() -> None:
    """Defaults count as stated, and values of the run itself may differ."""
    first = "{source: mysql, sandbox: prod, records: {input: 10}}"
    second = "{status: failed, stage: copy, duration: 1m, org: o, shape: as-documented}"
    assert mistakes(of_one_run(first, second, "{source: mysql, org: o}")) == []
    assert mistakes(of_one_run("{source: amazon-s3}", "{}")) == []
    assert mistakes("events: [{flow_run: {name: a}}, {flow_run: {name: b}}]") == []


@for_each(
    ("first", "second", "message"),
    [
        ("{duration: 1m}", "{duration: 2h}", "2h; expected at most 1h1m"),
        ("{}", "{duration: 2h}", "2h; expected at most 1h1m30s"),
        ("{duration: 1m}", "{duration: 61m}", None),
        ("{duration: 3h}", "{duration: 2h}", None),
        ("{}", "{}", None),
    ],
)
def test_a_duration_is_at_most_the_time_since_the_run_began(
    first: str, second: str, message: str | None
) -> None:
    """The first end decides when the run began; the other end is an hour later."""
    text = f"events:\n  - {{run: a, flow_run: {first}}}\n  - {{run: a, after: 1h, flow_run: "
    more = ", since the run began, or more in events[0]"
    place = "3:46: events[1].flow_run.duration"
    expected = [] if message is None else [f"{place}: {message}{more}"]
    assert mistakes(f"{text}{second}}}\n") == expected


def test_durations_of_different_runs_do_not_limit_each_other() -> None:
    events = "{flow_run: {duration: 1m}}, {flow_run: {duration: 9h}}"
    assert mistakes(f"events: [{events}, {{run: a, flow_run: {{duration: 8h}}, repeat: 3}}]") == []


# Typos


@for_each(
    ("text", "message"),
    [
        (
            "registraton: {}\nevents: [payload: 1]",
            "1:1: registraton: unknown key 'registraton'; expected registration",
        ),
        (
            "registration: {clientid: a}\nevents: [payload: 1]",
            "1:16: registration.clientid: unknown key 'clientid'; expected client_id",
        ),
        (
            "flow: {partial_ingestion_percentage: 5}\nevents: [payload: 1]",
            "1:8: flow.partial_ingestion_percentage: unknown key "
            "'partial_ingestion_percentage'; expected partial_ingestion_percent",
        ),
        (
            with_event("{flow_run: {}, overide: {}}"),
            "2:20: events[0].overide: unknown key 'overide'; expected override",
        ),
        (
            with_event("flow_run: {recods: {}}"),
            "2:16: events[0].flow_run.recods: unknown key 'recods'; expected records",
        ),
        (
            with_event("flow_run: {records: {inputs: 1}}"),
            "2:26: events[0].flow_run.records.inputs: unknown key 'inputs'; expected input",
        ),
        (
            with_event("flow_run: {bytes: {copy: 1}}"),
            "2:24: events[0].flow_run.bytes.copy: unknown key 'copy'; expected copied",
        ),
        (
            with_event("flow_run: {sandbox: {nam: x}}"),
            "2:26: events[0].flow_run.sandbox.nam: unknown key 'nam'; expected name",
        ),
        (
            with_event("flow_run: {status: failed, errors: [{cod: x, code: y, message: z}]}"),
            "2:42: events[0].flow_run.errors[0].cod: unknown key 'cod'; expected code",
        ),
        (
            with_event("{payload: 1, zzzz: 1}"),
            "2:18: events[0].zzzz: unknown key 'zzzz'; expected one of "
            + ", ".join(EventSpec.model_fields),
        ),
        (
            with_event("{parcel: {}}"),
            "2:6: events[0].parcel: unknown key 'parcel'; "
            "expected a key of a family, or one of your own families (--families DIR)",
        ),
        (
            with_event("{flow_rnu: {}}"),
            "2:6: events[0].flow_rnu: unknown key 'flow_rnu'; "
            "expected flow_run, or one of your own families (--families DIR)",
        ),
        (
            "zzzz: 1\nevents: [payload: 1]",
            "1:1: zzzz: unknown key 'zzzz'; expected one of "
            "description, seed, at, registration, faults, events, flow",
        ),
        (
            "flow: {zzzz: 1}\nevents: [payload: 1]",
            f"1:8: flow.zzzz: unknown key 'zzzz'; expected one of {FLOW_RUN_KEYS}",
        ),
    ],
)
def test_a_typo_gets_the_nearest_right_name(text: str, message: str) -> None:
    assert mistakes(text) == [message]


def test_a_typo_in_a_custom_error_is_reported() -> None:
    messages = mistakes(with_event("flow_run: {status: failed, errors: [{code: x, mesage: y}]}"))
    typo = "2:51: events[0].flow_run.errors[0].mesage: unknown key 'mesage'; expected message"
    assert typo in messages


@for_each("name", [*FlowRunSpec.model_fields, *RegistrationSpec.model_fields])
def test_every_name_with_a_letter_lost_is_found_again(name: str) -> None:
    typo = name[:-1] if name not in ("id", "org") else f"{name}s"
    key = "flow" if name in FlowRunSpec.model_fields else "registration"
    assert mistakes(f"{key}: {{{typo}: 1}}\nevents: [payload: 1]") == [
        f"1:{len(key) + 4}: {key}.{typo}: unknown key {typo!r}; expected {name}"
    ]


@for_each(
    ("text", "expected"),
    [
        ("seed: {}\nevents: [payload: 1]", "a number of at most 9223372036854775807"),
        ("seed: -{}\nevents: [payload: 1]", "a number of at least 0"),
        ("events: [{{payload: 1, repeat: {}}}]", "a number of at most 1000000000"),
        ("events: [{{payload: {}}}]", "a number of at most 1,000 digits"),
    ],
)
def test_a_number_with_too_many_digits_is_refused_with_the_allowed_values(
    text: str, expected: str
) -> None:
    (message,) = mistakes(text.format("9" * 1500))
    assert message.endswith(f": a number of 1,500 digits; expected {expected}")


# Keys that are ignored, and what they hold


def test_keys_that_begin_with_x_are_ignored_only_at_the_top() -> None:
    assert read("x-a: {b: [1]}\nx-: 1\nevents: [payload: 1]") == read("events: [payload: 1]")
    assert mistakes("xa: 1\nevents: [payload: 1]")[0].startswith("1:1: xa: unknown key 'xa'")
    assert mistakes(with_event("{payload: 1, x-a: 1}"))[0].startswith("2:18: events[0].x-a: unk")


def test_a_mistake_behind_a_merge_key_has_the_place_where_it_is() -> None:
    text = """\
x-run: &run {source: amazon-s4, records: {input: 1, failed: 2}}
events:
  - flow_run: {<<: *run, source: sftp}
  - {<<: [{flow_run: *run}], after: 1s, repeat: 0}
"""
    assert mistakes(text) == [
        "1:61: events[0].flow_run.records.failed: 2; expected at most input (1)",
        "4:22: events[1].flow_run.records.failed: 2; expected at most input (1)",
        "4:22: events[1].flow_run.source: unknown source 'amazon-s4'; expected amazon-s3, or a "
        "source of `flowsim scenarios --sources`",
        "4:49: events[1].repeat: 0; expected a number of at least 1",
    ]


# All at once


def test_all_mistakes_are_reported_at_once_in_file_order() -> None:
    text = """\
sed: 7
at: 2026-01-15T09:30:00Z
flow:
  partial_ingestion_percent: 0
  source: amazon-s33
registration: {client_id: 0123, names: old}
events:
  - flow_run: {records: {input: 10, failed: 11}, recods: {}}
    repeat: 0
  - flow_run: {}
    payload: .inf
  - {after: 1x}
  - {payload: 1, run: a}
  - payload: {a: 1, a: 2}
"""
    assert mistakes(text) == [
        "1:1: sed: unknown key 'sed'; expected seed",
        "4:30: flow.partial_ingestion_percent: 0; expected a number above 0, as in 5",
        "5:11: flow.source: unknown source 'amazon-s33'; "
        "expected amazon-s3, or a source of `flowsim scenarios --sources`",
        f"6:27: registration.client_id: 123; expected {QUOTED}",
        "6:40: registration.names: 'old'; expected both, new-only, old-only or as-documented",
        "8:45: events[0].flow_run.records.failed: 11; expected at most input (10)",
        "8:50: events[0].flow_run.recods: unknown key 'recods'; expected records",
        "9:13: events[0].repeat: 0; expected a number of at least 1",
        "10:5: events[1]: both flow_run and payload; expected exactly one of them",
        "11:14: events[1].payload: .inf; expected a finite number",
        f"12:5: events[2]: no kind of event; expected exactly one of {KINDS}",
        f"12:13: events[2].after: '1x'; expected {DURATION}",
        "13:18: events[3].run: run beside payload; expected it beside another kind of event",
        "14:21: events[4].payload.a: the key 'a' again; expected it once, as in line 14",
    ]


@for_each(
    "event",
    [
        "{payload: 1, run: a}",
        "{payload: 1, override: {}}",
        "{flow_run: {}, event_id: a, repeat: 2}",
        "{flow_run: {stage: copy}}",
        "{flow_run: {errors: [MAPPER-3700-400]}}",
        "{flow_run: {status: failed, errors: [CONNECTOR-1001-500, MAPPER-3700-400]}}",
    ],
)
def test_a_mistake_does_not_hide_mistakes_at_other_places(event: str) -> None:
    (alone,) = mistakes(with_event(event))
    assert alone in mistakes(with_event(event) + "  - {payload: 1, repeat: 0}\n")


@for_each(
    ("text", "message"),
    [
        (
            with_event("flow_run: {records: {input: '1000', failed: 30}}"),
            "2:33: events[0].flow_run.records.input: '1000'; expected a whole number",
        ),
        (
            with_event("flow_run: {records: {input: 10, failed: -1, output: 10}}"),
            "2:45: events[0].flow_run.records.failed: -1; expected a number of at least 0",
        ),
        (
            "flow: {records: {input: -1}}\n" + with_event("flow_run: {records: {failed: 3}}"),
            "1:25: flow.records.input: -1; expected a number of at least 0",
        ),
        (
            "flow: {records: 5}\n" + with_event("flow_run: {records: {failed: 3}}"),
            "1:17: flow.records: 5; expected a mapping",
        ),
        (
            with_event("{flow_run: [], after: 5s}"),
            "2:16: events[0].flow_run: an empty list; expected a mapping",
        ),
    ],
)
def test_a_mistake_does_not_cause_reports_of_others(text: str, message: str) -> None:
    """Rules that need a wrong value are not applied until it is corrected."""
    assert mistakes(text) == [message]


def test_a_mistake_in_an_aliased_value_is_reported_at_both_places() -> None:
    text = "events:\n  - flow_run: &r {status: x}\n  - flow_run: *r\n"
    assert mistakes(text) == [
        "2:27: events[0].flow_run.status: 'x'; expected success, partialSuccess or failed",
        "3:15: events[1].flow_run.status: 'x'; expected success, partialSuccess or failed",
    ]


@for_each("number", ["0x" + "f" * 5000, "9" * 4300])
@for_each(
    "text",
    [
        "seed: NUMBER\nevents: [payload: 1]",
        "events: [{payload: 1, after: NUMBER}]",
        "events: [{payload: 1, expect: NUMBER}]",
        "events: [flow_run: {errors: [NUMBER]}]",
        "events: [flow_run: {name: NUMBER}]",
        "events: [flow_run: {records: {input: NUMBER}}]",
        "events: [flow_run: {partial_ingestion_percent: NUMBER}]",
        "registration: {client_id: NUMBER}\nevents: [payload: 1]",
    ],
)
def test_a_number_of_thousands_of_digits_has_a_short_message_everywhere(
    text: str, number: str
) -> None:
    (message,) = mistakes(text.replace("NUMBER", number))
    assert len(message) < 300


# Any value at all

TEXT = st.text(st.characters(max_codepoint=0x2FFF, exclude_characters="\x7f"), max_size=8)
FINITE = st.floats(allow_nan=False, allow_infinity=False)
SCALARS = st.none() | st.booleans() | st.integers() | FINITE | TEXT
JSON = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=10,
)
WILD = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(TEXT, inner, max_size=2),
    max_leaves=3,
)


def made_of(model: Any, wild: bool, **parts: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Dictionaries with some keys of a model, each with a plausible or a wild value.

    Without wild values, ``events`` and ``flow_run`` are always there.
    """
    if wild:
        keys = [*model.model_fields, "unknown"]
        parts = {name: parts[name] | WILD if name in parts else WILD for name in keys}
        return st.fixed_dictionaries({}, optional=parts)
    needed = {name: parts.pop(name) for name in ("events", "flow_run") if name in parts}
    return st.fixed_dictionaries(needed, optional=parts)


def scenarios(*, wild: bool) -> st.SearchStrategy[Any]:
    """Scenarios of plausible values, which may still contradict each other; or of wild ones."""
    count = st.integers(-1 if wild else 0, 12)
    text = st.sampled_from(["a", "B-2", "dev"])
    code = st.sampled_from(["MAPPER-3700-400", "CONNECTOR-1001-500", 2200, "133"])
    own_code = st.fixed_dictionaries({"code": text, "message": TEXT})
    own_duration = st.sampled_from(["5s", "1h", 3, 0.5, "30d"])
    flow_run = made_of(
        FlowRunSpec,
        wild,
        source=st.sampled_from(["amazon-s3", "mysql", "azure-event-hubs"]),
        id=text,
        name=text,
        org=text,
        sandbox=text | made_of(Sandbox, wild, name=text, id=text),
        source_connection=text,
        target_connection=text,
        partial_ingestion_percent=st.sampled_from([5, 0.1, 100]),
        threshold=st.sampled_from(["strict", "inclusive"]),
        status=st.sampled_from(["success", "partialSuccess", "failed"]),
        stage=st.sampled_from(["copy", "promotion"]),
        records=st.fixed_dictionaries({"input": count.map(lambda n: n + 12), "failed": count})
        | made_of(Records, wild, input=count, failed=count, output=count),
        bytes=made_of(Bytes, wild, input=count, copied=count, output=count),
        files=made_of(Files, wild, input=count, output=count),
        errors=st.lists(code | own_code, max_size=3),
        duration=own_duration,
        shape=st.sampled_from(["consistent", "as-documented"]),
        failure_code=st.just("sources_flow_run_failure"),
    )
    event = made_of(
        EventSpec,
        wild,
        flow_run=flow_run,
        event_code=text,
        run=text,
        override=st.dictionaries(TEXT, WILD, max_size=2),
        expect=st.sampled_from(["delivered", "rejected", 200]),
        after=own_duration,
        repeat=st.sampled_from([1, 2, 1000]),
        **({"payload": WILD, "event_id": text} if wild else {}),
    )
    payload = st.fixed_dictionaries({"payload": JSON})
    events = st.lists(event | WILD, max_size=3) if wild else st.lists(event | payload, min_size=1)
    registration = made_of(
        RegistrationSpec,
        wild,
        client_id=st.just("abc"),
        delivery_type=st.sampled_from(["webhook", "webhook_batch"]),
        event_delivery_format=st.sampled_from(["adobe_io", "cloud_events"]),
        names=st.sampled_from(["both", "new-only", "old-only", "as-documented"]),
    )
    return made_of(
        Scenario,
        wild,
        seed=count,
        at=st.sampled_from(["2026-01-15T09:30:00Z", "2099-12-31T23:59:59+00:00"]),
        flow=flow_run,
        registration=registration,
        events=events,
    )


def refused(document: Document) -> list[Problem]:
    """Return the problems of a document; none only if there is a scenario."""
    try:
        assert isinstance(parse(document, vocabulary()), Scenario)
    except ScenarioError as error:
        return list(error.problems) or ["a refusal without a problem"]  # type: ignore[list-item]
    return []


def is_in_our_words(problem: Problem) -> bool:
    """Tell whether a message is one line without pydantic's phrases."""
    text = str(problem)
    return len(text.splitlines()) == 1 and "Input should" not in text and "Value err" not in text


@settings(deadline=None)
@given(JSON | st.dictionaries(st.sampled_from([*Scenario.model_fields]), JSON))
def test_any_json_is_a_scenario_or_refused_with_a_message(value: object) -> None:
    assert all(map(is_in_our_words, refused(Document("s.json", value))))


@settings(max_examples=100, deadline=None)
@given(scenarios(wild=True))
@example({"events": [{"payload": 1, "a\nb": 1}]})
@example({"events": [{"flow_run": {"errors": [1.5, [], None, {}]}}]})
@example({"events": [{"payload": 1, "run": "\udcff"}]})
def test_any_value_at_a_known_key_is_accepted_or_refused(value: object) -> None:
    assert all(map(is_in_our_words, refused(Document("s.json", value))))


@settings(max_examples=60, deadline=None)
@given(scenarios(wild=True))
def test_a_file_and_its_values_have_the_same_mistakes_in_order(
    value: object,
) -> None:
    text = json.dumps(value, indent=1)
    problems = refused(parse_text(text, "s.json"))
    places = [(problem.line, problem.column) for problem in problems]
    assert places == sorted(places)
    assert all(1 <= line <= text.count("\n") + 1 for line, _ in places)
    assert {each.path for each in problems} == {
        each.path for each in refused(Document("s.json", value))
    }
