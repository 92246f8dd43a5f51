"""The HTTP side of a feed: what has not changed is not sent again, and nobody asks too often."""

import datetime as dt
import hashlib

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.http import http_date

POLLS_ALLOWED = 60
"""In one window, of one address. Programs ask every five minutes at most; a person has a few."""

POLL_WINDOW = dt.timedelta(minutes=10)
_REMEMBER_SECONDS = 90 * 24 * 3600


def etag_of(body: bytes) -> str:
    """A strong tag: the same bytes, and only they, have it."""
    return f'"{hashlib.sha256(body).hexdigest()}"'


def last_modified(token_id: int, *, etag: str, now: dt.datetime) -> int:
    """When these bytes first stood in this feed, in whole seconds since 1970.

    Not the newest entry's change: a feed also changes when a cancelled entry leaves it, or when its
    owner chooses another language. If the cache forgets, readers that know no ETag get it again.
    Always later than for the bytes before, so two changes in a second are not taken for one.
    """
    key = f"feeds:modified:{token_id}"
    known: tuple[str, int] | None = cache.get(key)
    if known and known[0] == etag:
        return known[1]
    moment = max(int(now.timestamp()), known[1] + 1 if known else 0)
    cache.set(key, (etag, moment), timeout=_REMEMBER_SECONDS)
    return moment


def calendar_answer(
    request: HttpRequest, body: bytes, *, token_id: int, now: dt.datetime
) -> HttpResponseBase:
    """The feed, or 304 without a body when the reader has it, or headers alone for HEAD."""
    etag = etag_of(body)
    modified = last_modified(token_id, etag=etag, now=now)
    response = HttpResponse(
        b"" if request.method == "HEAD" else body,
        content_type="text/calendar; charset=utf-8",
        headers={
            "Cache-Control": "private, no-cache",
            "Content-Disposition": 'inline; filename="vuoro.ics"',
            "Content-Length": str(len(body)),
            "ETag": etag,
            "Last-Modified": http_date(modified),
            "X-Robots-Tag": "noindex",
        },
    )
    answer = get_conditional_response(request, etag, modified, response)
    return answer if answer is not None else response


def not_found() -> HttpResponse:
    """Unknown and ended addresses get this, to the letter the same."""
    return HttpResponse(
        "404\n",
        status=404,
        content_type="text/plain; charset=utf-8",
        headers={"Cache-Control": "private, no-store", "X-Robots-Tag": "noindex"},
    )


def asked_too_often(token_hash: str) -> HttpResponse | None:
    """429 with Retry-After when one address is asked for too often in a window, else None."""
    key = f"feeds:polls:{token_hash}"
    seconds = int(POLL_WINDOW.total_seconds())
    cache.add(key, 0, timeout=seconds)
    try:
        polls = cache.incr(key)
    except ValueError:  # the window closed between the two lines
        return None
    if polls <= POLLS_ALLOWED:
        return None
    return HttpResponse(
        "429\n",
        status=429,
        content_type="text/plain; charset=utf-8",
        headers={"Retry-After": str(seconds), "Cache-Control": "private, no-store"},
    )
