"""A service with every port, once for all clients of a file."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from flowsim.adobe_clients.environment import of_service
from flowsim.events_service.local_service import LocalServiceOptions, run

from .reaching import Reached, bare_environment


@pytest.fixture(scope="module")
def reached(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reached]:
    bare = bare_environment(tmp_path_factory.mktemp("user"))
    with run(LocalServiceOptions(tls_port=0, proxy_port=0)) as local:
        found = of_service(local.identity, bare)
        yield Reached(local, bare | found)
