"""The verdicts on a correct webhook that takes events of other products, in each of their forms."""

from __future__ import annotations

import pytest

from flowsim.checks import held
from flowsim.checks.findings import Findings

from ..cases import one_in
from ..consumers.correct import CorrectConsumer
from ..consumers.wrong_states import MISTAKES
from .consumers import candidate, named

pytestmark = pytest.mark.many_at_once

FORMS = {
    "a usual CloudEvent": "com.adobe.commerce.observer.sales_order_save_after",
    "a CloudEvent with data first": "QUEUED",
    "CloudEvents 0.2": "com.adobe.platform.gdpr.jobcomplete",
    "attributes that are objects": "com.adobe.express-api.v1.succeeded",
    "the adobe_io format": "pipeline_execution_started",
    "a CloudEvent inside an envelope": "com.adobe.platform.marketo.audit.user.email",
}
"""The forms in which products write events, each with the code of one."""

OF_EACH_KIND = (
    *("sound-event", "unsigned", "tampered-body", "foreign-recipient", "raw-body"),
    *("header-case", "batch-each", "duplicate", "cloud-id", "deprecated-names-removed"),
)
"""Checks of signatures, recipients, HTTP, batches and ids."""

WRONG = {
    "verifies-nothing": "tampered-body",
    "lets-unsigned-in": "unsigned",
    "verifies-rewritten-json": "raw-body",
    "takes-any-recipient": "foreign-recipient",
    "finds-headers-by-case": "header-case",
    "takes-first-of-batch": "batch-each",
    "never-remembers": "duplicate",
    "reads-old-recipient-only": "deprecated-names-removed",
}
"""A mistake of each kind, and a check that it fails."""


@pytest.fixture(autouse=True)
def short_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """The webhook lets no time pass before it asks for a key again."""
    monkeypatch.setattr(held, "LATER", (0.01, 0.05))


def checked(code: str, *only: str, kind: type[CorrectConsumer] = CorrectConsumer) -> Findings:
    """Check a webhook with events of a code; of these, no state of runs is asked for."""
    with candidate(kind) as webhook:
        return webhook.check(*only, event=code, state=None)


@pytest.mark.parametrize("form", one_in(3, [*FORMS]))
def test_a_correct_webhook_passes_checks_of_each_kind(form: str) -> None:
    known = set(OF_EACH_KIND)
    findings = checked(FORMS[form], *known)
    assert named(findings, "failed") == set()
    assert named(findings, "passed") >= known


@pytest.mark.parametrize("mistake", one_in(4, WRONG))
def test_a_mistake_is_found_with_events_of_every_form(mistake: str) -> None:
    for code in FORMS.values():
        findings = checked(code, WRONG[mistake], kind=MISTAKES[mistake])
        assert named(findings, "failed") == {WRONG[mistake]}, code


@pytest.mark.slow
@pytest.mark.parametrize("form", FORMS)
def test_a_correct_webhook_has_no_mistake_with_any_check(form: str) -> None:
    findings = checked(FORMS[form])
    assert named(findings, "failed") == set()
    assert findings.ok
    assert findings.idempotency == "SAFE"
