"""Every page of every role works without script: each control leads somewhere by itself (plain.py: the rules).

What stands on a page is read from the table of routes, after GET and after an empty POST (a form with its
errors). The browser does the main job of each role without script in browser/test_without_script.py.
"""

import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.test import Client
from django.urls import Resolver404, resolve, reverse

from tests.cast import Cast
from tests.contracts import plain
from tests.contracts.routes.table import PEOPLE
from tests.contracts.test_routes import TABLE, undone

ROWS = {row.name: row for row in TABLE}
SPECIMENS = {"design"}
NOT_IN_TABLE = ("/static/", "/admin/")
HOOKS = {
    "step": "the field itself takes the number (plus and minus are hidden without script)",
    "for": "as step",
    "copy": "the text stands in a field that can be selected (hidden without script)",
    "done": "as copy",
    "print": "the browser prints (hidden without script)",
    "auto": "the filter has its own button: a form without one is a problem",
    "focus": "the summary of errors stands first anyway",
    "specimen": "the design page",
    "sent": "the database refuses what is sent twice",
    "saved": "the tally is sent when there is a network",
    "passkey": "the other ways to sign in stand beside it (hidden without script)",
}
"""What our scripts hang on to by `data-…`, and what does the same without them."""

BESIDE = """
    <form id="f" method="post"><button>Katso</button></form>
    <div hx-post="/" hx-include="#f" hx-trigger="change from:#f"></div>"""
OURS = [
    Path(app.path)
    for app in apps.get_app_configs()
    if Path(app.path).is_relative_to(settings.BASE_DIR) and ".venv" not in app.path
]


@cache
def _name(path: str) -> str:
    return resolve(path).view_name


def reach_of(letter: str) -> plain.Reach:
    """What the table of routes says of this person asking that address."""

    def reach(method: str, path: str) -> str:
        if path.startswith(NOT_IN_TABLE):
            return ""
        try:
            row = ROWS[_name(path)]
        except Resolver404:
            return "no such address"
        status = row.expected(letter, method, is_other=False)
        return f"answers {status}" if status in {401, 403, 405} else ""

    return reach


@pytest.mark.django_db
@pytest.mark.parametrize("letter", [*PEOPLE, "!"])
def test_every_control_works_without_script(letter: str, cast: Cast) -> None:
    client, looked_at, found = Client(), 0, list[str]()
    if letter != "!":
        client.force_login(cast.everybody[PEOPLE[letter]])
    for row in TABLE:
        if row.name in SPECIMENS or row.name.startswith("api:"):
            continue
        for method in ("GET", "POST"):
            if row.expected(letter, method, is_other=False) not in {200, 422}:
                continue
            with undone():
                url = reverse(row.name, args=row.own(cast) if row.own else [])
                response: Any = client.generic(method, url, *row.sends)
            if not response.get("Content-Type", "").startswith("text/html"):
                continue
            looked_at += 1
            said = plain.problems(response.content.decode(), at=url, reach=reach_of(letter))
            found += [f"{method} {row.name}: {one}" for one in said]
    assert found == []
    assert looked_at >= 5


def test_no_template_asks_in_a_way_a_form_cannot() -> None:
    """Also in branches that no page above shows."""
    found = [
        f"{path.name}: {what}"
        for app in OURS
        for path in (app / "templates").rglob("*.html")
        for what in re.findall(
            r"hx-(?:put|patch|delete)|\son[a-z]+=|javascript:|<dialog|hx-on", path.read_text()
        )
    ]
    assert found == []


def test_every_hook_of_a_script_has_a_plain_way() -> None:
    scripts = [path.read_text() for app in OURS for path in (app / "static").rglob("*.js")]
    named = {
        name.split("-")[0]
        for text in scripts
        for name in re.findall(r"\[data-([a-z-]+)|dataset\.([a-z]+)|data-(passkey)-", text)
        for name in name
        if name
    }
    assert named == set(HOOKS)


@pytest.mark.parametrize(
    ("html", "says"),
    [
        ('<form method="post" action="/"><button>Tallenna</button></form>', ""),
        ("<button>Tallenna</button>", "sends no form"),
        ('<button form="f">x</button><form id="f"></form>', ""),
        ('<button form="f">x</button>', "sends no form"),
        ('<button type="button" data-print>Tulosta</button>', "does nothing without script"),
        ('<button type="button" class="needs-script">x</button>', ""),
        ('<form method="post" action="/"><input name="x"></form>', "nothing sends it"),
        ('<form method="delete" action="/"><button>x</button></form>', "a method no form can send"),
        ('<form method="post" action="/no/"><button>x</button></form>', "wrong"),
        ('<form action="/" method="post"><button formaction="/no/">x</button></form>', "wrong"),
        (
            '<form action="https://example.org/" method="post"><button>x</button></form>',
            "sends a form away",
        ),
        ("<a>Avaa</a>", "leads nowhere"),
        ('<a href="#">Avaa</a>', "leads to what is not on the page"),
        ('<a href="#who">Avaa</a><p id="who"></p>', ""),
        ('<a href="javascript:f()">Avaa</a>', "only script follows it"),
        ('<a href="/no/">Avaa</a>', "wrong"),
        ('<a href="tel:040123">Soita</a>', ""),
        ('<a href="/" hx-get="/">Avaa</a>', ""),
        ('<a href="/a/" hx-get="/b/">Avaa</a>', "its link differs"),
        (
            '<button type="button" class="needs-script" hx-post="/">x</button>',
            "only script presses it",
        ),
        ('<form method="post" action="/" hx-post="/"><button>x</button></form>', ""),
        (
            '<form method="post" action="/a/" hx-post="/b/"><button>x</button></form>',
            "its form differs",
        ),
        ('<tr hx-delete="/"></tr>', "no plain browser sends this"),
        ('<div hx-get="/" hx-trigger="every 2s"></div>', "no link does the same"),
        ('<div hx-get="/" hx-trigger="every 2s"><noscript><a href="">x</a></noscript></div>', ""),
        (
            BESIDE,
            "the form it follows has no button",
        ),
        (
            BESIDE.replace("<button", '<button name="see"'),
            "",
        ),
        ('<p onclick="f()">x</p>', "an event only script hears"),
        ("<dialog>x</dialog>", "only script opens it"),
        ('<button popovertarget="m">x</button><div id="m" popover></div>', ""),
        ('<button popovertarget="m">x</button>', "opens what is not on the page"),
    ],
)
def test_the_rules_see_what_only_script_works(html: str, says: str) -> None:
    def reach(_method: str, path: str) -> str:
        return "wrong" if path == "/no/" else ""

    said = plain.problems(html, at="/here/", reach=reach)
    assert [one.startswith(says) for one in said] == ([True] if says else [])
