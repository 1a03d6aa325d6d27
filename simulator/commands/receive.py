"""``flowsim receive``: the receiving stub on its own."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from ._listening import address, warn_if_reachable
from ._options import Duration

if TYPE_CHECKING:
    from ..web.receiver import Received


@click.command()
@click.option(
    "--port",
    metavar="PORT",
    default=8080,
    show_default=True,
    type=click.IntRange(0, 65_535),
    help="0: a free one.",
)
@click.option("--host", default="127.0.0.1", show_default=True, help="Where to listen.")
@click.option("--client-id", metavar="ID", help="Refuse deliveries for any other recipient.")
@click.option(
    "--respond", metavar="CODES", help="What to answer each event in turn, as in 503*2,200."
)
@click.option(
    "--delay",
    metavar="S",
    type=Duration(),
    default=0.0,
    help="How long to wait before each answer.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@click.option(
    "--keys",
    metavar="URL|DIR",
    help="A key host or a folder of PEM files; default: this installation's keys.",
)
def command(
    port: int,
    host: str,
    client_id: str | None,
    respond: str | None,
    delay: float,
    as_json: bool,
    keys: str | None,
) -> None:
    """Receive notifications as a sound webhook would, and print what came.

    Answers the challenge, verifies signature, recipient and JSON; sound deliveries get 200,
    others 401 or 400, unless --respond says otherwise. GET /received lists what came,
    DELETE /received forgets it.

    \b
    flowsim receive --port 8080 --respond '503*2,200'
    """
    import threading

    from ..clock import sleep
    from ..core import answers
    from ..key_sources import find_key
    from ..web import receiver
    from ..web.server import Server

    color, ended = click.get_current_context().color, threading.Event()

    def tell(received: Received) -> None:
        try:
            click.echo(_as_json(received) if as_json else _as_line(received), color=color)
        except OSError:  # nobody reads any more
            ended.set()

    manner = receiver.Manner(
        client_id=client_id,
        codes=answers.parse(respond) if respond else None,
        delay=lambda: sleep(delay),
        on_received=tell,
    )
    app = receiver.create(receiver.Receiver(find_key(keys), manner))
    with Server(app, host, port, threads=64) as server:
        click.echo(f"webhook: {address(host, server.port)}/ (Ctrl-C ends it)", err=True)
        warn_if_reachable(host)
        try:
            ended.wait()
        except KeyboardInterrupt:
            click.echo("stopped", err=True)


def _as_line(received: Received) -> str:
    from ..clock import present

    headers, reason = received.headers, received.reception.reason
    verdict = click.style("verified", fg="green") if not reason else click.style(reason, fg="red")
    retry = headers.get("x-adobe-retry-count")
    return (
        f"{present():%H:%M:%S} ← {headers.get('x-adobe-event-code', 'no event code')} "
        f"{headers.get('x-adobe-event-id', 'no event id')[:8]}"
        f"{f' retry {retry}' if retry else ''} [{received.answered}] {verdict}"
    )


def _as_json(received: Received) -> str:
    return json.dumps({"type": "received", **received.as_json()}, ensure_ascii=False)
