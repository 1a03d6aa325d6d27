"""``flowsim keys``: the signing keys of this installation."""

from __future__ import annotations

from typing import Any

import click

from ..defaults import KEYS_PORT
from ..printable import printable
from ._options import name_option
from ._output import say
from ._subcommands import Subcommands


@click.group(cls=Subcommands)
def command() -> None:
    """Show, rotate or serve the two signing keys.

    \b
    flowsim keys show --pem
    flowsim keys rotate 1
    flowsim keys serve
    """


@command.command()
@click.option("--pem", is_flag=True, help="Print the public keys themselves.")
def show(pem: bool) -> None:
    """Print the names of the public keys and where they are kept.

    \b
    flowsim keys show --pem
    """
    from .. import settings
    from ..core.signature import key_path
    from ..signing import keys

    folder = settings.keys_folder()
    for number, key in enumerate(keys.load(folder), 1):
        if pem:
            say(key.public_pem.decode(), nl=False, is_exact=True)
        else:
            place = printable(str(folder / "public" / key.name))
            say(f"{number} {key_path(key.name)} {place}.pem", is_exact=True)


@command.command()
@click.argument("number", required=False, type=click.IntRange(1, 2), metavar="[1|2]")
def rotate(number: int | None) -> None:
    """Make a key with a new name in the place of key 1 or 2, or of both.

    \b
    flowsim keys rotate 1
    """
    from .. import settings
    from ..core.signature import key_path
    from ..signing import keys

    for each in (number,) if number else (1, 2):
        key = keys.rotate(settings.keys_folder(), each)
        say(f"{each} {key_path(key.name)}")


@command.command()
@click.option(
    "--port",
    metavar="PORT",
    default=KEYS_PORT,
    show_default=True,
    type=click.IntRange(0, 65_535),
    help="0: a free one.",
)
@click.option(
    "--tls-port",
    metavar="PORT",
    type=click.IntRange(0, 65_535),
    help="HTTPS too, as static.adobeioevents.com; flowsim certs names the authority.",
)
@click.option("--host", default="127.0.0.1", show_default=True, help="Where to listen.")
@name_option
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
def serve(as_json: bool, **place: Any) -> None:
    """Serve the public keys until Ctrl-C, and print what is asked for.

    It is the key host of flowsim check and flowsim replay, for webhooks that are to be verified
    at any time. Keys that are rotated meanwhile are served from then on.

    \b
    flowsim keys serve --port 4020
    """
    from ._key_host import Place, run

    run(Place(**place), as_json)
