"""The challenge is found beside other parameters of the address.

Section 3.1 of io-events-protocol.md. Mistake 53 of io-events-protocol.md 10.
"""

from __future__ import annotations

from ..core.judging.probe import Challenge
from ._challenges import all_echoed
from ._pages import GUIDE

GROUP = "challenge"
LEVEL = "should"
WHY = "An address with a query of its own gets the challenge as one parameter more."
PAGE = GUIDE
ADVICE = "Read the parameter by its name, wherever it stands in the query."
PROBES = (Challenge(), Challenge(query="tenant=a%2Fb"))
judge = all_echoed
