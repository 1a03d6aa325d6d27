"""The event codes that a webhook may leave out: those of events that there are.

These are the codes of all families, and those that no family has and checks send: the codes of
faults and of a user's own payloads.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from ..core.spec_values import RegistrationSpec
from ..families.registry import Families
from ..families.unknown_code import unknown_code
from .catalogue import find, names
from .check import Check
from .check_requests import CheckStories
from .subject import Subject, subject_of

_HOST = "127.0.0.1:1"
"""Stands for our hosts: no event is sent here."""


def expect_known(
    codes: Collection[str], event: str | None, families: Families, own: Sequence[Check] = ()
) -> None:
    """Raise ``SettingError`` with the nearest codes for one that no event has.

    ``event`` is the event code that all checks are told with, if not the usual one. What ``own``
    checks send, and those that are shipped, is only looked at for a code that no family has: that
    takes a second.
    """
    strange = [code for code in codes if families.by_code(code) is None]
    if not strange:
        return
    sent = {*_sent_codes(subject_of(event, families), own)}
    for code in strange:
        if code not in sent:
            raise unknown_code(code, families, others=sorted(sent))


def _sent_codes(subject: Subject, own: Sequence[Check]) -> Iterator[str]:
    """Yield the codes of all events that checks send, in a thorough run too."""
    stories = CheckStories(
        *(RegistrationSpec().client_id, None, 0, "", _HOST, _HOST), subject=subject
    )
    shipped = (find(name) for name in names())
    for check in [*own, *filter(None, map(subject.suited, shipped))]:
        usual = [check] if check.thorough_events else []
        for each in [*usual, check.thorough()]:
            if each.events:
                yield from (event.code for event in stories.story(each).events())
