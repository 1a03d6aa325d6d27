"""What commands share that serve pages: ``--open``, and the browser."""

from __future__ import annotations

import os
import sys
import threading
import webbrowser

from ._options import flag
from ._output import say

open_option = flag("is_opened --open", "Open the dashboard in a browser.")
"""``--open``: the parameter ``is_opened``."""


def open_pages(address: str) -> None:
    """Open an address in the user's browser; say so if there is none.

    It returns at once: some browsers end only when the user closes them.
    """

    def work() -> None:
        if not (_has_screen() and webbrowser.open(address)):
            say("no browser found; open the address behind dashboard: in one", err=True)

    threading.Thread(target=work, name="browser", daemon=True).start()


def _has_screen() -> bool:
    """Return whether a browser gets a window: one in the terminal would take the lines of ours."""
    if "BROWSER" in os.environ or sys.platform in ("win32", "darwin"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
