"""What the commands share that lead clients to a service."""

from __future__ import annotations

import os
from collections.abc import Mapping

from ..printable import printable
from ._output import say


def variables(identity: Mapping[str, str]) -> dict[str, str]:
    """Return what is to be set for clients of a service; say what of NO_PROXY is left out."""
    from ..clients import client_variables, exempt_hosts

    left_out = ", ".join(exempt_hosts.left_out(os.environ))
    if left_out:
        without = f"NO_PROXY is passed on without {printable(left_out)}"
        say(f"warning: {without}: clients would go past flowsim", err=True)
    return client_variables.variables(identity)
