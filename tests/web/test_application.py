"""Routes of our applications are made with little work, and are routes like any others."""

from __future__ import annotations

from flask import Flask, url_for

from flowsim.web import application

from ..work import calls

PATHS = [f"/{each}/<name>/of/<int:number>" for each in range(50)]


def fill(app: Flask) -> Flask:
    for path in PATHS:
        app.add_url_rule(path, path, lambda name, number: f"{number} {name}")
    return app


def test_routes_are_made_with_a_fifth_of_the_work() -> None:
    ours, others = application.named("ours"), Flask("others", static_folder=None)
    assert calls(lambda: fill(ours)) < calls(lambda: fill(others)) / 5


def test_urls_are_matched_and_built_as_by_any_application() -> None:
    app = fill(application.named("ours"))
    assert app.test_client().get("/7/a%20b/of/3").text == "3 a b"
    with app.test_request_context():
        values = {"name": "a b", "number": 3}
        assert url_for(PATHS[7], **values, _anchor="c") == "/7/a%20b/of/3#c"
        assert url_for(PATHS[7], **values, more="d") == "/7/a%20b/of/3?more=d"
