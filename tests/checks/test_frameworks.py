"""The verdicts on webhooks in other frameworks than the mistakes are shown in, as they are."""

from __future__ import annotations

from flowsim import checks

from ..consumers import fastapi_app
from ..consumers.sound import Sound
from .consumers import candidate, named


def test_the_sound_webhook_in_fastapi_passes_all_checks() -> None:
    with candidate(Sound, fastapi_app.running) as webhook:
        findings = webhook.check()
    assert named(findings, "passed") == {*checks.names()}
    assert findings.ok
    assert findings.idempotency == "SAFE"
