"""``flowsim keys``: the signing keys of this installation."""

from __future__ import annotations

import click

from ..printable import printable
from ._output import say


@click.group()
def command() -> None:
    """Show or rotate the two signing keys.

    \b
    flowsim keys show --pem
    flowsim keys rotate 1
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
