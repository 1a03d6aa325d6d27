"""Markdown and annotations for GitHub: complete, and no text of a webhook has a meaning in them."""

from __future__ import annotations

import html
import re
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from flowsim.checks.check import not_judged, passed
from flowsim.checks.findings import Findings
from flowsim.reports.formats.annotations import MOST, annotation, findings_lines
from flowsim.reports.formats.markdown import code, findings_text, plain

from .findings import findings, refused, result, some

HOSTILE = st.text(st.sampled_from("|`*_[]()<>&@#!\\~:/.-+={}\"'a1 \n\r\té%,$w"))


def markdown(seen: Findings) -> str:
    return "\n".join(findings_text(seen))


def annotations(seen: Findings) -> list[str]:
    return "\n".join(findings_lines(seen)).splitlines()


def test_markdown_has_a_row_for_each_cause_and_a_reason_for_what_was_not_judged() -> None:
    follower = refused(name="late")
    follower = replace(follower, check=replace(follower.check, follows=("refuses",)))
    lines = markdown(findings(*some(), follower)).splitlines()
    assert lines[0] == "### ❌ flowsim check: This webhook loses events&#58; 2 mistakes."
    rows = [html.unescape(line) for line in lines if line.startswith("| ")][1:]
    assert rows == [
        "| must | refuses | It answers.<br>received <code>500 'no'</code>"
        "<br>for the same cause: late | Answer 200."
        "<br><code>flowsim check 3000/hook --again refuses --seed 7</code> |",
        "| should | lags | It answers.<br>received <code>500 'no'</code> | Answer 200."
        "<br><code>flowsim check 3000/hook --again lags --seed 7</code> |",
    ]
    assert "- 1 not judged: <code>it takes &#45;&#45;processed</code>: blind" in lines
    assert html.unescape(lines[-1]).endswith(" in 1.2 s; idempotency: not judged")


def test_markdown_of_a_correct_webhook_has_no_table() -> None:
    text = markdown(findings(result(passed())))
    assert text.startswith("### ✅ flowsim check: No mistake found; 1 claim judged.\n")
    assert "|" not in text


def test_markdown_names_known_failures_and_those_that_are_gone() -> None:
    seen = findings(result(passed(), name="answers"), replace(refused(), known=True))
    text = markdown(replace(seen, gone=["burst"], problem="--processed answers <500>"))
    assert "known, by the baseline: refuses\n" in text
    assert "fails no longer: burst\n" in text
    assert "answers &#60;500&#62;</code>" in text


@given(HOSTILE)
def test_text_of_a_webhook_is_code_without_a_character_that_means_anything(text: str) -> None:
    shown = code(text)
    inside = shown.removeprefix("<code>").removesuffix("</code>")
    assert re.fullmatch(r"(?:[A-Za-z0-9 ,;()]|&#\d+;)*", inside)
    assert html.unescape(shown).isprintable()


@given(HOSTILE)
def test_text_of_checks_means_itself_and_mentions_no_user(text: str) -> None:
    shown = plain(text)
    assert not {*"|`*_[]<>@#\\~:"} & {*re.sub(r"&#\d+;|<!-- -->", "", shown)}
    assert "&#64;" not in shown.replace("&#64;<!-- -->", "")
    assert "www." not in shown
    assert html.unescape(shown.replace("<!-- -->", "")).split() == text.split()


@given(HOSTILE)
def test_no_answer_changes_the_shape_of_the_markdown(text: str) -> None:
    def shape(received: str) -> list[str]:
        seen = findings(refused(received=received), result(not_judged(received), name="b"))
        return re.findall(r"[|<>`*\[\]\n]", markdown(seen).replace("<!-- -->", ""))

    assert shape(text) == shape("plain")


def test_each_cause_is_an_annotation_by_its_level() -> None:
    lines = annotations(findings(*some(), refused("note", name="n")))
    assert [line.partition("::It answers.")[0] for line in lines] == [
        "::error title=flowsim%3A refuses",
        "::warning title=flowsim%3A lags",
        "::notice title=flowsim%3A n",
    ]
    assert lines[0].endswith(
        "::It answers.%0Areceived 500 'no'; expected 200%0AAnswer 200.%0A"
        "flowsim check 3000/hook --again refuses --seed 7"
    )


def test_a_should_that_fails_the_run_is_an_error() -> None:
    (line,) = annotations(findings(result(passed()), refused("should"), strict=True))
    assert line.startswith("::error ")


def test_what_makes_the_run_fail_is_an_error_at_every_level() -> None:
    lost = replace(refused("note", name="a"), lost=("an-id",))
    unsafe = refused("should", name="b")
    unsafe = replace(unsafe, check=replace(unsafe.check, judges_once=True))
    lines = annotations(findings(result(passed()), lost, unsafe, refused("note", name="c")))
    assert [line.split()[0] for line in lines] == ["::error", "::error", "::notice"]


def test_a_run_that_fails_only_by_what_was_not_judged_has_an_error() -> None:
    seen = findings(result(passed()), refused("should"), result(not_judged("x")))
    assert [line.split()[0] for line in annotations(seen)] == ["::warning"]
    warning, error = annotations(replace(seen, require_judged=True))
    assert warning.startswith("::warning ")
    assert error == "::error title=flowsim check::Not ok; 1 claim of level must not judged."


def test_no_more_annotations_than_github_shows_and_none_of_a_correct_webhook() -> None:
    many = [refused(name=f"a-{number}") for number in range(MOST + 5)]
    assert len(annotations(findings(*many))) == MOST
    assert annotations(findings(result(passed()))) == []


def test_a_run_that_ended_early_is_an_error() -> None:
    seen = findings(result(not_judged("stopped")), finished=False)
    assert annotations(seen) == [
        "::error title=flowsim check::Could not judge; 1 claim not judged."
    ]


@given(HOSTILE, HOSTILE)
def test_an_annotation_is_one_line_with_one_title(title: str, message: str) -> None:
    line = annotation("error", title, message)
    found = re.fullmatch(r"::error title=([^:,\r\n]*)::([^\r\n]*)", line)
    assert found is not None

    def decoded(text: str) -> str:
        return re.sub("%(0D|0A|3A|2C|25)", lambda code: chr(int(code[1], 16)), text)

    assert (decoded(found[1]), decoded(found[2])) == (title, message)
