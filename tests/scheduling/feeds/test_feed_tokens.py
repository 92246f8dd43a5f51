"""An address is a password: made once, kept as a hash, ended at once."""

import datetime as dt
import re
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from coordination.errors import Refused
from coordination.permissions import Role
from scheduling.feeds import tokens
from scheduling.feeds.readers import Reader, reader_of
from scheduling.models import FeedToken
from tests.cast import Cast, make_unit, make_user
from tests.scheduling.feeds.makers import HOUR, NOW


@pytest.mark.django_db
def test_only_the_hash_of_a_secret_is_kept(cast: Cast) -> None:
    secret = tokens.issue(cast.aino.expert, instead_of=None, by=cast.aino.user, now=NOW)
    assert re.fullmatch(r"[\w-]{43}", secret)
    (token,) = FeedToken.objects.all()
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_jsonb(t)::text FROM scheduling_feedtoken t")
        assert secret not in cursor.fetchone()[0]
    assert (token.token_hash, token.created_at) == (tokens.hash_of(secret), NOW)


@pytest.mark.django_db
def test_a_new_address_ends_the_old_one_and_only_the_owner_s(cast: Cast) -> None:
    tokens.issue(cast.eero.expert, instead_of=None, by=cast.eero.user, now=NOW)
    tokens.issue(cast.aino.expert, instead_of=None, by=cast.aino.user, now=NOW)
    first = tokens.current(cast.aino.expert, of=cast.aino.user)
    assert first is not None
    tokens.issue(cast.aino.expert, instead_of=first.pk, by=cast.aino.user, now=NOW + HOUR)
    first.refresh_from_db()
    assert first.revoked_at == NOW + HOUR
    assert FeedToken.objects.filter(revoked_at__isnull=True).count() == 2


@pytest.mark.django_db
def test_a_second_press_does_not_end_the_address_just_made(cast: Cast) -> None:
    secret = tokens.issue(cast.sastamala.unit, instead_of=None, by=cast.sari, now=NOW)
    with pytest.raises(Refused) as refused:
        tokens.issue(cast.sastamala.unit, instead_of=None, by=cast.sari, now=NOW)
    assert refused.value.code == "feed_changed"
    current = tokens.current(cast.sastamala.unit, of=cast.sari)
    assert current is not None
    assert current.token_hash == tokens.hash_of(secret)


@pytest.mark.django_db
def test_ending_what_is_not_there_is_no_error(cast: Cast) -> None:
    tokens.revoke(cast.aino.expert, by=cast.aino.user, now=NOW)
    assert FeedToken.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_two_presses_at_once_make_one_address() -> None:
    unit = make_unit()
    contact = make_user(role=Role.CLINIC_CONTACT, unit=unit)
    both = threading.Barrier(2)

    def press(_: int) -> str:
        both.wait()
        try:
            return tokens.issue(unit, instead_of=None, by=contact, now=NOW)
        except Refused as refused:
            return refused.code
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        answers = sorted(pool.map(press, range(2)), key=len)
    assert answers[0] == "feed_changed"
    (token,) = FeedToken.objects.all()
    assert token.token_hash == tokens.hash_of(answers[1])


@pytest.mark.django_db
def test_a_poll_is_remembered_at_most_every_five_minutes(cast: Cast) -> None:
    tokens.issue(cast.aino.expert, instead_of=None, by=cast.aino.user, now=NOW)

    def poll(minutes: float, reader: str) -> tuple[float, str]:
        token = FeedToken.objects.get()
        tokens.note_fetch(token, reader=reader, now=NOW + dt.timedelta(minutes=minutes))
        token.refresh_from_db()
        assert token.last_fetched_at is not None
        return (token.last_fetched_at - NOW).total_seconds() / 60, token.last_reader

    assert poll(0, "google") == (0, "google")
    assert poll(4.9, "apple") == (0, "google")
    assert poll(5, "apple") == (5, "apple")


@pytest.mark.parametrize(
    ("agent", "reader"),
    [
        ("Google-Calendar-Importer", Reader.GOOGLE),
        ("iOS/18.1 (22B83) dataaccessd/1.0", Reader.APPLE),
        ("macOS/15.1 (24B83) CalendarAgent/1018", Reader.APPLE),
        ("Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0.1; Pro)", Reader.OUTLOOK),
        ("Microsoft.Exchange.WebServices/15.20", Reader.OUTLOOK),
        ("Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101 Thunderbird/128.4.0", Reader.OTHER),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15", Reader.OTHER),
        ("", Reader.OTHER),
    ],
)  # fmt: skip
def test_readers_are_known_coarsely(agent: str, reader: Reader) -> None:
    assert reader_of(agent) is reader
