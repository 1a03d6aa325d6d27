"""Notes of registrations are kept, and a store that cannot keep one stops nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from flowsim.events_service.control import actions as control
from flowsim.events_service.control import overview
from flowsim.events_service.deliveries.recording import RETENTION, Retention
from flowsim.events_service.registrations import actions as registrations
from flowsim.events_service.registrations import notes
from flowsim.events_service.registrations.kept_notes import KeptNotes
from flowsim.events_service.service import Service

from ..registering import register


def test_notes_are_read_newest_first_and_go_after_a_week(service: Service) -> None:
    mine, other = register(service, "mine"), register(service, "other")
    kept, now = KeptNotes(service.database), service.clock.now()
    before = overview.additions(service)
    for text in ("first", "second"):
        notes.note(service, "changed", mine, text)
    notes.note(service, "changed", other, "of another")
    assert overview.additions(service) == before + 3
    assert [each.text for each in kept.latest(mine.registration_id, now)] == ["second", "first"]
    assert [each.text for each in kept.latest(mine.registration_id, now, 1)] == ["second"]
    assert kept.latest(mine.registration_id, now + timedelta(seconds=1)) == []
    Retention(service.database, now).run(now + RETENTION + timedelta(seconds=1))
    assert kept.latest(mine.registration_id, now) == []


def test_each_step_in_the_life_of_a_registration_is_kept(service: Service) -> None:
    mine = register(service, "mine", webhook=None)
    patch = [{"op": "replace", "path": "/name", "value": "yours"}]
    registrations.patch(service, mine, patch, "http://127.0.0.1")
    found = registrations.find(service, mine.workspace, mine.registration_id)
    registrations.delete(service, replace(found))
    kept = KeptNotes(service.database)
    seen = kept.latest(mine.registration_id, service.clock.now())
    assert [(each.kind, each.text, each.name) for each in seen] == [
        ("deleted", "deleted", "yours"),
        ("changed", "changed: name", "yours"),
    ]
    control.reset(service)
    assert kept.latest(mine.registration_id, service.clock.now()) == []


def test_a_note_that_cannot_be_kept_is_passed_on(service: Service) -> None:
    mine, passed_on = register(service, "mine"), []
    note = KeptNotes(service.database).keeping(passed_on.append)
    service.database.close()
    note(notes.of("status", mine, service.clock.now(), "ACTIVE → UNSTABLE"))
    assert [each.text for each in passed_on] == ["ACTIVE → UNSTABLE"]


def test_pages_of_registrations_go_by_key(service: Service) -> None:
    names = [f"number {count}" for count in range(5)]
    for name in names:
        register(service, name, webhook=None)
    seen, before = [], None
    while True:
        page, before = overview.page(service, before, 2)
        seen += [each.name for each in page]
        if before is None:
            break
    assert seen == names[::-1]
