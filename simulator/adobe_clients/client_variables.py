"""The variables that bring unmodified clients to a service of this installation."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from ..installation import authority, settings
from . import environment


def variables(identity: Mapping[str, str]) -> dict[str, str]:
    """Return what is to be set for the service that ``identity`` tells of."""
    made = authority.load(settings.authority_folder())
    access = environment.Access(
        url=identity["FLOWSIM_SERVICE"],
        tls_port=int(identity["FLOWSIM_TLS_PORT"]),
        proxy_port=int(identity["FLOWSIM_PROXY_PORT"]),
        authority=str(made.certificate.absolute()),
        trust_store=str(made.trust_store.absolute()),
        trust_store_password=authority.TRUST_STORE_PASSWORD,
        node_preload=str(node_preload()),
    )
    return environment.variables(access, identity, os.environ)


def node_preload() -> Path:
    """Return the file that lets Node programs reach the service under Adobe's host names."""
    return Path(__file__).with_name("node_preload.cjs")
