"""One calendar as the page about it needs it: whose it is, its addresses, what it is called."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from coordination.models import Unit
from experts.models import Expert
from scheduling.feeds import texts
from scheduling.feeds.tokens import Owner


@dataclass(frozen=True)
class Own:
    """Names of one calendar's pages, and the words on them."""

    owner: Owner
    title: str
    calendar_name: str
    page_url: str
    renew_url: str
    end_url: str
    is_unit: bool


def own_calendar(expert: Expert) -> Own:
    return Own(
        owner=expert,
        title=_("Your shifts in your own calendar"),
        calendar_name=texts.calendar_of_expert(),
        page_url=reverse("feed_own"),
        renew_url=reverse("feed_own_renew"),
        end_url=reverse("feed_own_end"),
        is_unit=False,
    )


def unit_calendar(unit: Unit) -> Own:
    return Own(
        owner=unit,
        title=_("%(unit)s: sessions in your calendar") % {"unit": texts.unit_name(unit)},
        calendar_name=texts.calendar_of_unit(unit),
        page_url=reverse("feed_unit", args=[unit.pk]),
        renew_url=reverse("feed_unit_renew", args=[unit.pk]),
        end_url=reverse("feed_unit_end", args=[unit.pk]),
        is_unit=True,
    )


@dataclass(frozen=True)
class Address:
    """A calendar's address and the links by which programs take it. To be shown once."""

    https: str
    name: str

    @property
    def webcal(self) -> str:
        """Opens Apple's calendar, and any other that takes such addresses."""
        return f"webcal://{self.https.partition('://')[2]}"

    @property
    def google(self) -> str:
        """Google's own page for pasting an address. The address itself stays out of this link."""
        return "https://calendar.google.com/calendar/u/0/r/settings/addbyurl"

    @property
    def outlook_work(self) -> str:
        return self._outlook("outlook.office.com")

    @property
    def outlook_home(self) -> str:
        return self._outlook("outlook.live.com")

    def _outlook(self, host: str) -> str:
        query = urlencode({"url": self.https, "name": self.name})
        return f"https://{host}/calendar/0/addfromweb?{query}"


def address(calendar: Own, secret: str) -> Address:
    """Where programs find a calendar; a unit has no language of its own, so the address says it."""
    language = (get_language() or "fi")[:2]
    query = f"?lang={language}" if calendar.is_unit else ""
    return Address(
        https=f"{settings.BASE_URL}{reverse('feed', args=[secret])}{query}",
        name=calendar.calendar_name,
    )
