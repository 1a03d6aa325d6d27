"""``flowsim env``: the variables that bring unmodified clients to a running service."""

from __future__ import annotations

import click

from ._options import option
from ._output import hand_on
from ._service import connected, service_option
from .exec import variables


@click.command()
@option(
    "form --format",
    "Lines for a shell, lines for a .env file, or one JSON object.",
    ["export", "dotenv", "json"],
    default="export",
)
@service_option
def command(form: str, service: str) -> None:
    """Print the variables that flowsim exec sets, for a service with a TLS port and a proxy.

    The output contains the token and the secret of the installation.

    \b
    flowsim up --tls-port 4443 --proxy-port 4480 &
    eval "$(flowsim env)"
    flowsim env --format dotenv > .env
    """
    from ..adobe_clients.environment import spell
    from ..errors import SettingError
    from ..installation import credentials

    with connected(service, wait=0.0) as client:
        client.get("/readyz")
        identity = credentials.values_for(client.address)
    if "FLOWSIM_PROXY_PORT" not in identity:
        raise SettingError(
            f"the service at {client.address} has no proxy on this machine; "
            "start it with flowsim up --tls-port 4443 --proxy-port 4480"
        )
    for line in spell(variables(identity), form).split("\n"):
        hand_on(line)
