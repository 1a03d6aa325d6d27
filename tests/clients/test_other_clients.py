"""Clients in Python, Java and of the shell: each fetches a public key as it would from Adobe."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from flowsim import settings
from flowsim.core.signature import key_path
from flowsim.signing import keys

from .reaching import Reached

PYTHON = {
    "urllib": "import urllib.request as u; print(u.urlopen({url!r}).read().decode(), end='')",
    "requests": "import requests; print(requests.get({url!r}).text, end='')",
    "httpx": "import httpx; print(httpx.get({url!r}).text, end='')",
    "aiohttp": """
import aiohttp, asyncio
async def main():
    async with aiohttp.ClientSession(trust_env=True) as session, session.get({url!r}) as answer:
        print(await answer.text(), end='')
asyncio.run(main())
""",
}

Command = Callable[[str], list[str]]


@pytest.fixture(params=[*PYTHON, "curl"])
def client(request: pytest.FixtureRequest) -> Command:
    """The command that fetches a URL and prints what came."""
    if request.param in PYTHON:
        return lambda url: [sys.executable, "-c", PYTHON[request.param].format(url=url)]
    if shutil.which("curl") is None:
        pytest.skip("no curl on this machine")
    return lambda url: ["curl", "--silent", "--show-error", "--fail", url]


def test_a_key_is_fetched_from_the_key_host(reached: Reached, client: Command) -> None:
    key = keys.load(settings.keys_folder())[0]
    url = f"https://static.adobeioevents.com{key_path(key.name)}"
    told = reached.tell(*client(url))
    assert told.returncode == 0, told.stderr
    assert told.stdout == key.public_pem.decode()


def test_nothing_else_is_reached(reached: Reached, client: Command) -> None:
    told = reached.tell(*client("https://example.com/"))
    assert told.returncode != 0
    assert told.stdout == ""
    assert "403" in told.stderr


def test_this_machine_is_reached_past_the_proxy(reached: Reached, client: Command) -> None:
    told = reached.tell(*client(f"{reached.local.url}/healthz"))
    assert told.returncode == 0, told.stderr
    assert told.stdout.strip() == '{"status":"ok"}'


JAVA = """
import java.net.URL;

class Fetch {
    public static void main(String[] urls) throws Exception {
        for (String url : urls) {
            try (var answer = new URL(url).openStream()) {
                System.out.write(answer.readAllBytes());
            } catch (java.io.IOException refused) {
                System.out.println(refused.getMessage());
            }
        }
        System.out.flush();
    }
}
"""


def test_java_does_the_same_with_its_own_trust_store(reached: Reached, tmp_path: Path) -> None:
    if shutil.which("javac") is None:
        pytest.skip("no JDK on this machine: whether Java trusts the authority cannot be tried")
    program, key = tmp_path / "Fetch.java", keys.load(settings.keys_folder())[0]
    program.write_text(JAVA)
    url = f"https://static.adobeioevents.com{key_path(key.name)}"
    told = reached.tell("java", program, url, f"{reached.local.url}/healthz", "https://example.com")
    health, _, refused = told.stdout.removeprefix(key.public_pem.decode()).partition("\n")
    assert health == '{"status":"ok"}'
    assert "403 Forbidden" in refused
