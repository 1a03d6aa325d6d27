"""The webhook of ``tests/node/webhook.cjs``: Express, with Adobe's own SDK for signatures.

The SDK asks a state store for keys, and static.adobeioevents.com for those not kept there.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from flowsim.adobe_clients import environment
from flowsim.adobe_clients.environment import node_preload
from flowsim.installation import authority, settings
from flowsim.web.server import Server

from . import state_store


@dataclass(frozen=True)
class Express:
    """The webhook of a client id; its keys are on ``tls_port``, validation URLs on the other."""

    folder: Path
    client_id: str
    port: int
    keys_port: int
    tls_port: int

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @contextlib.contextmanager
    def running(self) -> Iterator[None]:
        """Start it, which takes it a second, and end it with the block."""
        with (
            Server(state_store.create(), "127.0.0.1", 0) as store,
            subprocess.Popen(
                ["node", str(self.folder / "webhook.cjs")],
                env=self._environment(f"http://127.0.0.1:{store.port}"),
                stdout=subprocess.DEVNULL,  # the SDK says much
            ) as process,
        ):
            try:
                yield
            finally:
                process.kill()

    def _environment(self, store: str) -> Mapping[str, str]:
        """Return what ``flowsim exec`` sets, but for the port that a check serves the keys on."""
        made = authority.load(settings.authority_folder())
        access = environment.Access(
            url=store,
            tls_port=self.tls_port,
            proxy_port=0,
            authority=str(made.certificate.absolute()),
            trust_store=str(made.trust_store.absolute()),
            trust_store_password=authority.TRUST_STORE_PASSWORD,
            node_preload=str(node_preload()),
        )
        names = ("NODE_", "FLOWSIM_", "AIO_", "__OW_")
        found = environment.variables(access, {"FLOWSIM_TOKEN": "a token"}, {})
        return {
            "PATH": os.environ["PATH"],
            **{name: value for name, value in found.items() if name.startswith(names)},
            "NODE_ENV": "production",
            "PORT": str(self.port),
            "CLIENT_ID": self.client_id,
            "VALIDATION_HOST": f"http://127.0.0.1:{self.keys_port}",
        }
