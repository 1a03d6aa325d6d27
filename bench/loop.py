"""What one would write without flowsim: two signatures and ``requests.post``, in a loop.

``python -m bench.loop URL N`` prints deliveries per second; bodies come on standard input.
"""

from __future__ import annotations

import base64
import sys
import time

import requests
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256


def main(url: str, number: int, bodies: list[bytes]) -> float:
    keys = [rsa.generate_private_key(65537, 2048) for _ in range(2)]
    with requests.Session() as session:
        session.post(url, data=b"{}")
        started = time.perf_counter()
        for index in range(number):
            body = bodies[index % len(bodies)]
            first, second = (
                base64.b64encode(key.sign(body, padding.PKCS1v15(), SHA256())) for key in keys
            )
            headers: dict[str, str | bytes] = {
                "content-type": "application/json; charset=utf-8",
                "x-adobe-digital-signature-1": first,
                "x-adobe-digital-signature-2": second,
            }
            session.post(url, data=body, headers=headers, timeout=10, allow_redirects=False)
        return number / (time.perf_counter() - started)


if __name__ == "__main__":
    print(main(sys.argv[1], int(sys.argv[2]), sys.stdin.buffer.read().splitlines()))
