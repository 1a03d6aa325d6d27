"""What the first start makes: organisation, project, workspace, credential and providers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass

from ..core.identifiers import org_id
from ..families.registry import Families
from .database.database import Database, Settings
from .providers import adobe
from .providers.table import Providers
from .registrations.model import Workspace

Draw = Callable[[str, int], bytes]
"""Return a number of random bytes for a name."""


@dataclass(frozen=True, slots=True)
class Identity:
    """The ids that stand in paths and headers; none of them is a secret."""

    org: str
    ims_org: str
    project: str
    workspace: str
    credential_id: str
    client_id: str


@dataclass(frozen=True, slots=True)
class Installation(Identity):
    """The ids and secrets of the organisation that uses this service.

    ``org``, ``project`` and ``workspace`` are the numbers of a Console project, ``ims_org``
    the organisation's id. ``credential_id`` is part of journal addresses; ``client_id`` and
    ``client_secret`` are those of the credential, ``token`` is a bearer token that never expires.
    """

    client_secret: str
    token: str

    def __repr__(self) -> str:
        return f"Installation(org={self.org!r}, client_id={self.client_id!r})"

    @property
    def place(self) -> Workspace:
        return Workspace(self.org, self.project, self.workspace)


def load_or_make(
    database: Database, settings: Settings, families: Families, draw: Draw
) -> Installation:
    """Return the ids of an earlier start, or new ones; write the providers of families."""
    made = settings.get("installation")
    installation = Installation(**made) if made else make(draw)
    with database.transaction() as connection:
        settings.put(connection, "installation", asdict(installation))
        adobe.put_providers(connection, Providers(database), families)
    return installation


def make(draw: Draw) -> Installation:
    """Return a new installation: ids, client secret and token, each in Adobe's form.

    ``draw`` returns a number of random bytes for a name; the same bytes make the same
    installation. The organisation has 6 digits, the client id 32 hexadecimal ones.
    """
    return Installation(
        org=_digits(draw("org", 8), 6),
        ims_org=org_id(draw("ims org", 12)),
        project=f"4566206088{_digits(draw('project', 8), 9)}",
        workspace=f"4566206088{_digits(draw('workspace', 8), 9)}",
        credential_id=_digits(draw("credential", 8), 6),
        client_id=draw("client id", 16).hex(),
        client_secret=f"p8e-{draw('client secret', 24).hex()}",
        token=f"flowsim.{draw('token', 32).hex()}",
    )


def _digits(raw: bytes, count: int) -> str:
    """Return a number of ``count`` digits that does not begin with 0."""
    low = 10 ** (count - 1)
    return str(low + int.from_bytes(raw, "big") % (9 * low))
