"""``python -m tests.verdicts [PART …]``: proves the verdicts of ``flowsim check``, or a part."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from importlib import import_module
from typing import Any

from . import races

PARTS = ("mistakes", "independent", "correct", "races")


def main(arguments: Sequence[str]) -> int:
    """Run some parts, or all; return 1 if a claim of one is not met, 2 for an unknown part."""
    if unknown := [each for each in arguments if each not in PARTS]:
        print(f"no part {' '.join(unknown)}; expected {', '.join(PARTS)}", file=sys.stderr)
        return 2
    met = [_is_met(part) for part in arguments or PARTS]
    return 0 if all(met) else 1


def _is_met(part: str) -> bool:
    started = time.monotonic()
    try:
        is_met = races.main([]) == 0 if part == "races" else _module(part).main()
    except (OSError, RuntimeError) as error:  # a webhook does not start, or time is over
        print(f"{part}: {error}")
        is_met = False
    took = time.monotonic() - started
    print(f"{part}: {'proven' if is_met else 'NOT PROVEN'}, in {took:.0f} s\n", flush=True)
    return bool(is_met)


def _module(part: str) -> Any:
    return import_module(f"{__package__}.{part}")


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
