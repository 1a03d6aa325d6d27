"""The events service as its routes see it: what is stored, and what can be done."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field

from ..core.identifiers import uuid4
from ..core.spec_values import Names
from ..delivery.http_connecting import Tls
from ..families.registry import Families, shipped
from ..installation.keys import KeyPair
from ..runtime.chance import Chance
from ..runtime.clock import Present
from .challenges.proofs import Proofs
from .database.database import Database, Settings
from .deliveries.targets import AttemptLimit, Targets
from .installation import Installation
from .providers import adobe
from .providers.model import PLATFORM, Provider, ProviderMetadata
from .providers.table import Providers
from .publishing.directory import Directory
from .publishing.publishing import Publishing
from .registrations.notes import RegistrationNote
from .registrations.table import Registrations
from .tokens.actions import Tokens
from .tracing.debug_trace import Traces

PublicPem = Callable[[str], bytes]
"""Return the PEM at a key path; raises ``LookupError`` where there is none."""


NAMES = "names"
"""The setting that keeps ``ServiceOptions.names`` for later starts."""


@dataclass(slots=True)
class ServiceOptions:
    """How the service behaves.

    ``strict`` refuses tokens and api keys that are not its own. ``names`` are the id members
    that envelopes carry (both, new-only, old-only); they may change while it runs. ``targets``
    are hosts and networks that webhooks may point to, beside the loopback. ``families`` are
    those whose events it knows.
    """

    strict: bool = False
    names: Names = "both"
    targets: tuple[str, ...] = ()
    families: Families = field(default_factory=shipped)


@dataclass(frozen=True, slots=True)
class Service:
    """One running events service.

    ``look_again`` lets the thread that delivers look at the agenda and the clock again: call it
    after deliveries were added or the clock was advanced.
    ``note`` gets what happens to registrations, once that is stored.
    ``pair`` are the keys that sign.
    ``request_id`` makes an id for one request, as ``x-request-id`` shows it. ``tls`` is how
    webhooks that speak HTTPS are checked, ``attempt_limit`` how long each may take.
    ``ending`` closes when the service ends, before its servers do.
    """

    database: Database
    chance: Chance
    clock: Present
    options: ServiceOptions
    installation: Installation
    pair: KeyPair
    public_pem: PublicPem
    settings: Settings
    providers: Providers
    registrations: Registrations
    traces: Traces
    tokens: Tokens
    directory: Directory
    publishing: Publishing
    targets: Targets
    proofs: Proofs
    look_again: Callable[[], None]
    note: Callable[[RegistrationNote], None]
    request_id: Callable[[], str]
    tls: Tls
    attempt_limit: AttemptLimit
    ending: ExitStack = field(default_factory=ExitStack)

    @property
    def families(self) -> Families:
        """The families of events that it knows."""
        return self.options.families

    @property
    def kinds(self) -> Mapping[str, ProviderMetadata]:
        """The kinds of providers by id."""
        return adobe.kinds_of(self.families)

    @property
    def platform_provider(self) -> Provider:
        """The provider of platform notifications, which every start writes."""
        found = self.providers.of_instance("", PLATFORM, "")
        assert found is not None
        return found

    def new_id(self, noun: str) -> str:
        """Return a UUID that no other thing of this installation has."""
        with self.database.transaction() as connection:
            number = self.settings.count_up(connection, f"{noun} ids")
        return uuid4(self.chance.of_ids(f"{noun}/{number}"))
