"""What a check run prints: what to mend first, in two screens, and how it is repeated."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowsim.checks import catalogue
from flowsim.checks.check import Harm, Verdict, failed, not_judged, passed
from flowsim.checks.findings import CheckResult, Findings
from flowsim.checks.repeating import command_of
from flowsim.checks.scope import Scope
from flowsim.core.event import Event, Notification
from flowsim.reports.check_details import all_lines, repeated_lines
from flowsim.reports.check_headline import headline
from flowsim.reports.check_lines import findings_lines
from flowsim.reports.formats import json as json_format
from flowsim.reports.formats.junit import findings_document
from flowsim.reports.formats.markdown import findings_text
from flowsim.reports.tables import folded

from ..cases import for_each
from ..checks.test_pairs import FAILS
from .findings import exchange, findings, refused, result, some
from .test_html import Page

UNKNOWN = "--processed is needed to see what the webhook does with an event"


def plain(lines: Sequence[str]) -> list[str]:
    return [click.unstyle(line) for line in lines]


def brief(seen: Findings) -> list[str]:
    return plain([*findings_lines(seen)])


def harmful(harm: Harm, level: str = "must", name: str = "a-check") -> CheckResult:
    made = refused(level, name=name)
    return replace(made, check=replace(made.check, harm=harm))


def after(name: str, *follows: str) -> CheckResult:
    made = refused(name=name)
    return replace(made, check=replace(made.check, follows=follows))


def whole(*failures: str, verdict: Verdict | None = None) -> Findings:
    """Return findings about all checks, some of which have failed."""
    wrong = failed("a refusal such as 401", "200 'taken'", exchange())
    return findings(
        *(
            CheckResult(
                catalogue.find(name),
                *(wrong if name in failures else verdict or passed(), (), (), 0.0, 0.1),
            )
            for name in catalogue.names()
        )
    )


@for_each(
    ("results", "sentence"),
    [
        ([result(passed())], "No mistake found; 2 claims judged."),
        ([result(passed()), result(not_judged("x"))], "No mistake found; 1 claim not judged."),
        ([harmful("lost")], "This webhook loses events: 1 mistake."),
        (
            [harmful("forged"), harmful("twice", name="b"), harmful("lost", name="c")],
            "This webhook loses events, accepts forged events and processes events twice: "
            "3 mistakes.",
        ),
        (
            [harmful("wrong"), harmful("retried", name="b")],
            "This webhook keeps wrong data and makes Adobe send events again in vain: 2 mistakes.",
        ),
        ([harmful("twice", "should")], "This webhook may process events twice: 1 mistake."),
        (
            [harmful("twice", "should"), harmful("forged", name="b")],
            "This webhook accepts forged events: 2 mistakes.",
        ),
        ([harmful("untidy", "note")], "No mistake found; 1 note."),
        (
            [replace(harmful("lost"), known=True), result(passed(), name="b")],
            "No new mistake found; 1 failed check known.",
        ),
        (
            [replace(harmful("lost"), known=True), harmful("twice", name="b")],
            "This webhook processes events twice: 1 mistake; 1 failed check known.",
        ),
    ],
)
def test_the_first_sentence_says_what_becomes_of_events(
    results: list[CheckResult], sentence: str
) -> None:
    seen = findings(result(passed(), name="answers"), *results)
    assert headline(seen) == sentence
    assert brief(seen)[0] == sentence


def test_a_run_that_did_not_end_finds_no_webhook_correct() -> None:
    seen = result(passed()), result(not_judged("stopped")), result(passed(), name="b")
    cut = replace(findings(*seen, finished=False), stopped=True)
    assert headline(cut) == "Cancelled after 0 of 3 checks. 1 claim not judged."
    broken = result(passed(), "must", exchange(), name="answers"), refused(), seen[1]
    mistaken = replace(findings(*broken, finished=False), stopped=True)
    assert headline(mistaken).startswith("Cancelled after 2 of 3 checks. This webhook ")
    untold = findings(*seen, problem="--processed answers 500")
    assert headline(untold) == "Could not judge; 1 claim not judged."
    lacking = replace(findings(*seen), require_judged=True)
    assert headline(lacking) == "Not ok; 1 claim of level must not judged."


@pytest.mark.parametrize(
    ("received", "sentence"),
    [
        ("302 'Sign in'", "This webhook does not answer events: 302 'Sign in'."),
        ("this looks like a login page", "This looks like a login page."),
    ],
)
def test_what_is_no_webhook_is_said_in_the_first_line(received: str, sentence: str) -> None:
    first = refused(received=received, name="answers")
    lines = brief(findings(first, result(not_judged(received), name="b")))
    assert lines[0] == sentence
    assert ("1. ✗ answers [must]: It answers." in lines) is received[0].isdigit()
    assert lines[-1] == "not ok"


def test_a_mistake_that_fails_several_checks_stands_once() -> None:
    lines = brief(findings(result(passed(), name="answers"), refused(), after("lags", "refuses")))
    assert lines[1:7] == [
        "1. ✗ refuses [must]: It answers.",
        "   received  500 'no'; expected 200",
        "   do        Answer 200.",
        "   also      fails lags",
        "   again     flowsim check 3000/hook --again refuses --seed 7",
        "✓ 1 passed: http 1",
    ]


def test_a_reason_stands_once_with_the_number_and_some_names() -> None:
    seen = whole(verdict=not_judged(UNKNOWN))
    blind = [replace(each, verdict=not_judged(UNKNOWN)) for each in seen.results[1:9]]
    lines = brief(findings(result(passed(), name="answers"), *blind, result(passed(), name="b")))
    names = ", ".join(each.check.name for each in blind[:5])
    assert f"· 8 not judged ({names} and 3 more): {UNKNOWN}" in lines


def test_many_reasons_are_not_all_printed() -> None:
    blind = [result(not_judged(f"reason {each}"), name=f"a-{each}") for each in range(20)]
    lines = brief(findings(result(passed(), name="answers"), *blind))
    assert sum("not judged (a-" in line for line in lines) == 7
    assert (
        "· 14 not judged (a-6, a-7, a-8, a-9, a-10 and 9 more) for other reasons: see --verbose"
        in (lines)
    )


def test_known_failures_stand_apart_and_those_that_are_gone_are_named() -> None:
    seen = findings(result(passed(), name="answers"), replace(refused(), known=True))
    lines = brief(replace(seen, gone=["burst", "retries"]))
    assert "known, by the baseline: 1: refuses" in lines
    gone = "fails no longer: burst, retries; write the baseline again with --write-baseline"
    assert gone in lines
    assert lines[-1] == "no new mistake; 1 known"
    assert not any("✗" in line for line in lines)


def test_what_has_become_of_a_baseline_stands_in_all_reports() -> None:
    known = replace(refused(), known=True, check=replace(refused().check, judges_once=True))
    seen = findings(result(passed(), name="answers"), known)
    seen = replace(seen, gone=["burst"], dropped=["old"], not_compared=["late"])
    (junit,) = findings_document(seen)
    said = {
        "known, by the baseline": "refuses",
        "fails no longer": "burst",
        "is no check any more": "old",
        "known, but not judged": "late",
    }
    remedy = "; write the baseline again with --write-baseline"
    for word, name in said.items():
        assert any(line.startswith(word) and f": {name}" in line for line in brief(seen))
        assert f"{word}: {name}" in Page(seen).text
        assert f'name="{word}" value="{name}"' in junit
        assert f"{word}: {name}\n" in [*findings_text(seen)]
    assert f"is no check any more: old{remedy}" in brief(seen)
    summary = json.loads([*json_format.findings_lines(seen)][-1])
    assert (summary["known"], summary["fails_no_longer"]) == (1, ["burst"])
    assert (summary["no_check_any_more"], summary["known_not_judged"]) == (["old"], ["late"])


@pytest.mark.parametrize("has_new", [False, True])
def test_unsafe_is_marked_as_known_in_all_reports_if_all_of_it_is(has_new: bool) -> None:
    """A new failure beside it does not matter, unless it shows the same."""
    first = refused(name="duplicate")
    first = replace(first, check=replace(first.check, judges_once=True))
    others = [refused(name="unsigned"), *([replace(first)] if has_new else [])]
    seen = findings(result(passed(), name="answers"), replace(first, known=True), *others)
    said = "UNSAFE" if has_new else "UNSAFE (known)"
    assert f"idempotency: {said}" in brief(seen)
    assert f"idempotency: {said}" in plain([*all_lines(seen)])
    assert f"idempotency: {said} client id" in " ".join(Page(seen).text.split())
    (junit,) = findings_document(seen)
    assert f'name="idempotency" value="{said}"' in junit
    assert [*findings_text(seen)][-1].endswith(f"; idempotency: {said}\n")
    summary = json.loads([*json_format.findings_lines(seen)][-1])
    assert (summary["idempotency"], summary["idempotency_known"]) == ("UNSAFE", not has_new)


@for_each("mistakes", [(each,) for each in FAILS] + [tuple(FAILS)[::15]])
def test_a_mistaken_webhook_fits_two_screens_and_one_with_a_single_mistake_fits_one(
    mistakes: tuple[str, ...],
) -> None:
    """A screen has 30 lines of 80 columns here."""
    names = [name for mistake in mistakes for name in FAILS[mistake].split()]
    text = folded("\n".join(brief(whole(*names))), 80)
    assert len(text.splitlines()) <= (30 if len(mistakes) == 1 else 60)


def test_a_webhook_that_fails_everything_fits_three_screens() -> None:
    text = folded("\n".join(brief(whole(*catalogue.names()[1:]))), 80)
    assert len(text.splitlines()) <= 90
    assert "--verbose shows all of them in full" in text


def test_the_correct_webhook_fits_one_screen() -> None:
    assert len(folded("\n".join(brief(whole())), 80).splitlines()) <= 8


def test_the_report_states_what_the_run_could_and_could_not_find() -> None:
    scope = Scope(("lost events", "what a restart wipes"), ("rare races (add --thorough)",))
    seen = replace(findings(result(passed()), refused()), scope=scope)
    said = [
        "looked for: lost events; what a restart wipes",
        "not looked for: rare races (add --thorough)",
    ]
    assert brief(seen)[-5:-3] == said
    assert plain([*all_lines(seen)])[-5:-3] == said
    assert all(line in Page(seen).text for line in said)
    summary = json.loads([*json_format.findings_lines(seen)][-1])
    assert summary["looked_for"] == [*scope.looked_for]
    assert summary["not_looked_for"] == [*scope.not_looked_for]
    (junit,) = findings_document(seen)
    assert 'name="not looked for" value="rare races (add --thorough)"' in junit
    assert "- looked for&#58; lost events; what a restart wipes" in [*findings_text(seen)]


def test_a_long_answer_is_cut_in_short_and_whole_in_full() -> None:
    seen = findings(result(passed(), name="answers"), refused(received="x" * 1000))
    assert not any("x" * 201 in line for line in brief(seen))
    assert any("x" * 1000 in line for line in all_lines(seen))


def test_all_lines_have_each_check_with_its_cause_and_its_reason() -> None:
    lines = plain([*all_lines(findings(*some(), after("late", "refuses")))])
    assert any(line.startswith("  ✓ answers ") for line in lines)
    assert "      cause    the same as of refuses" in lines
    (blind,) = [line for line in lines if line.startswith("  · blind")]
    assert blind.endswith("It answers. (not judged: it takes --processed)")


def test_a_repetition_shows_each_request_with_its_answer_and_the_verdict() -> None:
    judged = result(passed(), "must", exchange(), exchange(503, b"later"), name="twice")
    lines = plain([*repeated_lines(findings(result(passed(), name="answers"), judged), ["twice"])])
    assert lines == [
        "    POST http://127.0.0.1:3000/hook  200 'taken' (250 ms)",
        "    POST http://127.0.0.1:3000/hook  503 'later' (250 ms)",
        f"  ✓ {'twice':26} It answers.",
        "No mistake found; 2 claims judged.",
        "ok",
    ]


def test_a_repetition_without_a_verdict_says_why() -> None:
    seen = findings(result(passed(), name="answers"), result(not_judged(UNKNOWN), name="blind"))
    lines = plain([*repeated_lines(seen, ["blind"])])
    assert lines[0].endswith(f"It answers. (not judged: {UNKNOWN})")


def test_a_repetition_at_a_webhook_that_does_not_answer_shows_that() -> None:
    seen = findings(refused(name="answers"), result(not_judged("x"), name="blind"))
    assert plain([*repeated_lines(seen, ["blind"])])[1].startswith("  ✗ answers")


def test_the_command_has_what_the_check_needs_and_no_more() -> None:
    given = {"keys_port": "--serve-keys 1", "own": "--checks a.yaml", "processed": "--processed x"}
    seen = replace(findings(), options=given)
    plain_check, forged = refused(name="a"), refused(name="b")
    sent = Event("1", datetime(2026, 1, 15, tzinfo=UTC), "rejected", Notification("c", "event", {}))
    forged = replace(forged, exchanges=(replace(exchange(), events=(sent,)),))
    own = replace(refused(name="c"), lost=("an-id",))
    own = replace(own, check=replace(own.check, file="a.yaml"))
    begin = "flowsim check 3000/hook --again"
    assert command_of(seen, plain_check) == f"{begin} a --seed 7 --serve-keys 1"
    assert command_of(seen, forged) == f"{begin} b --seed 7 --serve-keys 1 --processed x"
    every = "--serve-keys 1 --checks a.yaml --processed x"
    assert command_of(seen, own) == f"{begin} c --seed 7 {every}"


@given(st.text(st.characters()))
def test_no_answer_of_a_webhook_makes_a_line_of_its_own(text: str) -> None:
    seen = findings(result(passed(), name="answers"), refused(received=text), *some()[-1:])
    for lines in (findings_lines(seen), all_lines(seen), repeated_lines(seen, ["refuses"])):
        assert all(line.isprintable() for line in plain([*lines]))
