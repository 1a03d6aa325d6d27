"""The styles of all lines for a terminal."""

from __future__ import annotations

from functools import partial

import click

bold = partial(click.style, bold=True)
dim = partial(click.style, dim=True)
green = partial(click.style, fg="green")
red = partial(click.style, fg="red")
yellow = partial(click.style, fg="yellow")
