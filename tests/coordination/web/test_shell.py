"""The menu, the panels, the homes, language and colours."""

import datetime as dt
from typing import Any

import pytest
from django.http import HttpRequest
from django.template import engines
from django.test import Client, RequestFactory

from coordination.models import User
from coordination.permissions import Access, Permission, Role
from coordination.web import menu, panels

NOW = dt.datetime(2027, 3, 4, 8, 0, tzinfo=dt.UTC)


def _request(path: str, *roles: Role) -> HttpRequest:
    """A request of somebody with these roles, without a database."""
    request = RequestFactory().get(path)
    user = User(email="joku@example.org", name="Joku")
    user.__dict__["access"] = Access(roles=frozenset(roles))
    request.user = user
    return request


@pytest.fixture
def empty_menu(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(menu, "_items", {})


def _item(key: str, permission: Permission, order: int = 1, **more: Any) -> menu.MenuItem:
    return menu.MenuItem(key, key, more.pop("url_name", key), permission, order, "home", **more)


def test_a_person_sees_only_what_they_may_open(empty_menu: None) -> None:
    menu.register(_item("design", Permission.VIEW_DESIGN, 2))
    menu.register(_item("today", Permission.VIEW_TODAY, 1))
    menu.register(_item("gone", Permission.VIEW_TODAY, 0))  # no such address here
    seen = {
        role: [link.item.key for link in menu.links_for(_request("/", role))]
        for role in (Role.COORDINATOR, Role.ADMINISTRATOR, Role.EXPERT)
    }
    assert seen[Role.COORDINATOR] == ["today"]
    assert "design" in seen[Role.ADMINISTRATOR]
    assert seen[Role.EXPERT] == []


def test_roles_narrow_an_item(empty_menu: None) -> None:
    item = _item("unit_home", Permission.VIEW_UNIT_SESSIONS, roles=frozenset({Role.CLINIC_CONTACT}))
    menu.register(item)
    assert menu.links_for(_request("/", Role.COORDINATOR)) == []
    assert [link.item for link in menu.links_for(_request("/", Role.CLINIC_CONTACT))] == [item]


def test_the_longest_address_is_the_current_one(empty_menu: None) -> None:
    menu.register(_item("root", Permission.VIEW_TODAY))
    menu.register(_item("today", Permission.VIEW_TODAY))
    here = {
        path: {
            link.item.key: link.current for link in menu.links_for(_request(path, Role.COORDINATOR))
        }
        for path in ("/today/", "/today/seats/", "/elsewhere/")
    }
    assert here == {
        "/today/": {"root": "", "today": "page"},
        "/today/seats/": {"root": "", "today": "true"},
        "/elsewhere/": {"root": "true", "today": ""},
    }


def test_a_key_is_taken_once(empty_menu: None) -> None:
    menu.register(_item("today", Permission.VIEW_TODAY))
    menu.register(_item("today", Permission.VIEW_TODAY))  # the same again changes nothing
    with pytest.raises(ValueError, match="today"):
        menu.register(_item("today", Permission.VIEW_BOARD))


@pytest.fixture
def own_panels(monkeypatch: pytest.MonkeyPatch, tmp_path: Any, settings: Any) -> None:
    monkeypatch.setattr(panels, "_panels", {})


def _panel(key: str, order: int, context: Any, permission: Permission) -> panels.Panel:
    return panels.Panel(key, "today", permission, order, context, "web/panel.html")


def test_panels_of_a_page_in_order_for_those_who_may(own_panels: None) -> None:
    moments = []

    def note(request: HttpRequest, now: dt.datetime) -> dict[str, Any]:
        moments.append(now)
        return {}

    panels.register(_panel("second", 2, note, Permission.VIEW_TODAY))
    panels.register(_panel("first", 1, note, Permission.VIEW_TODAY))
    panels.register(_panel("empty", 0, lambda request, now: None, Permission.VIEW_TODAY))
    panels.register(_panel("money", 0, note, Permission.VIEW_MONEY))
    shown = panels.render("today", _request("/today/", Role.COORDINATOR), now=NOW)
    assert ["panel-first-title" in html for html in shown] == [True, False]
    assert ["panel-second-title" in html for html in shown] == [False, True]
    assert moments == [NOW, NOW]
    assert panels.render("finance_home", _request("/", Role.COORDINATOR), now=NOW) == []


HOMES = {
    "coordinator": "/today/",
    "finance": "/finance/",
    "sari": "/unit/",
    "aino": "/me/",
    "tuula": "/supervisor/",
    "administrator": "/administration/",
}


@pytest.mark.parametrize(("name", "home"), HOMES.items())
def test_the_root_sends_each_role_home(name: str, home: str, cast: Any, client: Client) -> None:
    client.force_login(cast.everybody[name])
    response = client.get("/")
    assert (response.status_code, response["Location"]) == (302, home)
    assert client.get(home).status_code == 200


def test_strangers_are_asked_to_sign_in(db: None, client: Client) -> None:
    response = client.get("/today/")
    assert response["Location"] == "/account/login/?next=/today/"


def test_other_roles_are_refused_in_words(cast: Any, client: Client) -> None:
    client.force_login(cast.aino.user)
    response = client.get("/today/")
    assert response.status_code == 403
    assert "Tämä sivu kuuluu toiselle roolille" in response.content.decode()


def test_several_roles_get_tabs(cast: Any, client: Client) -> None:
    cast.coordinator.role_grants.create(role=Role.FINANCE, starts_on=dt.date(2020, 1, 1))
    client.force_login(cast.coordinator)
    page = client.get("/today/").content.decode()
    assert '<a href="/finance/">Talous</a>' in page
    assert '<a href="/today/" aria-current="page">Koordinointi</a>' in page


def test_somebody_without_a_role_is_told_what_to_do(db: None, client: Client) -> None:
    client.force_login(User.objects.create_user("uusi@example.org", name="Uusi Henkilö"))
    assert "Pyydä sitä koordinaattoriltasi" in client.get("/").content.decode()


def test_language_of_a_stranger_is_a_cookie(db: None, client: Client) -> None:
    response = client.post("/language/", {"language": "sv", "next": "/account/login/"})
    assert response["Location"] == "/account/login/"
    assert '<html lang="sv"' in client.get("/account/login/").content.decode()


def test_language_of_a_person_is_theirs_on_every_device(cast: Any, client: Client) -> None:
    client.force_login(cast.aino.user)
    client.post("/language/", {"language": "sv", "next": "/me/"})
    cast.aino.user.refresh_from_db()
    assert cast.aino.user.language == "sv"
    other = Client(headers={"accept-language": "en"})
    other.force_login(cast.aino.user)
    assert '<html lang="sv"' in other.get("/me/").content.decode()


def test_no_other_language_is_taken(cast: Any, client: Client) -> None:
    client.force_login(cast.aino.user)
    client.post("/language/", {"language": "xx", "next": "/me/"})
    cast.aino.user.refresh_from_db()
    assert cast.aino.user.language == "fi"


@pytest.mark.parametrize(
    ("theme", "shown"), [("dark", "dark"), ("light", "light"), ("auto", "auto"), ("<b>", "auto")]
)
def test_colours_are_drawn_by_the_server(theme: str, shown: str, db: None, client: Client) -> None:
    client.post("/theme/", {"theme": "dark"})
    client.post("/theme/", {"theme": theme})
    assert f'data-theme="{shown}"' in client.get("/account/login/").content.decode()


@pytest.mark.parametrize("path", ["/theme/", "/language/"])
def test_the_way_back_stays_in_the_house(path: str, db: None, client: Client) -> None:
    sent = {"theme": "dark", "language": "sv", "next": "https://example.com/trap"}
    assert client.post(path, sent)["Location"] == "/"
    assert client.get(path).status_code == 405


def test_nothing_is_inline(cast: Any, client: Client) -> None:
    """The content security policy would refuse it: no script with code, no style, no on… attribute."""
    import re

    client.force_login(cast.administrator)
    for path in ("/design/", "/administration/", "/account/2fa/"):
        page = client.get(path, follow=True).content.decode()
        scripts = re.findall(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)[^>]*>", page)
        assert scripts == []
        assert re.findall(r"<style|\sstyle=|\son\w+=", page) == []


def test_the_page_says_where_the_statements_are(db: None, client: Client, settings: Any) -> None:
    settings.ACCESSIBILITY_URL = "https://example.org/saavutettavuus"
    settings.PRIVACY_URL = "https://example.org/tietosuoja"
    page = client.get("/account/login/").content.decode()
    assert '<a href="https://example.org/saavutettavuus">Saavutettavuusseloste</a>' in page
    assert '<a href="https://example.org/tietosuoja">Tietosuojaseloste</a>' in page


def test_names_are_escaped(cast: Any, client: Client) -> None:
    cast.aino.user.name = "<script>alert(1)</script>"
    cast.aino.user.save(update_fields=["name"])
    client.force_login(cast.aino.user)
    page = client.get("/me/").content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


def test_component_tags_escape_what_they_are_given() -> None:
    engine = engines["django"]
    template = engine.from_string(
        "{% load web %}{% badge word %}{% state 'open' word %}{% seat 'open' word %}"
        "{% reasons reasons %}{% stat word word %}{% back word word %}{% qr word word %}"
        "{% bars word points %}{% spark word values %}{% tabs word word %}{% icon 'x' word %}"
    )
    bad = '<i onclick="x">'
    html = template.render(
        {
            "word": bad,
            "reasons": [{"level": "block", "text": bad}],
            "points": [(bad, 1)],
            "values": [1, 2],
        }
    )
    assert "<i" not in html.replace("<icon", "")
    assert html.count("&lt;i onclick=") >= 12


def test_buttons_beside_the_title_follow_permission_and_role(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(panels, "_actions", {})

    def action(key: str, permission: Permission, **more: Any) -> panels.Action:
        made = panels.Action(key, "today", key, "today", permission, 1, **more)
        panels.register_action(made)
        return made

    main = action("a-main", Permission.MANAGE_SESSIONS, main=True)
    plain = action("b-plain", Permission.VIEW_TODAY)
    action("of-others", Permission.VIEW_MONEY)
    action("of-a-role", Permission.VIEW_TODAY, roles=frozenset({Role.CLINIC_CONTACT}))
    coordinator = _request("/today/", Role.COORDINATOR)
    assert panels.actions_for("today", coordinator) == [plain, main]
    assert panels.actions_for("unit_home", coordinator) == []
    with pytest.raises(ValueError, match="a-main"):
        action("a-main", Permission.VIEW_TODAY)
