"""A check whose judge has nothing to decide from is refused, or not judged: it never passes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from flowsim.checks import catalogue, judgement, own_checks
from flowsim.checks.check_mistakes import in_file
from flowsim.checks.check_run import CheckRun
from flowsim.checks.groups import files
from flowsim.checks.inquiry import WebhookData
from flowsim.checks.observation import Restarted
from flowsim.checks.obstacles import Circumstances
from flowsim.errors import ScenarioError
from flowsim.files.yaml_documents import parse_text

from ..consumers.correct import CorrectConsumer
from .consumers import Candidate, candidate, result
from .own import of
from .test_variation_judges import exchange

Write = Callable[..., str]


def mistakes(text: str, scenario: Write) -> list[str]:
    """Return the mistakes of a file, without its name."""
    with pytest.raises(ScenarioError) as caught:
        own_checks.read([scenario(text, "own.yaml")])
    return [str(each).partition("own.yaml:")[2] for each in caught.value.problems]


@pytest.mark.parametrize(
    ("rest", "said"),
    [
        (
            "events: [{}]\nagain: restart",
            "9:10: our-check.again: again: restart beside the judge as_expected; expected judge: "
            "kept_over_restart, the only one that knows the counts after a restart",
        ),
        (
            "events: [{}]\nagain: restart\njudge: processed_once",
            "9:10: our-check.again: again: restart beside the judge processed_once; expected judge",
        ),
        (
            "events: [{}]\nagain: end\njudge: kept_over_restart",
            "9:10: our-check.again: again: end beside the judge kept_over_restart; expected again: "
            "restart, or no again for events that come right before the restart",
        ),
        (
            "events: [{}]\nagain: end\njudge: state_kept_over_restart",
            "9:10: our-check.again: again: end beside the judge state_kept_over_restart; expected "
            "no again, for events that come right before the restart",
        ),
        (
            "events: [{}]\njudge: processed_once_late",
            "9:10: our-check.judge: processed_once_late without again; expected again: end beside",
        ),
        (
            "probes: [challenge]\njudge: all_echoed\nagain: end",
            "10:10: our-check.again: again without events; expected events, since no probe is sent",
        ),
        (
            "judge: combinations_accepted",
            "8:10: our-check.judge: combinations_accepted without sweep; expected sweep beside it",
        ),
        (
            "events: [{}]\nsweep: 9",
            "9:10: our-check.sweep: sweep beside the judge as_expected; expected judge: "
            "combinations_accepted",
        ),
        (
            "sweep: 9\nprobes: [challenge]\njudge: combinations_accepted",
            "9:11: our-check.probes: probes; expected none beside sweep, which is about events",
        ),
        (
            "sweep: 9\njudge: combinations_accepted\nregistration: {delivery_type: webhook_batch}",
            "10:33: our-check.registration.delivery_type: webhook_batch; expected webhook beside",
        ),
        (
            "sweep: 9\njudge: combinations_accepted\nevents: [{identity_run: {}}]",
            "10:11: our-check.events: an entry of 2 events; expected entries of one event each",
        ),
        (
            "events: [{}, {faults: [simultaneous-duplicates, drop]}]\njudge: rounds_processed_once",
            "8:11: our-check.events: no event with simultaneous-duplicates; expected this fault",
        ),
        (
            "events: [{faults: [stranger-in-batch]}, {}]\njudge: odd_event_not_processed",
            "8:11: our-check.events: a last event like the others; expected the fault stranger-in-",
        ),
        (
            "events: [{}]\njudge: other_events_processed",
            "8:11: our-check.events: a last event like the others; expected the fault stranger-in-",
        ),
        (
            "events: [{faults: [stranger-in-batch, drop]}]\njudge: odd_event_not_processed",
            "8:11: our-check.events: a last event like the others; expected the fault stranger-in-",
        ),
        (
            "events: [{}, {}]\njudge: not_held_up_by_slow_sender",
            "8:11: our-check.events: no event with slow-body; expected this fault in one of them",
        ),
        (
            "events: [{}, {}, {expect: rejected}]\njudge: not_held_up_by_slow_key_host",
            "8:11: our-check.events: no event with slow-key-host; expected this fault in one of",
        ),
        (
            "events: [{faults: [slow-key-host]}, {repeat: 2}]\njudge: not_held_up_by_slow_key_host",
            "8:11: our-check.events: no event that is to be refused; expected expect: not-",
        ),
        (
            "events: [{expect: rejected}]\njudge: processed_once",
            "8:11: our-check.events: no event that is to be accepted; expected one without expect",
        ),
        (
            "events: [{expect: rejected}]\nagain: end\njudge: processed_once_late",
            "8:11: our-check.events: no event that is to be accepted; expected one without expect",
        ),
        (
            "events: [{expect: 401}]\njudge: each_accepted_at_first",
            "8:11: our-check.events: no event that is to be accepted; expected one without expect",
        ),
        (
            "events: [{}]\njudge: refused_without_foreign_visit",
            "8:11: our-check.events: no event that is to be refused; expected expect: not-",
        ),
        (
            "events: [{}]\njudge: refused_or_not_processed",
            "8:11: our-check.events: no event that is to be refused; expected expect: not-",
        ),
        (
            "events: [{faults: [burst]}]\nat_once: 3\njudge: burst_accepted",
            "9:12: our-check.at_once: 3 at once; expected 20 or no at_once for the judge burst_acc",
        ),
        (
            "probes: [{challenge: {prefix: '<script>'}}, challenge]\njudge: markup_not_in_a_page",
            "8:47: our-check.probes[1]: a challenge without markup; expected {challenge: {prefix: ",
        ),
        (
            "probes: [validation]\njudge: no_visit_to_foreign_host",
            "8:11: our-check.probes: no validation that leads to a foreign host; expected {validat",
        ),
    ],
)
def test_a_file_without_material_for_its_judge_is_refused(
    rest: str, said: str, scenario: Write
) -> None:
    (mistake,) = mistakes(of(rest), scenario)
    assert mistake.startswith(said)


def test_what_a_sweep_draws_cannot_be_stated_in_its_events(scenario: Write) -> None:
    """All of it is named at once, in both lists of events."""
    text = of(
        "sweep: 9\njudge: combinations_accepted\n"
        "events: [{repeat: 2, faults: [iso-times]}, {flow_run: {}}]\n"
        "thorough_events: [{event_id: a, expect: rejected}]"
    )
    why = "expected none: a sweep draws the faults, and each event is new and to be accepted"
    assert mistakes(text, scenario) == [
        f"10:13: our-check.events[0].repeat: repeat in an event of a sweep; {why}",
        f"10:24: our-check.events[0].faults: faults in an event of a sweep; {why}",
        f"11:22: our-check.thorough_events[0].event_id: event_id in an event of a sweep; {why}",
        f"11:35: our-check.thorough_events[0].expect: expect in an event of a sweep; {why}",
    ]


def test_events_of_a_thorough_run_are_read_like_the_others(scenario: Write) -> None:
    text = (
        of("events: [{}]\nthorough_events: [{faults: [batsh]}, {flow_run: {records: {faled: 1}}}]")
        + of("events: [{repeat: 1001}]\nthorough_events: [{repeat: 1002}]", "many")
        + of("events: [{}]\nthorough_events: [{repeat: 100, after: 1d}]", "long")
        + of("events: [{}, {}]\nthorough_events: [{}]\njudge: variations_accepted", "few")
        + of("probes: [challenge]\nthorough_events: [{}]\njudge: all_echoed", "none")
        + of(
            "events: [{faults: [simultaneous-duplicates]}]\nthorough_events: [{}]\n"
            "judge: rounds_processed_once",
            "plain",
        )
    )
    assert mistakes(text, scenario) == [
        "9:31: our-check.thorough_events[0].faults[0]: unknown fault 'batsh'; expected batch, or a "
        "name of `flowsim faults`",
        "9:62: our-check.thorough_events[1].flow_run.records.faled: unknown key 'faled'; expected "
        "failed",
        "17:11: many.events: 1,001 events; expected at most 1,000 in a check",
        "18:20: many.thorough_events: 1,002 events; expected at most 1,000 in a check",
        "27:20: long.thorough_events: events of 100 days; expected at most 30 days",
        "36:20: few.thorough_events: 1 event; expected at least 2 for the judge "
        "variations_accepted, as in thorough_events: [{}]",
        "46:20: none.thorough_events: events; expected none for the judge all_echoed",
        "56:20: plain.thorough_events: no event with simultaneous-duplicates; expected this fault "
        "in one of them, for the judge rounds_processed_once",
    ]


def test_a_mistake_of_both_lists_is_reported_once(scenario: Write) -> None:
    text = of("events: [{}]\nthorough_events: [{}]\nregistration: {names: newest}")
    (mistake,) = mistakes(text, scenario)
    assert mistake.startswith("10:25: our-check.registration.names: 'newest'; expected both")


def test_the_shipped_checks_have_material_for_their_judges() -> None:
    found = [
        problem
        for each in files()
        for problem in in_file(parse_text(each.path.read_text("utf-8"), str(each.path)), each.group)
    ]
    assert found == []


def test_a_check_that_comes_again_after_a_restart_needs_one(scenario: Write) -> None:
    text = of("events: [{}]\nagain: restart\njudge: kept_over_restart")
    (check,) = own_checks.read([scenario(text)])
    assert check.needs == {"effects", "restart"}
    assert catalogue.check_of("a", "http", _said(again="restart")).needs == {"restart"}
    assert catalogue.check_of("a", "http", _said()).needs == frozenset()


@pytest.mark.parametrize("again", ["end", "restart"])
@pytest.mark.parametrize(("behind", "state"), [(None, "not judged"), (0, "passed")])
def test_a_check_passes_only_after_its_deliveries_came_again(
    again: str, behind: int | None, state: str
) -> None:
    """A run that Ctrl-C ends sends no late duplicates, and these are what such a check is about."""
    check = catalogue.check_of("a", "http", _said(again=again))
    around = Circumstances(
        "http://h", True, True, "127.0.0.1:1", WebhookData(), restarted=Restarted()
    )
    run = CheckRun(check, 0.0, [exchange(1, 200)], behind=behind)
    (found,) = judgement.judge([run], around)
    assert found.verdict.state == state
    run.exchanges.append(exchange(1, 400))
    (found,) = judgement.judge([run], around)
    assert found.verdict.state == "failed"


def test_a_check_that_comes_again_after_a_restart_is_not_judged_without_one() -> None:
    check = catalogue.check_of("a", "http", _said(again="restart"))
    around = Circumstances("http://h", True, True, "127.0.0.1:1", WebhookData())
    (found,) = judgement.judge([CheckRun(check, 0.0, [exchange(1, 200)])], around)
    assert found.verdict.state == "not judged"
    assert found.verdict.note.startswith("--restart is needed")


def _said(**more: Any) -> dict[str, Any]:
    about = {"level": "must", "claim": "a", "why": "b", "advice": "c"}
    return {**about, "page": "https://wiki.example.com", "events": [{}], **more}


@pytest.fixture(scope="module")
def correct() -> Iterator[Candidate]:
    with candidate(CorrectConsumer) as running:
        yield running


@pytest.mark.parametrize(
    ("rest", "note"),
    [
        ("events: [{}]\njudge: finally_refused", "the event was not refused at all"),
        ("events: [{repeat: 2}]\njudge: variations_accepted", "no event of this check has the"),
        (
            "events: [{}, {}]\nregistration: {delivery_type: webhook_batch}\n"
            "judge: {accepted_after_first: a 2xx}",
            "all events of this check came in one request",
        ),
        ("events: [{payload: {a: 1}}]\njudge: state_kept", "no event of this check says anything"),
        pytest.param(
            "events: [{}, {}]\njudge: burst_accepted",
            "2 events came, and a burst has 20 at least",
            marks=pytest.mark.many_at_once,
        ),
        (
            "events: [{}]\nnew_keys: true\njudge: {keys_fetched_at_most: 1}",
            "1 event came, and it takes more than 1 to fetch a key more often",
        ),
        (
            "events: [{repeat: 5}]\njudge: {keys_fetched_at_most: 1}",
            "no key was fetched meanwhile; let the check state new_keys: true",
        ),
        (
            "events: [{faults: [{slow-body: 300ms}]}, {}]\nat_once: 1\n"
            "judge: not_held_up_by_slow_sender",
            "no other event was under way while the slow one arrived",
        ),
        (
            "events: [{faults: [drop]}]\njudge: no_server_error",
            "nothing was sent: faults such as drop hold back all events of this check",
        ),
        (
            "events: [{}, {faults: [{batch: 1}, unreadable-in-batch]}]\nmay_be_ignored: true\n"
            "judge: other_events_processed",
            "no batch of this check has an event that is unlike the others",
        ),
    ],
)
def test_events_that_prove_nothing_are_not_judged(
    rest: str, note: str, correct: Candidate, scenario: Write
) -> None:
    own = own_checks.read([scenario(of(rest))])
    verdict = result(correct.check("our-check", own=own), "our-check").verdict
    assert verdict.state == "not judged"
    assert verdict.note.startswith(note)
