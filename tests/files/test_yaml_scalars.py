"""Scalars, read by several threads from the very first on."""

from __future__ import annotations

import subprocess
import sys

PROGRAM = """
import sys, threading
from flowsim.files.yaml_documents import scalar
sys.setswitchinterval(1e-6)
ready, read = threading.Barrier(8), []
def work():
    ready.wait()
    read.append([scalar(text, "here") for text in ("7", "30", "0.5", "true", "null", "x")])
threads = [threading.Thread(target=work) for _ in range(8)]
for each in threads: each.start()
for each in threads: each.join()
assert read == [[7, 30, 0.5, True, None, "x"]] * 8, read
"""


def test_threads_that_read_first_have_all_rules_of_yaml() -> None:
    """Its seed of 7 was text to one thread, while another one was making the rules of numbers."""
    for _ in range(5):
        subprocess.run([sys.executable, "-c", PROGRAM], check=True)
