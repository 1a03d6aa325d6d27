"""The control calls: what Adobe has none for."""

from __future__ import annotations

from ...core.management.control import (
    LEASE,
    AdvanceBody,
    AttemptsQuery,
    ClockQuery,
    SettingsBody,
    TriggerBody,
)
from ...service.adjusting import RunningSettings
from ...service.overview import AttemptGlance, Overview, RegistrationState
from ...service.redelivering import Redelivered
from ...service.resetting import FORGOTTEN, KEPT
from ...service.timekeeping import ClockReading
from ...service.triggering import Triggered
from .base import JSON, NOTHING, TEXT, Answer, Operation, query_of

_ACTS = (
    Operation(
        "post",
        ("/_flowsim/trigger",),
        "Publish every event of a scenario, in order and at once.",
        {200: Answer("What was published.", Triggered)},
        {JSON: TriggerBody},
        {"scenario": "partial", "set": ["flow_run.records.failed=60"]},
    ),
    Operation(
        "post",
        ("/_flowsim/clock/advance",),
        "Let time pass on a manual clock, and wait until all that is due was attempted. The clock "
        f"stops once no request has waited for it for {LEASE:g} seconds, as GET /_flowsim/clock "
        "does. While it is on its way it takes no more time: 409.",
        {200: Answer("Where the clock is.", ClockReading)},
        {JSON: AdvanceBody},
        {"seconds": 7200},
    ),
    Operation(
        "post",
        ("/_flowsim/clock/stop",),
        "Let a manual clock that is on its way stand still; attempts under way go on.",
        {200: Answer("Where the clock is.", ClockReading)},
    ),
    Operation(
        "post",
        ("/_flowsim/reset",),
        f"Begin anew: forget {FORGOTTEN}. What stays: {KEPT}.",
        {204: NOTHING},
    ),
    Operation(
        "post",
        ("/_flowsim/redeliver/{event_id}",),
        "Deliver an event again to the registrations whose journals have it.",
        {200: Answer("Who gets it.", Redelivered)},
        query={"registration": TEXT | {"description": "Only to this registration."}},
    ),
    Operation(
        "patch",
        ("/_flowsim/settings",),
        "Change how the service behaves; what is left out stays.",
        {200: Answer("How it behaves now.", RunningSettings)},
        {JSON: SettingsBody},
        {"names": "new-only"},
    ),
)

_VIEWS = (
    Operation(
        "get",
        ("/_flowsim/clock",),
        "What time it is for the service.",
        {200: Answer("The time.", ClockReading)},
        query=query_of(ClockQuery),
    ),
    Operation(
        "get",
        ("/_flowsim/settings",),
        "How the service behaves.",
        {200: Answer("The settings.", RunningSettings)},
    ),
    Operation(
        "get",
        ("/_flowsim/status",),
        "The service at a glance.",
        {200: Answer("Its clock, settings, ids and registrations.", Overview)},
    ),
    Operation(
        "get",
        ("/_flowsim/registrations/{registration_id}",),
        "One registration at a glance, its last challenge, and the validation URL that waits.",
        {200: Answer("The registration.", RegistrationState)},
    ),
    Operation(
        "get",
        ("/_flowsim/attempts",),
        "The latest attempts at deliveries, the oldest of them first.",
        {200: Answer("The attempts.", list[AttemptGlance])},
        query=query_of(AttemptsQuery),
    ),
    Operation(
        "get",
        ("/_flowsim/openapi.json",),
        "This document.",
        {200: Answer("OpenAPI 3.1.", {"type": "object"})},
        is_open=True,
    ),
)

OPERATIONS = (*_ACTS, *_VIEWS)
