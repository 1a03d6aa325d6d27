"""Text that looks like YAML, for tests that read anything."""

from __future__ import annotations

from hypothesis import strategies as st

WORDS = [
    *("events", "flow_run", "payload", "a", "1", "0x", "-_", "1e", ".inf", ".nan", "0o9", "null"),
    *("true", "2026-13-45", "=", "<<", "~", "é", "😀", "&a", "&b", "*a", "*b", "!!int", "!!str"),
    *("!!binary", "!", "!!", "!<x>", "!<%0A>", "!x!y", "%YAML", "%TAG", "|", "|2-", ">", ">+9"),
    *("@", "`", "?", "-", ":", ",", "[", "]", "{", "}", "'", '"', "\\x", "\\u12", "\\ud83d"),
    *("\\U00110000", "\\UFFFFFFFF", "\\", "#", "---", "..."),
]
SPACES = ["", *" \n\t\r\x85\u2028\ufeff\x00", "\n  ", "\n    ", ": "]
YAML_LIKE = st.lists(
    st.tuples(st.sampled_from(SPACES), st.sampled_from(WORDS)).map("".join), max_size=20
).map("".join)
