"""A user's own checks: what a file may hold, and every mistake with its place."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from flowsim.checks import catalogue, own_checks
from flowsim.checks.check import Check
from flowsim.checks.check_spec import CheckSpec
from flowsim.checks.judges import JUDGES
from flowsim.core.duration import parse
from flowsim.errors import FlowsimError, ScenarioError, SettingError

from ..consumers.correct import CorrectConsumer
from .consumers import USUAL, Candidate, candidate, named, result
from .own import FAILED_IMPORT, of, shipped_check

Write = Callable[..., str]

ARGUMENTS = {"most": "20", "expected": "a 2xx", "endings": "[token]"}
"""Argument of a judge → a value that it may have."""


def read(text: str, scenario: Write) -> list[Check]:
    return own_checks.read([scenario(text, "own.yaml")])


def mistakes(text: str, scenario: Write) -> list[str]:
    """Return the mistakes of a file, without its name."""
    with pytest.raises(ScenarioError) as caught:
        read(text, scenario)
    return [str(each).partition("own.yaml:")[2] for each in caught.value.problems]


def test_an_own_check_has_what_its_file_says(scenario: Write) -> None:
    text = of(
        "source: [our wiki, §1]\nevents: [{event_id: '{same}'}, {event_id: '{same}', after: 1m}]\n"
        "registration: {names: new-only}\nage: 2h\nnew_keys: true\ntried_later: true\nat_once: 3\n"
        "judge: {accepted_after_first: a 2xx}",
        group="http",
    )
    (check,) = read(text, scenario)
    assert (check.name, check.group, check.level) == ("our-check", "http", "must")
    texts = "A claim of our own.", "It matters.", "Do this."
    assert (check.claim, check.why, check.advice) == texts
    assert (check.page, check.source) == ("https://wiki.example.com/hooks", ("our wiki", "§1"))
    assert (len(check.events), check.registration) == (2, {"names": "new-only"})
    assert (check.age, check.at_once) == (parse("2h"), 3)
    assert check.has_new_keys
    assert check.is_tried_later
    assert check.file.endswith("own.yaml")


def test_a_text_of_several_lines_becomes_one(scenario: Write) -> None:
    text = FAILED_IMPORT.replace("advice: Do this.", "advice: |\n    Do\n    this.")
    assert read(text, scenario)[0].advice == "Do this."


def test_keys_with_x_are_left_out_and_may_hold_anchors(scenario: Write) -> None:
    first, _, rest = FAILED_IMPORT.partition("\n")
    text = f"x-common: &common\n{rest}\n{first}\n  <<: *common\nsecond: *common\n"
    assert [check.name for check in read(text, scenario)] == ["failed-import", "second"]


MATERIAL = {
    "processed_once_late": "events: [{}]\nagain: end",
    "rounds_processed_once": "events: [{faults: [simultaneous-duplicates]}]",
    "odd_event_not_processed": "events: [{faults: [{batch: 3}, stranger-in-batch]}]",
    "other_events_processed": "events: [{faults: [{batch: 3}, unreadable-in-batch]}]\n"
    "may_be_ignored: true",
    "refused_or_not_processed": "events: [{faults: [unsigned], expect: not-delivered}]",
    "refused_without_foreign_visit": "events: [{faults: [unsigned], expect: not-delivered}]",
    "finally_refused": "events: [{faults: [unsigned], expect: rejected}]",
    "variations_accepted": "events: [{}, {faults: [iso-times]}]",
    "combinations_accepted": "sweep: 5",
    "keys_fetched_at_most": "events: [{repeat: 21}]\nnew_keys: true",
    "burst_accepted": "events: [{faults: [burst]}]",
    "not_held_up_by_slow_sender": "events: [{faults: [{slow-body: 300ms}]}, {repeat: 10}]",
    "not_held_up_by_slow_key_host": "events: [{faults: [{slow-key-host: 500ms}]}, "
    "{faults: [unsigned], expect: not-delivered}, {repeat: 5}]",
    "markup_not_in_a_page": "probes: [{challenge: {prefix: '<script>'}}]",
    "no_visit_to_foreign_host": "probes: [{validation: {foreign: true}}]",
}
"""Judge → what a check must send for it, if two plain events or its table's probes are no proof."""


def _beside(judge: str) -> str:
    """Return what a check with a judge sends."""
    kind = JUDGES[judge]
    said = judge if not kind.argument else f"{{{judge}: {ARGUMENTS[kind.argument]}}}"
    usual = f"probes: [{', '.join(kind.probes)}]" if kind.probes else "events: [{}, {after: 1s}]"
    return f"{MATERIAL.get(judge, usual)}\njudge: {said}"


@pytest.fixture(scope="module")
def correct() -> object:
    with candidate(CorrectConsumer) as running:
        yield running


@pytest.mark.many_at_once
def test_every_judge_can_be_named_and_decides(correct: Candidate, scenario: Write) -> None:
    text = "".join(of(_beside(judge), judge.replace("_", "-")) for judge in JUDGES)
    own = read(text, scenario)
    assert len(own) == len(JUDGES)
    findings = correct.check(*(check.name for check in own), own=own)
    assert named(findings, "failed") == named(findings, "not judged") == set()


def test_a_check_knows_what_its_judge_needs(scenario: Write) -> None:
    text = of("events: [{}]\njudge: processed_once", "a") + of("events: [{}]", "b")
    once, either, kept = read(text + of("events: [{}]\njudge: state_kept", "c"), scenario)
    assert (once.needs, either.needs, kept.needs) == ({"effects"}, frozenset(), {"state"})


def test_a_webhook_fails_a_check_of_its_owner(correct: Candidate, scenario: Write) -> None:
    own = read(of("events: [{expect: rejected}]"), scenario)
    findings = correct.check("our-check", own=own)
    assert named(findings, "failed") == {"our-check"}
    assert not findings.ok
    assert result(findings, "our-check").verdict.expected == (
        "a 4xx such as 401, which ends the retries"
    )


def test_own_checks_are_listed_and_selected_like_shipped_ones(scenario: Write) -> None:
    own = read(FAILED_IMPORT, scenario)
    everything = [check.name for check in catalogue.select(own=own)]
    assert {*everything} == {*USUAL, "failed-import"}
    at = everything.index("failed-import")
    assert everything[at - 1 : at + 2] == ["error-texts", "failed-import", "failed-run-state"]
    chosen = catalogue.select(["failed-import"], own=own)
    assert [check.name for check in chosen] == ["answers", "failed-import"]
    rest = catalogue.select(["payload"], ["failed-import"], own)
    assert "failed-import" not in {check.name for check in rest}
    with pytest.raises(SettingError, match="expected failed-import"):
        catalogue.select(["failed-imports"], own=own)


def test_an_own_check_follows_shipped_ones_and_others_of_its_file(scenario: Write) -> None:
    first, second = read(
        of("events: [{}]\nfollows: [failed-runs]\nharm: twice", "first")
        + of("events: [{}]\nfollows: [first, second-signature-alone]", "second"),
        scenario,
    )
    assert (first.follows, first.harm) == (("failed-runs",), "twice")
    assert second.follows == ("first", "second-signature-alone")
    assert mistakes(of("events: [{}]\nfollows: [faild-runs, our-check]"), scenario) == [
        "9:13: our-check.follows[0]: 'faild-runs'; expected failed-runs, or another check",
        "9:25: our-check.follows[1]: 'our-check'; expected another check",
    ]


def test_the_harm_of_an_own_check_follows_from_its_level(scenario: Write) -> None:
    must, should = read(
        of("events: [{}]", "a") + of("events: [{}]", "b").replace("level: must", "level: should"),
        scenario,
    )
    assert (must.harm, should.harm) == ("lost", "untidy")
    assert mistakes(of("events: [{}]\nharm: bad"), scenario) == [
        "9:9: our-check.harm: 'bad'; expected lost, forged, twice, wrong, retried or untidy"
    ]


def test_all_mistakes_are_reported_at_once_with_their_places(scenario: Write) -> None:
    text = (
        "our-check:\n  group: paylod\n  claim: 5\n  why: It matters.\n  page: our wiki\n"
        "  advice: ''\n  events:\n    - {flow_run: {records: {faled: 1}}}\n"
        "    - {faults: [batsh]}\n  judge: procesed_once\n  colour: red\n"
    )
    assert mistakes(text, scenario) == [
        "2:3: our-check.level: nothing; expected the key level",
        "2:10: our-check.group: 'paylod'; expected challenge, signature, http, identity, payload "
        "or load",
        "3:10: our-check.claim: 5; expected text",
        "5:9: our-check.page: 'our wiki'; expected an address, as in https://example.com/webhooks",
        "6:11: our-check.advice: ''; expected some text",
        "8:29: our-check.events[0].flow_run.records.faled: unknown key 'faled'; expected failed",
        "9:17: our-check.events[1].faults[0]: unknown fault 'batsh'; expected batch, or a name of "
        "`flowsim faults`",
        "10:10: our-check.judge: unknown judge 'procesed_once'; expected processed_once, "
        "processed_once_late, rounds_processed_once, or a judge of `flowsim schema --checks`",
        "11:3: our-check.colour: unknown key 'colour'; expected one of group, level, claim, why, "
        "page, advice, source, events, registration, age, probes, new_keys, tried_later, at_once, "
        "again, sweep, thorough, thorough_events, must_for, follows, harm, may_be_ignored, judge",
    ]


def test_mistakes_of_several_files_come_together(scenario: Write) -> None:
    one, two = scenario("a: 1\n", "one.yaml"), scenario("{", "two.yaml")
    three = scenario(of("events: [{}]"), "three.yaml")
    with pytest.raises(ScenarioError) as caught:
        own_checks.read([one, two, three, three])
    assert [(each.file, each.line) for each in caught.value.problems] == [
        (one, 1),
        (two, 1),
        (three, 1),
    ]
    assert f"the name our-check of a check in {three}" in str(caught.value)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("unsigned", "the name unsigned of a shipped check; expected another name"),
        ("payload", "the name payload of a group; expected another name"),
        ("Our Check", "the name 'Our Check'; expected small letters, digits and dashes"),
        ("our--check", "the name 'our--check'; expected small letters, digits and dashes"),
        ("-", "the name '-'; expected small letters, digits and dashes"),
        (f"a{'b' * 60}", "; expected small letters, digits and dashes"),
        ('"\\e[31m"', r"the name '\x1b[31m'; expected small letters, digits and dashes"),
    ],
)
def test_a_name_that_cannot_be_taken_is_refused(name: str, said: str, scenario: Write) -> None:
    (mistake,) = mistakes(of("events: [{}]", name), scenario)
    assert mistake.startswith("1:1: ")
    assert said in mistake


@pytest.mark.parametrize(
    ("rest", "said"),
    [
        ("judge: {keys_fetched_at_most: many}", "'many'; expected an argument as in {keys_fetched"),
        ("judge: keys_fetched_at_most", "keys_fetched_at_most alone; expected an argument as in"),
        ("judge: {no_parameter_ends_in: []}", "[]; expected an argument as in {no_parameter_ends"),
        ("judge: {as_expected: 1}", "expected as_expected alone, which takes no argument"),
        ("judge: [as_expected]", "a list; expected the name of a judge, or {name: argument}"),
        ("judge: 5", "5; expected the name of a judge, or {name: argument}"),
        ("judge: {a: 1, b: 2}", "expected the name of a judge, or {name: argument}"),
        ("judge: __class__", "unknown judge '__class__'; expected a judge of `flowsim schema"),
        ("judge: {accepted_after_first: a 2xx}", "1 event; expected at least 2 for the judge"),
        ("judge: all_echoed", "no probes; expected probes: [challenge] for the judge all_echoed"),
        ("probes: [challenge]", "probes; expected none for the judge as_expected, which is about"),
        ("at_once: 50", "50; expected a number of at most 20"),
        ("at_once: 0", "0; expected a number of at least 1"),
        ("at_once: '2'", "'2'; expected a whole number"),
        ("new_keys: 'yes'", "'yes'; expected true or false"),
        ("age: soon", "'soon'; expected a duration such as 90s"),
        ("age: -1", "-1; expected a duration such as 90s"),
        ("registration: [1]", "a list; expected a mapping"),
        ("registration: {names: newest}", "our-check.registration.names: 'newest'; expected both"),
        ("registration: {client: a}", "unknown key 'client'; expected client_id"),
        ("source: {a: 1}", "a mapping; expected a list"),
        ("source: ['\\e']", r"our-check.source[0]: '\\e'; expected"),
    ],
)
def test_a_mistake_is_named_with_what_was_expected(rest: str, said: str, scenario: Write) -> None:
    text = of(f"events: [{{}}]\n{rest}".replace("'\\e'", '"\\e"'))
    found = mistakes(text, scenario)
    assert any(said.replace("\\\\e", "\\x1b") in each for each in found), found
    assert all(each[0] in "2789" for each in found), found


@pytest.mark.parametrize(
    ("rest", "said"),
    [
        ("", "0 events; expected at least 1 for the judge as_expected, as in events: [{}]"),
        ("events: 5", "5; expected a list"),
        ("events: [5]", "our-check.events[0]: 5; expected a mapping"),
        ("events: [{repeat: 1001}]", "1,001 events; expected at most 1,000 in a check"),
        ("events: [{repeat: 1000000000}]", "1,000,000,000 events; expected at most 1,000"),
        ("events: [{repeat: 100, after: 1d}]", "events of 100 days; expected at most 30 days"),
        ("events: [{payload: 1, flow_run: {}}]", "both flow_run and payload; expected exactly one"),
        ("events: [{event_id: '{other} '}]", "expected letters, digits and any of"),
        ("probes: 5\njudge: all_echoed", "5; expected a list"),
        ("probes: [5]\njudge: all_echoed", "our-check.probes[0]: 5; expected a mapping"),
        ("probes: [chalenge]\njudge: all_echoed", "unknown key 'chalenge'; expected challenge"),
        ("probes: [{challenge: {prefx: a}}]\njudge: all_echoed", "'prefx'; expected prefix"),
        ("probes: [{challenge: {query: 'a b'}}]\njudge: all_echoed", "expected a query, as in"),
        (
            "probes: [{challenge: null}]\njudge: all_echoed",
            "expected challenge, validation, or one",
        ),
        ("probes: [{challenge: {}, validation: null}]", "expected challenge, validation, or one"),
        ("probes: [{}]\njudge: all_echoed", "expected challenge, validation, or one of them"),
        ("probes: [validation]\njudge: all_echoed", "probes: [validation]; expected probes: [chal"),
        ("probes: [challenge]\njudge: echoed_or_validated", "probes: [challenge]; expected probes"),
        (
            "probes: [challenge]\nevents: [{}]\njudge: all_echoed",
            "events; expected none for the judge all_echoed",
        ),
    ],
)
def test_impossible_events_and_probes_of_a_check_are_refused(
    rest: str, said: str, scenario: Write
) -> None:
    found = mistakes(of(rest), scenario)
    assert any(said in each for each in found), found


def test_too_many_probes_are_refused(scenario: Write) -> None:
    probes = ", ".join(["challenge"] * 101)
    (mistake,) = mistakes(of(f"probes: [{probes}]\njudge: all_echoed"), scenario)
    assert mistake.endswith("our-check.probes: a list; expected at most 100 of them")


def test_a_place_behind_an_anchor_is_where_it_is_written(scenario: Write) -> None:
    common = "x-event: &event\n  repeat: 0\n"
    text = common + of("events:\n  - {<<: *event, after: 1s}\n  - *event")
    found = mistakes(text, scenario)
    assert found[0].startswith("2:11: our-check.events[0].repeat: 0; expected a number of at least")
    assert ": our-check.events[1].repeat: 0; expected a number of at least 1" in found[1]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "1:1: an empty file; expected a check, its name as a key"),
        ("5", "1:1: 5; expected checks, each with its name as the key"),
        ("[]", "1:1: an empty list; expected checks, each with its name as the key"),
        ("{}", "1:1: an empty mapping; expected checks, each with its name as the key"),
        ("x-only: 1", "1:1: a mapping; expected checks, each with its name as the key"),
        ("a: 5", "1:4: a: 5; expected a mapping"),
        ("a: {}\n---\nb: {}", "2:1: a second document; expected one document a file"),
        ("a: &a [*a]", "*a inside itself"),
        ("a: !!python/object:os.system {}", "the tag !!python/object:os.system"),
        ("[" * 5_000, "expected less nesting"),
        ("a: {b: 1, b: 2}", "the key 'b' again"),
        ("a: 1\n\ta: 2", "a tab"),
    ],
)
def test_a_file_that_holds_no_checks_is_refused(text: str, said: str, scenario: Write) -> None:
    assert any(said in each for each in mistakes(text, scenario))


def test_aliases_do_not_grow_without_bound(scenario: Write) -> None:
    """Nine levels of nine aliases are more values than memory holds."""
    levels = [f"x-{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 10)]
    text = "\n".join(["x-0: &a0 [1]", *levels, of("events: *a9")])
    assert any("more than 250000 keys and values" in each for each in mistakes(text, scenario))


def test_a_huge_file_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "own.yaml"
    with path.open("wb") as file:
        file.truncate(2**34)
    with pytest.raises(ScenarioError, match="a file above 16 MiB; expected a smaller file"):
        own_checks.read([path])


def test_many_checks_are_read_in_a_moment(scenario: Write) -> None:
    text = "".join(of("events: [{}]", f"check-{number}") for number in range(300))
    assert len(read(text, scenario)) == 300


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"\x80", b"a: \x00"])
def test_a_file_that_is_no_text_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "own.yaml"
    path.write_bytes(content)
    with pytest.raises(FlowsimError, match=r"own\.yaml:1:\d"):
        own_checks.read([path])


@pytest.mark.parametrize("name", ["missing.yaml", ".", "a\0b", "x" * 5000])
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, name: str) -> None:
    with pytest.raises(SettingError, match="expected a file with checks"):
        own_checks.read([tmp_path / name])


@pytest.mark.parametrize("name", catalogue.names())
def test_every_shipped_check_is_one_that_a_user_could_write(name: str) -> None:
    read_as_users = CheckSpec.model_validate(shipped_check(name))
    assert read_as_users.claim.split() == catalogue.find(name).claim.split()
