"""Mistaken webhooks in Express and in plain Node: what each is about, and how it is started."""

from __future__ import annotations

import shutil
from pathlib import Path

HERE = Path(__file__).parent / "node"
MODULES = HERE.parent.parent / "node" / "node_modules" / "express"

EXPRESS = {
    "rewrites-json": "raw-body",
    "leaves-the-limit": "largest-batch",
    "reads-json-only": "cloud-events-type batch-type both-formats content-type-missing",
    "echoes-a-page": "challenge-form challenge-no-page",
    "echoes-the-first": "challenge-anew",
    "echoes-the-whole-query": "challenge-beside-query",
    "opens-anything": "validation-elsewhere",
    "conflicts-at-duplicates": "duplicate-acknowledged",
    "crashes-at-bad-json": "broken-json body-missing",
    "lets-unsigned-in": "unsigned",
    "takes-any-recipient": "foreign-recipient batch-for-another",
    "reads-old-names": "deprecated-names-removed batch-without-old-names",
    "compares-recipients-if-named": "recipient-missing",
}
"""Mistake in ``node/express.cjs`` → the checks that are about it."""

HTTP = {
    "joins-the-key-path": "key-path-dots",
    "keeps-no-keys": "keys-kept",
    "keeps-error-pages": "key-error-not-kept",
    "keeps-the-first-keys": "keys-rotated",
    "reads-the-first-signature": "second-signature-alone",
    "refuses-without-keys": "key-host-hiccup",
    "takes-the-first-of-a-batch": "batch-each",
    "wants-a-first-event": "empty-batch",
    "looks-then-writes": "simultaneous-duplicates",
    "forgets-at-a-restart": "restart-duplicate",
    "remembers-few-ids": "late-duplicate",
    "knows-three-statuses": "unknown-statuses",
    "wants-numbers-for-counts": "numbers-as-text",
    "refuses-old-events": "old-event",
    "refuses-second-ends": "run-revised",
    "keeps-short-texts": "long-texts",
}
"""Mistake in ``node/http.cjs`` → the checks that are about it."""

FILES = {"Express": "express.cjs", "plain Node": "http.cjs"}
IN_NODE = {"Express": EXPRESS, "plain Node": HTTP}


def command(framework: str) -> list[str]:
    """Return the command that starts a webhook; the variable MISTAKE names its mistake."""
    return ["node", str(HERE / FILES[framework])]


def is_there() -> bool:
    """Tell whether Node and the packages that ``make tools`` installs are there."""
    return shutil.which("node") is not None and MODULES.is_dir()
