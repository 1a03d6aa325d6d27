"""Projects of Django as targets, each tested by a pytest of its own: its settings are there once.

``T`` in the text of a project is what its tests need: eight events, and the two applications.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from ..other_plugins import ALONE, without_others

FILE = {"NAME": "runs.sqlite3", "TEST": {"NAME": "test.sqlite3"}}
MEMORY = {"NAME": ":memory:"}

MODELS = """
from django.db import models

class Run(models.Model):
    event_id = models.CharField(max_length=100, unique=True)
"""

URLS = """
import json
from django.db import transaction
from django.http import HttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt
from .models import Run

@csrf_exempt
def hook(request):
    event_id = json.loads(request.body)["eventid"]
    with transaction.atomic():
        Run.objects.get_or_create(event_id=event_id)
    return HttpResponse(status=204)

@csrf_exempt
async def async_hook(request):
    await Run.objects.aget_or_create(event_id=json.loads(request.body)["eventid"])
    return HttpResponse(status=204)

urlpatterns = [path("sync", hook), path("async", async_hook), path("guarded", lambda _: 1 / 0)]
"""

T = """
import asyncio
import pytest
from django.core.asgi import get_asgi_application as asgi
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application as wsgi
from django.db import close_old_connections
from django.test import TestCase, TransactionTestCase
from runs.models import Run

MANY = {"seed": 7, "at": "2026-01-15T09:30:00Z", "events": [{"flow_run": {}, "repeat": 8}]}
KINDS = [(make, path) for make in (wsgi, asgi) for path in ("/sync", "/async")]

def assert_first_attempts(report):
    assert all(each.statuses == (204,) for each in report.events), report.timeline

@pytest.fixture
def anyio_backend():
    return "asyncio"
"""


IN_TRANSACTION = """
@pytest.mark.django_db
@pytest.mark.parametrize(("make", "path"), KINDS * 2)
def test_function(flowsim, make, path):
    Run.objects.create(event_id="1")
    report = flowsim.replay(MANY, make(), path=path)
    assert_first_attempts(report)
    assert Run.objects.count() == 9

class TestClass(TestCase):
    @classmethod
    def setUpTestData(cls):
        Run.objects.create(event_id="1")

    @pytest.fixture(autouse=True)
    def adobe(self, flowsim):
        self.flowsim = flowsim

    def test_sync(self):
        for make, path in KINDS:
            assert_first_attempts(self.flowsim.replay(MANY, make(), path=path))
            assert Run.objects.count() == 9
            Run.objects.exclude(event_id="1").delete()

    async def test_async(self):
        for make, path in KINDS:
            assert_first_attempts(await self.flowsim.areplay(MANY, make(), path=path))
            assert await Run.objects.acount() == 9
            await Run.objects.exclude(event_id="1").adelete()

    def test_both_begin_with_one(self):
        assert Run.objects.count() == 1

@pytest.mark.django_db
def test_nothing_is_left():
    assert Run.objects.count() == 0
"""

WITHOUT_TRANSACTION = """
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("make", "path"), KINDS)
def test_function(flowsim, make, path):
    assert_first_attempts(flowsim.replay(MANY, make(), path=path))
    assert Run.objects.count() == 8

@pytest.mark.anyio
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("make", "path"), KINDS)
async def test_async_function(flowsim, make, path):
    await Run.objects.acreate(event_id="1")
    assert_first_attempts(await flowsim.areplay(MANY, make(), path=path))
    assert await Run.objects.acount() == 9

class TestClass(TransactionTestCase):
    @pytest.fixture(autouse=True)
    def adobe(self, flowsim):
        self.flowsim = flowsim

    async def test_async(self):
        for make, path in KINDS:
            assert_first_attempts(await self.flowsim.areplay(MANY, make(), path=path))
            assert await Run.objects.acount() == 8

@pytest.mark.django_db(transaction=True)
def test_address(flowsim, live_server):
    assert_first_attempts(flowsim.replay("partial", f"{live_server.url}/sync"))
    assert Run.objects.count() == 1
"""

THREADS = """
@pytest.mark.django_db(transaction=True)
def test_threads(flowsim):
    twenty = MANY | {"events": [{"flow_run": {}, "repeat": 20}]}
    assert_first_attempts(flowsim.replay(twenty, wsgi(), path="/sync", threads=True))
    assert Run.objects.count() == 20

@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("make", [wsgi, asgi])
def test_check(flowsim, make):
    def processed(event_id):
        return Run.objects.filter(event_id=event_id).count()

    assert flowsim.check(make(), path="/sync", processed=processed, only=["duplicate"]).ok
"""


@pytest.fixture
def project(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A project with one table and three views; its database is a file, or in memory."""
    runs = tmp_path / "runs"
    runs.mkdir()
    for name, text in (("__init__", ""), ("models", MODELS), ("urls", URLS)):
        (runs / f"{name}.py").write_text(text)
    database = {"ENGINE": "django.db.backends.sqlite3", **request.param}
    database["OPTIONS"] = {"transaction_mode": "IMMEDIATE"}
    (tmp_path / "settings.py").write_text(
        f"SECRET_KEY, ROOT_URLCONF, INSTALLED_APPS = 'x', 'runs.urls', ['runs']\n"
        f"STATIC_URL, MIDDLEWARE = 'static/', ['django.middleware.csrf.CsrfViewMiddleware']\n"
        f"DATABASES = {{'default': {database}}}\n"
    )
    (tmp_path / "pytest.ini").write_text(
        "[pytest]\npythonpath = .\nDJANGO_SETTINGS_MODULE = settings\n"
        # Django closes no connection of a thread that has ended.
        "filterwarnings =\n    error\n    ignore:unclosed database:ResourceWarning\n"
    )
    return tmp_path


WITH_PLUGIN = without_others("django", "anyio")


def said_of(tests: Sequence[str], project: Path, plugins: str = WITH_PLUGIN) -> str:
    """Return what pytest says about the tests of some files; it is started once for all."""
    for number, text in enumerate(tests):
        (project / f"test_project_{number}.py").write_text(T + text)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *plugins.split()]
    environment = {name: each for name, each in os.environ.items() if name != "PYTEST_ADDOPTS"}
    ran = subprocess.run(
        command, cwd=project, capture_output=True, text=True, check=False, env=environment
    )
    return ran.stdout + ran.stderr


@pytest.mark.slow
@pytest.mark.parametrize(
    ("project", "tests", "passed"),
    [
        (FILE, [IN_TRANSACTION, WITHOUT_TRANSACTION, THREADS], 25),
        (MEMORY, [IN_TRANSACTION, WITHOUT_TRANSACTION], 22),
    ],
    ids=["file", "memory"],
    indirect=["project"],
)
def test_replays_work_with_and_without_the_transaction_of_a_test(
    project: Path, tests: list[str], passed: int
) -> None:
    """In a transaction, what the application writes is seen and rolled back.

    So is what the test has written. A database in a file is also there for threads and checks.
    """
    result = said_of(tests, project)
    assert f"{passed} passed" in result, result


@pytest.mark.slow
@pytest.mark.parametrize("project", [MEMORY], indirect=True)
def test_mistakes_of_django_projects_are_named(project: Path) -> None:
    """A blocked loop, a view without ``csrf_exempt``, and a webhook without its database."""
    result = said_of(
        [
            """
class TestClass(TestCase):
    @pytest.fixture(autouse=True)
    def adobe(self, flowsim):
        self.flowsim = flowsim

    async def test_loop(self):
        for make in (wsgi, asgi):
            with pytest.raises(Exception, match=r"expected await flowsim.areplay"):
                self.flowsim.replay("partial", make(), path="/sync")

def test_csrf(flowsim):
    report = flowsim.replay("partial", wsgi(), path="/guarded")
    assert report.events[0].statuses == (403,)
    assert "CSRF" in str(report.attempts[0].answer)

@pytest.mark.parametrize("make", [wsgi, asgi])
def test_unmarked(flowsim, make, caplog):
    assert flowsim.replay("partial", make(), path="/sync", max_attempts=1).dropped
    assert "django_db" in caplog.text

@pytest.mark.parametrize("make", [wsgi, asgi])
def test_interrupted(flowsim, make, monkeypatch):
    def interrupted(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr("runs.urls.json.loads", interrupted)
    with pytest.raises(KeyboardInterrupt):
        flowsim.replay("partial", make(), path="/sync")
    for signal in (request_started, request_finished):
        assert signal.disconnect(close_old_connections)
        signal.connect(close_old_connections)
"""
        ],
        project,
    )
    assert "6 passed" in result, result


@pytest.mark.slow
@pytest.mark.parametrize("project", [MEMORY], indirect=True)
def test_a_project_needs_no_plugin_for_django(project: Path) -> None:
    """Nor a database, and the security middleware finds HTTPS."""
    (project / "pytest.ini").write_text("[pytest]\npythonpath = .\n")
    with (project / "settings.py").open("a") as settings:
        settings.write(
            "MIDDLEWARE = ['django.middleware.security.SecurityMiddleware']\n"
            "SECURE_SSL_REDIRECT = True\n"
        )
    (project / "conftest.py").write_text(
        "import os, django, pytest\n"
        "os.environ['DJANGO_SETTINGS_MODULE'] = 'settings'\n"
        "django.setup()\n"
        "from django.test import utils\n"
        "@pytest.fixture(autouse=True, scope='session')\n"
        "def databases():\n"
        "    utils.setup_test_environment()\n"
        "    made = utils.setup_databases(verbosity=0, interactive=False)\n"
        "    yield\n"
        "    utils.teardown_databases(made, verbosity=0)\n"
        "    utils.teardown_test_environment()\n"
    )
    result = said_of(
        [
            """
class TestClass(TestCase):
    @pytest.fixture(autouse=True)
    def adobe(self, flowsim):
        self.flowsim = flowsim

    def test_sync(self):
        for make, path in KINDS:
            assert_first_attempts(self.flowsim.replay(MANY, make(), path=path))

    async def test_async(self):
        for make, path in KINDS:
            assert_first_attempts(await self.flowsim.areplay(MANY, make(), path=path))
        assert await Run.objects.acount() == 8
"""
        ],
        project,
        ALONE,
    )
    assert "2 passed" in result, result
