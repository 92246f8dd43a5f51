"""Nothing that opens a door or names a person gets into a log."""

import io
import json
import logging
import logging.config
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client, RequestFactory

from coordination.logging import logging_config, scrub
from coordination.middleware import REQUEST_ID_HEADER, AuditMiddleware
from coordination.project.reports import scrub_report

TOKEN = "Zk3vQx-1_pL9sT7uWm2Rb5Yc8Nd4Hf6Jg0Ka1Oe3XiU"


@pytest.mark.parametrize(
    "line",
    [
        "GET /feeds/{}.ics 200",
        '{{"path": "/feeds/{}.ics"}}',
        "/a/{}/",
        "https://vuoro.example.org/a/{}/?x=1",
        "/invitations/{}/accept",
        "Authorization: Token {}",
        "Authorization: Bearer {}",
        "{{'HTTP_AUTHORIZATION': 'Token {}'}}",
        "api_key={}&x=1",
        'password="{}"',
        "redis://:{}@redis:6379/0",
    ],
)
@pytest.mark.parametrize("token", [TOKEN, "short-7token"])
def test_tokens_are_scrubbed_wherever_they_stand(line: str, token: str) -> None:
    assert token not in scrub(line.format(token))


def test_a_long_token_is_scrubbed_without_anything_beside_it() -> None:
    assert scrub(f"({TOKEN})") == "([token])"


@pytest.mark.parametrize(
    "secret",
    ["password=hunter2", "'password': 'hunter2'", "smtp+tls://vuoro:hunter2@mail.example.org"],
)
def test_passwords_are_scrubbed(secret: str) -> None:
    assert "hunter2" not in scrub(secret)


def test_mail_addresses_are_scrubbed() -> None:
    said = scrub("to Matti <matti.meikäläinen+vuoro@sub.example.org>: refused")
    assert said == "to Matti <[e-mail]>: refused"


@pytest.mark.parametrize(
    "line",
    [
        "Not Found: /sessions/12/",
        "GET /feeds/ 200",
        "token expired yesterday",
        "coordination.project.embedded.processes",
        "/static/web/css/components.55e7cbb9ba48.css",
        "request_id=8f14e45fceea167a5a36dedd4bea2543",
    ],
)
def test_what_is_no_secret_stays_readable(line: str) -> None:
    assert scrub(line) == line


@pytest.fixture
def written() -> Iterator[Callable[[], tuple[str, list[dict[str, Any]]]]]:
    """Logs as production writes them; returns what came out, whole and as one dictionary a line."""
    stream = io.StringIO()
    config = logging_config(level="INFO", as_json=True)
    config["handlers"]["console"]["stream"] = stream
    root = logging.getLogger()
    before = (root.handlers[:], root.level)
    logging.config.dictConfig(config)

    def written() -> tuple[str, list[dict[str, Any]]]:
        text = stream.getvalue()
        return text, [json.loads(line) for line in text.splitlines()]

    yield written
    root.handlers[:], root.level = before


def test_a_traceback_is_scrubbed_too(written: Any) -> None:
    try:
        raise ValueError(f"no such address: /a/{TOKEN}/ of aino@example.org")
    except ValueError:
        logging.getLogger("any.library").exception("failed for %s", "aino@example.org")
    text, (line,) = written()
    assert "ValueError" in line["exception"]
    assert TOKEN not in text
    assert "aino" not in text


def test_a_request_without_id_gets_one_and_its_lines_carry_it(
    written: Any, client: Client, db: None
) -> None:
    response = client.get(f"/feeds/{TOKEN}.ics")
    text, lines = written()
    assert {line["request_id"] for line in lines} == {response[REQUEST_ID_HEADER]}
    assert "/feeds/[token]" in text
    assert TOKEN not in text


def test_the_proxys_request_id_is_kept_and_nonsense_is_not(client: Client, db: None) -> None:
    given = "5b0d0a7e-proxy-0001"
    assert client.get("/healthz", headers={REQUEST_ID_HEADER: given})[REQUEST_ID_HEADER] == given
    for nonsense in ("x", "a b c d e f g h", "<script>alert(1)</script>", "x" * 65):
        made = client.get("/healthz", headers={REQUEST_ID_HEADER: nonsense})[REQUEST_ID_HEADER]
        assert made != nonsense
        assert len(made) == 32


def test_the_audit_keeps_no_token(rf: RequestFactory, db: None) -> None:
    middleware = AuditMiddleware(lambda request: None)  # type: ignore[no-untyped-call]
    context = middleware.get_context(rf.post(f"/a/{TOKEN}/"))
    assert context["url"] == "/a/[token]/"


def test_error_reports_are_scrubbed_to_the_bottom() -> None:
    report = {"request": {"url": f"https://x/a/{TOKEN}/"}, "breadcrumbs": [{"message": TOKEN}]}
    assert TOKEN not in json.dumps(scrub_report(report))
