"""Clients in Python, Java and of the shell: each fetches a public key as it would from Adobe."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

from flowsim.core.signature import key_path
from flowsim.installation import keys, settings

from .reaching import Reached

PYTHON = {
    "urllib": """
import urllib.request
def fetch(url): return urllib.request.urlopen(url).read().decode()
""",
    "requests": """
import requests
def fetch(url): return result(requests.get(url))
""",
    "httpx": """
import httpx
def fetch(url): return result(httpx.get(url))
""",
    "aiohttp": """
import aiohttp, asyncio
async def get(url):
    async with aiohttp.ClientSession(trust_env=True) as session, session.get(url) as answer:
        return await answer.text()
def fetch(url): return asyncio.run(get(url))
""",
}
TELLS = """
import sys
def result(answer):
    answer.raise_for_status()
    return answer.text
for url in sys.argv[1:]:
    try:
        print(fetch(url), end="")
    except Exception as error:
        print(error, file=sys.stderr)
"""


@pytest.fixture(params=[*PYTHON, "curl"])
def client(request: pytest.FixtureRequest) -> list[str]:
    """The command that fetches URLs, and prints what came and why nothing did."""
    if request.param in PYTHON:
        return [sys.executable, "-c", PYTHON[request.param] + TELLS]
    if shutil.which("curl") is None:
        pytest.skip("no curl on this machine")
    return ["curl", "--silent", "--show-error", "--fail"]


def test_clients_reach_the_key_host_and_this_machine_only(
    reached: Reached, client: list[str]
) -> None:
    """The one through the proxy, the other past it."""
    key = keys.load(settings.keys_folder())[0]
    url = f"https://static.adobeioevents.com{key_path(key.name)}"
    result = reached.run(*client, url, f"{reached.local.url}/healthz", "https://example.com/")
    assert result.stdout.strip() == key.public_pem.decode() + '{"status":"ok"}'
    (refused,) = result.stderr.splitlines()
    assert "403" in refused


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


@pytest.mark.slow
def test_java_reaches_the_same_hosts_with_its_own_trust_store(
    reached: Reached, tmp_path: Path
) -> None:
    if shutil.which("javac") is None:
        pytest.skip("no JDK on this machine: whether Java trusts the authority cannot be tried")
    program, key = tmp_path / "Fetch.java", keys.load(settings.keys_folder())[0]
    program.write_text(JAVA)
    url = f"https://static.adobeioevents.com{key_path(key.name)}"
    result = reached.run(
        "java", program, url, f"{reached.local.url}/healthz", "https://example.com"
    )
    health, _, refused = result.stdout.removeprefix(key.public_pem.decode()).partition("\n")
    assert health == '{"status":"ok"}'
    assert "403 Forbidden" in refused
