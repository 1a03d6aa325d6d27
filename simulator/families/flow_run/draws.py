"""Random values: the words and dataflows of a story, and the random part of each run.

Faker draws once for each story: one of its calls takes several times as long as serialising a whole
event. Runs draw from the seeded generator.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from ...core.identifiers import echo_uuid4, org_id, uuid4
from ...runtime.chance import Chance
from . import catalogue
from .spec import USUAL_SOURCE, FlowRunSpec

CLIENT = "acp_foundation_connectors"
"""The service that made the flows."""

SIZE = 112
"""The number of random bytes that one run needs."""

_FAKER_LOCK = threading.Lock()
"""Held while a story draws from Faker, whose state all stories share."""


@dataclass(frozen=True, slots=True)
class Flow:
    """A dataflow: what all of its runs share.

    ``source_kind`` is ``file``, ``table`` or ``stream``. ``copy_error_details`` are the texts of
    the errors that can end its copy.
    """

    id: str
    org: str
    sandbox_id: str
    sandbox_name: str
    source: str
    source_kind: str
    source_connection: str
    target_connection: str
    client: str
    copy_error_details: tuple[str, ...]


def fixed_words(chance: Chance) -> dict[str, str]:
    """Return words for the texts of a story; the same seed gives the same words everywhere."""
    with _FAKER_LOCK:
        faker = _faker()
        faker.seed_instance(int.from_bytes(chance.of_story("cast", 8), "big"))
        return _words(faker)


def flow_of(spec: FlowRunSpec, chance: Chance, words: Mapping[str, str]) -> Flow:
    """Return the dataflow of a run; unless its id is stated, source and name decide it."""
    source = catalogue.sources()[spec.source or USUAL_SOURCE]
    name = spec.name or f"Dataflow - {words['file']}"
    place = f"{source.name}/{name}"
    sandbox = spec.sandbox.name if spec.sandbox else "prod"
    errors = catalogue.copy_errors()[source.errors]
    drawn = chance.of_story
    return Flow(
        id=spec.id or uuid4(drawn(f"flow/{place}", 16)),
        org=spec.org or org_id(drawn("org", 12)),
        sandbox_id=(spec.sandbox and spec.sandbox.id) or echo_uuid4(drawn(f"sandbox/{sandbox}", 9)),
        sandbox_name=sandbox,
        source=source.name,
        source_kind=source.kind,
        source_connection=spec.source_connection or uuid4(drawn(f"from/{place}", 16)),
        target_connection=spec.target_connection or uuid4(drawn(f"to/{place}", 16)),
        client=CLIENT,
        copy_error_details=tuple(each.filled(words) for each in errors),
    )


@cache
def _faker() -> Any:
    from faker.factory import Factory

    names = ("company", "internet", "file", "lorem", "person")
    return Factory.create("en_US", providers=[f"faker.providers.{name}" for name in names])


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


@dataclass(frozen=True, slots=True)
class RunDraws:
    """The ``SIZE`` random bytes of one run, with a name for each part.

    They do not depend on what the scenario states, so a value that is stated changes no value that
    is generated.
    """

    raw: bytes

    @property
    def run_id(self) -> str:
        return uuid4(self.raw[0:16])

    @property
    def pipeline_id(self) -> str:
        return uuid4(self.raw[16:32])

    @property
    def copy_run_id(self) -> str:
        return uuid4(self.raw[32:48])

    @property
    def request_id(self) -> str:
        return self.raw[48:64].hex()

    @property
    def batch(self) -> bytes:
        return self.raw[64:74]

    @property
    def etag(self) -> bytes:
        return self.raw[74:78]

    def between(self, place: int, low: float, high: float) -> float:
        """Return a number from ``low`` up to ``high``; ``place``, 0 to 15, selects random bytes."""
        raw = self.raw[80 + 2 * place] << 8 | self.raw[81 + 2 * place]
        return low + (high - low) * raw / 65_536
