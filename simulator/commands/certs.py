"""``flowsim certs``: the certificate authority of this installation."""

from __future__ import annotations

import click

from . import _options
from ._output import hand_on, print_json


@click.command()
@_options.as_json("Print all paths as one JSON object.")
def command(as_json: bool) -> None:
    """Print the path of the service's certificate authority, for clients to trust.

    The authority is made at first use. It signs the certificates of Adobe's host names on the TLS
    port of the service, and flowsim's client certificate for webhooks that ask for one. --json adds
    the trust store for Java (PKCS #12) and its password.

    \b
    flowsim certs
    curl --cacert "$(flowsim certs)" https://localhost:4443/healthz
    """
    from ..installation import authority, settings

    made = authority.load(settings.authority_folder())
    if not as_json:
        hand_on(str(made.certificate))
        return
    paths = {
        "authority": str(made.certificate),
        "trust_store": str(made.trust_store),
        "trust_store_password": authority.TRUST_STORE_PASSWORD,
    }
    print_json(paths)
