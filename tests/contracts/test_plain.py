"""Every page of every role works without script: the rules are in plain.py, and tried here.

They are asked of every page, after GET and after an empty POST, where all pages are rendered anyway:
test_routes.py. A browser does the main job of each role without script: browser/test_without_script.py.
"""

import re
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings

from tests.contracts import plain

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
