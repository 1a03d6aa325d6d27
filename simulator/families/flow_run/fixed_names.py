"""Who and what takes part in a story: Faker casts it once, from a fixed locale.

Events draw from the seeded generator instead: one Faker call costs several times what it
costs to serialise a whole event.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from functools import cache
from typing import Any

from faker.factory import Factory

from ...core.identifiers import echo_uuid4, org_id, uuid4
from ...runtime.chance import Chance
from . import catalogue
from .run import Flow
from .spec import USUAL_SOURCE, FlowRunSpec

_PROVIDERS = [
    f"faker.providers.{name}" for name in ("company", "internet", "file", "lorem", "person")
]
CLIENT = "acp_foundation_connectors"

_ONE_AT_A_TIME = threading.Lock()
"""Held by who draws from the Faker, which all stories share."""


@dataclass(frozen=True, slots=True)
class FixedNames:
    """The fixed parties of one story. ``words`` fill the texts of copy failures."""

    chance: Chance
    words: dict[str, str]

    def flow(self, spec: FlowRunSpec) -> Flow:
        """Return the dataflow of a run: one per source and name, unless its id is stated."""
        source = catalogue.sources()[spec.source or USUAL_SOURCE]
        name = spec.name or f"Dataflow - {self.words['file']}"
        place = f"{source.name}/{name}"
        sandbox = spec.sandbox.name if spec.sandbox else "prod"
        errors = catalogue.copy_errors()[source.errors]
        return Flow(
            id=spec.id or uuid4(self._bytes(f"flow/{place}", 16)),
            org=spec.org or org_id(self._bytes("org", 12)),
            sandbox_id=(spec.sandbox and spec.sandbox.id)
            or echo_uuid4(self._bytes(f"sandbox/{sandbox}", 9)),
            sandbox_name=sandbox,
            source=source.name,
            source_kind=source.kind,
            source_connection=spec.source_connection or uuid4(self._bytes(f"from/{place}", 16)),
            target_connection=spec.target_connection or uuid4(self._bytes(f"to/{place}", 16)),
            client=CLIENT,
            copy_error_details=tuple(each.filled(self.words) for each in errors),
        )

    def _bytes(self, name: str, size: int) -> bytes:
        return self.chance.of_story(name, size)


def choose(chance: Chance) -> FixedNames:
    """Return the cast of a story; the same seed casts the same story everywhere."""
    with _ONE_AT_A_TIME:
        faker = _faker()
        faker.seed_instance(int.from_bytes(chance.of_story("cast", 8), "big"))
        return FixedNames(chance, _words(faker))


@cache
def _faker() -> Any:
    return Factory.create("en_US", providers=_PROVIDERS)


def _words(faker: Any) -> dict[str, str]:
    return {
        "host": f"{faker.word()}.{faker.domain_name()}",
        "folder": f"{faker.word()}/{faker.word()}",
        "file": faker.file_name(extension="csv"),
        "table": f"{faker.word()}_{faker.word()}".upper(),
        "user": faker.user_name(),
        "app": uuid4(faker.random.randbytes(16)),
        "address": f"192.0.2.{faker.random.randint(1, 254)}",
        "trace": uuid4(faker.random.randbytes(16)),
        "correlation": uuid4(faker.random.randbytes(16)),
    }
