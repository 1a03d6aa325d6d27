"""A producer that publishes CloudEvents as fast as they are acknowledged.

``python -m bench.publisher URL PROVIDER CODE N`` prints a line once it is ready, begins when it
is sent one, and ends when all are acknowledged.
"""

from __future__ import annotations

import asyncio
import json
import sys
from urllib.parse import urlsplit

CONNECTIONS = 8


def request(host: str, provider: str, code: str, number: int) -> bytes:
    event = {
        "specversion": "1.0",
        "id": str(number),
        "source": f"urn:uuid:{provider}",
        "type": code,
        "datacontenttype": "application/json",
        "data": {"number": number, "text": "x" * 1_000},
    }
    body = json.dumps(event).encode()
    # The throttle counts 3,000 requests in 5 s for each api key.
    head = (
        f"POST / HTTP/1.1\r\nhost: {host}\r\ncontent-type: application/cloudevents+json\r\n"
        f"authorization: Bearer any\r\nx-api-key: key-{number // 2_000}\r\n"
        f"content-length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


async def publish(host: str, requests: list[bytes]) -> None:
    name, _, port = host.partition(":")
    reader, writer = await asyncio.open_connection(name, int(port))
    for each in requests:
        writer.write(each)
        head = await reader.readuntil(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 200"):
            raise SystemExit(head.decode())
        length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
        await reader.readexactly(length)
    writer.close()


async def main(url: str, provider: str, code: str, number: int) -> None:
    host = urlsplit(url).netloc
    requests = [request(host, provider, code, each) for each in range(number)]
    print("ready", flush=True)
    sys.stdin.readline()
    await asyncio.gather(
        *(publish(host, requests[first::CONNECTIONS]) for first in range(CONNECTIONS))
    )


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:4], int(sys.argv[4])))
