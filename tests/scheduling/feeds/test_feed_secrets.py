"""The token of a feed is a password: it must not stand in a log, whatever goes wrong."""

import io
import logging
from collections.abc import Iterator

import pytest
import structlog
from django.test import Client

from coordination.logging import logging_config
from coordination.project.reports import scrub_report
from scheduling.feeds import answer, queries
from tests.cast import Cast
from tests.scheduling.feeds.makers import make_address

pytestmark = pytest.mark.django_db

LOGGERS = ("django", "django.request", "django.server", "django.security", "gunicorn.access")


@pytest.fixture(params=[True, False], ids=["json", "console"])
def log(request: pytest.FixtureRequest) -> Iterator[io.StringIO]:
    """Everything production would write, at the most talkative level."""
    stream = io.StringIO()
    config = logging_config(level="DEBUG", as_json=request.param)
    handler = logging.StreamHandler(stream)
    factory = config["formatters"]["scrubbed"]
    handler.setFormatter(
        factory["()"](**{name: value for name, value in factory.items() if name != "()"})
    )
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield stream
    root.removeHandler(handler)
    root.setLevel(level)
    structlog.reset_defaults()


def test_no_answer_of_any_kind_leaves_the_token_in_a_log(
    cast: Cast, log: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = make_address(cast.aino.expert)
    secret = path.removeprefix("/feeds/").removesuffix(".ics")
    client = Client(raise_request_exception=False)
    codes = [client.get(path).status_code, client.post(path).status_code]
    codes.append(client.get(f"/feeds/{secret}").status_code)
    codes.append(client.get(f"/feeds/{secret[::-1]}.ics").status_code)
    monkeypatch.setattr(answer, "POLLS_ALLOWED", 1)
    codes.append(client.get(path).status_code)
    monkeypatch.undo()

    def breaks(token_hash: str) -> None:
        raise RuntimeError(f"broke on {path}")

    monkeypatch.setattr(queries, "token_in_force", breaks)
    codes.append(client.get(path).status_code)
    # what the web server writes for each request
    logging.getLogger("gunicorn.access").info('"GET %s HTTP/1.1" 200 "-" "iOS"', path)
    assert codes == [200, 405, 404, 404, 429, 500]
    written = log.getvalue()
    for told in ("Method Not Allowed", "broke on", "GET /feeds/"):  # it was written, and scrubbed
        assert told in written
    assert secret not in written
    assert secret[::-1] not in written


def test_an_error_report_that_leaves_the_house_holds_no_token(cast: Cast) -> None:
    path = make_address(cast.aino.expert)
    secret = path.removeprefix("/feeds/").removesuffix(".ics")
    report = scrub_report(
        {
            "request": {"url": f"https://vuoro.example.org{path}", "query_string": "lang=sv"},
            "exception": {"values": [{"value": f"broke on {secret}"}]},
            "breadcrumbs": [{"message": f"GET {path}"}],
        }
    )
    assert secret not in repr(report)
    assert report["request"]["url"] == "https://vuoro.example.org/feeds/[token].ics"
