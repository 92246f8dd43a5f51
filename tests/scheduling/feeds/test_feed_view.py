"""What a calendar program gets: the feed, or word that nothing changed, or nothing."""

import datetime as dt
import http.client
from typing import Any
from urllib.parse import urlsplit

import icalendar
import pytest
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.utils.http import parse_http_date

from experts.services import diary
from scheduling.feeds import answer, tokens
from scheduling.models import FeedToken
from scheduling.views import feeds
from tests.cast import Cast
from tests.scheduling.feeds.makers import DAY, NOW, make_address, make_session, make_shifts

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _monday(time_machine: Any) -> None:
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def address(cast: Cast) -> str:
    make_shifts(cast.sastamala, cast.aino.expert, 3)
    return make_address(cast.aino.expert)


def get(client: Client, address: str, **headers: str) -> Any:
    return client.get(address, headers=headers)


def test_the_feed_comes_as_a_calendar_nobody_else_may_keep(client: Client, address: str) -> None:
    response = get(client, address)
    assert response.status_code == 200
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert response["Cache-Control"] == "private, no-cache"
    assert response["X-Robots-Tag"] == "noindex"
    assert response["Content-Length"] == str(len(response.content))
    assert response.cookies == {}
    assert len(icalendar.Calendar.from_ical(response.content).walk("VEVENT")) == 3


def test_the_same_data_is_the_same_bytes_whenever_asked(
    client: Client, address: str, time_machine: Any
) -> None:
    first = get(client, address)
    time_machine.move_to(NOW + 3 * DAY, tick=False)
    cache.clear()  # rendered afresh, not remembered
    second = get(client, address)
    assert second.content == first.content
    assert second["ETag"] == first["ETag"]


@pytest.mark.parametrize(
    "form",
    ["{tag}", "W/{tag}", '"other", {tag}', '"other",W/"another" , W/{tag}', "*"],
)
def test_who_has_the_feed_already_gets_304_without_a_body(
    client: Client, address: str, form: str
) -> None:
    tag = get(client, address)["ETag"]
    response = get(client, address, if_none_match=form.format(tag=tag))
    assert (response.status_code, response.content) == (304, b"")
    assert (response["ETag"], response["Cache-Control"]) == (tag, "private, no-cache")


@pytest.mark.parametrize("header", ['"other"', 'W/"other"', "nonsense", '""', '"*"', ""])
def test_another_tag_gets_the_feed(client: Client, address: str, header: str) -> None:
    assert get(client, address, if_none_match=header).status_code == 200


def test_a_tag_wins_over_a_date(client: Client, address: str) -> None:
    """RFC 9110, 13.1.3: If-Modified-Since is ignored beside If-None-Match."""
    modified = get(client, address)["Last-Modified"]
    response = get(client, address, if_none_match='"other"', if_modified_since=modified)
    assert response.status_code == 200


def test_a_reader_that_knows_only_dates_gets_304_until_something_changes(
    cast: Cast, client: Client, address: str, time_machine: Any
) -> None:
    modified = get(client, address)["Last-Modified"]
    assert parse_http_date(modified) == int(NOW.timestamp())
    time_machine.move_to(NOW + dt.timedelta(minutes=7), tick=False)
    assert get(client, address, if_modified_since=modified).status_code == 304
    entry = cast.aino.expert.diary.earliest("starts_at")
    diary.cancel(entry.source, now=NOW + dt.timedelta(minutes=7))
    changed = get(client, address, if_modified_since=modified)
    assert changed.status_code == 200
    assert parse_http_date(changed["Last-Modified"]) > parse_http_date(modified)


def test_two_changes_in_one_second_are_two_dates(cast: Cast, client: Client, address: str) -> None:
    dates = []
    for entry in cast.aino.expert.diary.all():
        diary.cancel(entry.source, now=NOW)
        dates.append(parse_http_date(get(client, address)["Last-Modified"]))
    assert dates == [int(NOW.timestamp()) + n for n in range(3)]


def test_an_entry_that_leaves_the_feed_is_a_change(
    cast: Cast, client: Client, address: str, time_machine: Any
) -> None:
    """No row changes when the 30 days are over, but the bytes do: neither tag nor date says 304."""
    diary.cancel(cast.aino.expert.diary.latest("starts_at").source, now=NOW)
    before = get(client, address)
    time_machine.move_to(NOW + 30 * DAY, tick=False)
    after = get(client, address, if_modified_since=before["Last-Modified"])
    assert (after.status_code, after["ETag"] == before["ETag"]) == (200, False)


def test_head_tells_the_same_without_a_body(client: Client, address: str) -> None:
    whole = get(client, address)
    head = client.head(address)
    assert (head.status_code, head.content) == (200, b"")
    for name in ("ETag", "Last-Modified", "Content-Length", "Content-Type", "Cache-Control"):
        assert head[name] == whole[name]
    assert client.head(address, headers={"if-none-match": whole["ETag"]}).status_code == 304


def test_the_view_itself_sends_no_body_to_head(rf: RequestFactory, address: str) -> None:
    """Django's test client and development server would drop one; gunicorn would not."""
    secret = address.removeprefix("/feeds/").removesuffix(".ics")
    head = feeds.feed(rf.head(address), secret=secret)
    assert isinstance(head, HttpResponse)
    assert (head.status_code, head.content) == (200, b"")


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options"])
def test_nothing_else_can_be_done_with_a_feed(client: Client, address: str, method: str) -> None:
    response = getattr(client, method)(address)
    assert (response.status_code, response["Allow"]) == (405, "GET, HEAD")


def test_unknown_and_ended_addresses_are_the_same_404(
    cast: Cast, client: Client, address: str
) -> None:
    tokens.revoke(cast.aino.expert, by=cast.aino.user, now=NOW)
    ended, unknown = get(client, address), get(client, f"/feeds/{'a' * 43}.ics")

    def told(response: HttpResponse) -> tuple[int, bytes, dict[str, str]]:
        headers = {name: value for name, value in response.items() if name != "X-Request-ID"}
        return response.status_code, response.content, headers

    assert told(ended) == told(unknown)
    assert ended.status_code == 404


def test_a_renewed_address_works_and_the_old_one_does_not(
    cast: Cast, client: Client, address: str
) -> None:
    renewed = make_address(cast.aino.expert)
    assert [get(client, each).status_code for each in (address, renewed)] == [404, 200]


def test_the_owner_s_language_is_spoken_whatever_the_reader_asks(
    cast: Cast, client: Client, address: str
) -> None:
    cast.aino.expert.language = "sv"
    cast.aino.expert.save(update_fields=["language"])
    body = get(client, address, accept_language="en").content.decode()
    assert "PRODID:-//Vuoro//Vuoro feeds//SV" in body
    assert "SUMMARY:Möte i aulan\\, Sastamala" in body


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("", "Aulatapaaminen"),
        ("?lang=sv", "Möte i aulan"),
        ("?lang=en", "Lobby shift"),
        ("?lang=xx", "Aulatapaaminen"),
    ],
)
def test_a_unit_s_address_says_its_language(
    cast: Cast, client: Client, query: str, title: str
) -> None:
    make_session(cast.sastamala)
    address = make_address(cast.sastamala.unit, by=cast.sari)
    assert f"SUMMARY:{title}\r\n" in get(client, address + query).content.decode()


def test_one_address_is_not_asked_without_end_and_others_do_not_suffer(
    cast: Cast, client: Client, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answer, "POLLS_ALLOWED", 3)
    other = make_address(cast.eero.expert)
    codes = [get(client, address).status_code for _ in range(5)]
    assert codes == [200, 200, 200, 429, 429]
    assert int(get(client, address)["Retry-After"]) == 600
    assert get(client, other).status_code == 200
    unknown = f"/feeds/{'b' * 43}.ics"
    assert [get(client, unknown).status_code for _ in range(4)] == [404, 404, 404, 429]


def test_a_poll_is_seen_by_the_owner_with_the_kind_of_program(client: Client, address: str) -> None:
    get(client, address, user_agent="Google-Calendar-Importer")
    token = FeedToken.objects.get()
    assert (token.last_fetched_at, token.last_reader) == (NOW, "google")


@pytest.mark.parametrize("owner", ["expert", "unit"])
def test_three_and_three_hundred_entries_cost_the_same_queries(
    cast: Cast, client: Client, owner: str, django_assert_num_queries: Any
) -> None:
    made = {
        "expert": lambda: make_address(cast.aino.expert),
        "unit": lambda: make_address(cast.sastamala.unit, by=cast.sari),
    }
    address = made[owner]()
    asked = {"expert": 4, "unit": 5}[owner]  # the address, its maker's roles, the entries
    make_shifts(cast.sastamala, cast.aino.expert, 3)
    get(client, address)  # the first poll is a write; the next ones within five minutes are not
    with django_assert_num_queries(asked):
        few = get(client, address)
    make_shifts(cast.sastamala, cast.aino.expert, 297, after=3)
    with django_assert_num_queries(asked):
        many = get(client, address)
    assert [body.content.count(b"BEGIN:VEVENT") for body in (few, many)] == [3, 300]


@pytest.mark.django_db(transaction=True)
def test_a_real_server_answers_a_raw_client_in_the_same_way(
    cast: Cast, live_server: Any, time_machine: Any
) -> None:
    """Django's test client is polite; this one counts the bytes on the wire."""
    time_machine.move_to(dt.datetime.now(dt.UTC))
    make_shifts(cast.sastamala, cast.aino.expert, 3)
    address = make_address(cast.aino.expert)
    server = urlsplit(live_server.url)

    def ask(method: str, **headers: str) -> tuple[int, str, bytes]:
        connection = http.client.HTTPConnection(str(server.hostname), server.port, timeout=10)
        connection.request(method, address, headers=headers)
        response = connection.getresponse()
        told = response.status, response.headers.get("ETag", ""), response.read()
        connection.close()
        return told

    status, tag, body = ask("GET")
    assert (status, body[:17]) == (200, b"BEGIN:VCALENDAR\r\n")
    assert ask("HEAD") == (200, tag, b"")
    assert ask("GET", **{"If-None-Match": tag}) == (304, tag, b"")
    assert ask("GET", **{"If-None-Match": f'"x", W/{tag}'}) == (304, tag, b"")
    assert ask("GET", **{"If-None-Match": tag.strip('"')})[0] == 200
