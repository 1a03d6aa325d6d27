"""``json.dumps`` of events in a bare loop; ``python -m bench.dumps N`` prints events per second.

The bodies of the events come on standard input.
"""

from __future__ import annotations

import json
import sys
import time
from typing import Any


def main(number: int, events: list[Any]) -> float:
    rounds = number // len(events)
    started = time.perf_counter()
    for _ in range(rounds):
        for event in events:
            json.dumps(event)
    return rounds * len(events) / (time.perf_counter() - started)


if __name__ == "__main__":
    print(main(int(sys.argv[1]), [json.loads(line) for line in sys.stdin.buffer]))
