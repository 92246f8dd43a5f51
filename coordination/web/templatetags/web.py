"""Everything templates take from the design system: `{% load web %}`."""

import datetime as dt
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import segno
from django import template
from django.forms import BaseForm, BoundField
from django.http import HttpRequest
from django.template.context import Context
from django.templatetags.static import static
from django.utils import translation
from django.utils.html import format_html
from django.utils.safestring import SafeString

from coordination import clock, formats, hyphens
from coordination.web import charts, components
from coordination.web.shell_context import Shell, shell_for

register = template.Library()


# -- the shell ---------------------------------------------------------------------------------


@register.simple_tag(takes_context=True, name="shell")
def shell_tag(context: Context) -> Shell:
    """What the base template needs to know: language, theme, menu, links."""
    return shell_for(context.get("request"))


@register.simple_tag
def icon(name: str, title: str = "") -> SafeString:
    """A drawing from our sprite; decoration unless it is given a title."""
    href = f"{static('web/icons.svg')}#{name}"
    if title:
        return format_html(
            '<svg class="icon" role="img" aria-label="{}"><use href="{}"></use></svg>', title, href
        )
    return format_html('<svg class="icon" aria-hidden="true"><use href="{}"></use></svg>', href)


# -- times and money ---------------------------------------------------------------------------


@register.filter(name="when")
def when_filter(session: Any, zone: "str | ZoneInfo | None" = None) -> str:
    """`{{ session|when }}`: anything with starts_at, ends_at and a zone (or a unit's zone)."""
    zone = (
        zone
        or getattr(session, "zone", None)
        or getattr(getattr(session, "unit", None), "zone", None)
    )
    return formats.when(session.starts_at, session.ends_at, zone=zone)


@register.simple_tag(name="when")
def when_tag(
    starts_at: dt.datetime,
    ends_at: dt.datetime | None = None,
    zone: "str | ZoneInfo | None" = None,
    year: bool = True,
) -> str:
    """`{% when starts_at ends_at zone %}`: "to 4.3.2027 klo 9.30–13.30"."""
    return formats.when(starts_at, ends_at, zone=zone, year=year)


def _local_day(value: "dt.date | dt.datetime", zone: "str | ZoneInfo | None") -> dt.date:
    if isinstance(value, dt.datetime):
        return value.astimezone(formats.zone_of(zone)).date()
    return value


@register.filter
def day(value: "dt.date | dt.datetime | None", zone: "str | None" = None) -> str:
    """`{{ unit.ends_on|day }}`: "to 4.3.2027"; a moment is told in the zone (Helsinki if none)."""
    return formats.day(_local_day(value, zone)) if value else ""


@register.filter
def short_day(value: "dt.date | dt.datetime | None", zone: "str | None" = None) -> str:
    """As `day`, without the year: "to 4.3."."""
    return formats.day(_local_day(value, zone), year=False) if value else ""


@register.filter(name="clock")
def clock_filter(value: "dt.time | dt.datetime | None", zone: "str | None" = None) -> str:
    """ "9.30" in the zone, in English "09:30"."""
    if isinstance(value, dt.datetime):
        value = value.astimezone(formats.zone_of(zone))
    return formats.clock(value) if value is not None else ""


@register.filter
def month(value: dt.date) -> str:
    """ "lokakuu 2026": the month of a day."""
    return formats.month(value)


@register.filter
def relative_day(
    value: "dt.date | dt.datetime | None", today: "dt.date | dt.datetime | None" = None
) -> str:
    """`{{ day|relative_day:today }}`: "huomenna"; today is a day or a moment (else now)."""
    if value is None:
        return ""
    moment = today or clock.now()
    return formats.relative_day(_local_day(value, None), today=_local_day(moment, None))


@register.filter
def hours(value: "dt.timedelta | int | Decimal | None") -> str:
    """ "1 h 30 min"; a number is minutes."""
    return formats.hours(value) if value is not None else ""


@register.filter
def money(value: Decimal | None) -> str:
    """ "1 234,50 €"."""
    return formats.money(value) if value is not None else ""


@register.filter
def week_number(value: "dt.date | int") -> str:
    """ "vko 12"."""
    return formats.week_number(value)


@register.filter
def phone(number: str) -> str:
    """ "+358 40 123 4567": a number as people read it (its address: `tel`)."""
    return formats.phone(number)


# -- forms -------------------------------------------------------------------------------------


@register.simple_tag
def field(bound: BoundField, hint: str | None = None) -> SafeString:
    """`{% field form.name %}`: label, hint, error, control (never a placeholder). `hint` replaces the field's own."""
    bound.field.widget.attrs.pop("placeholder", None)
    if hint is not None:
        bound.help_text = hint
    return bound.as_field_group()


@register.inclusion_tag("web/forms/summary.html")
def form_errors(*forms: BaseForm) -> dict[str, Any]:
    """`{% form_errors form %}`: the errors of one or more forms, with links to the fields."""
    return {"problems": components.problems(forms)}


# -- components --------------------------------------------------------------------------------


@register.inclusion_tag("web/components/badge.html")
def badge(word: str, tone: str = "", shape: str = "filled", icon: str = "") -> dict[str, Any]:
    """A word in a shape: tone spruce|amber|rose|sky|"", shape filled|outlined|dashed|struck."""
    return {"word": word, "tone": tone, "shape": shape, "icon": icon}


@register.inclusion_tag("web/components/badge.html")
def state(value: str, word: str) -> dict[str, Any]:
    """`{% state assignment.state assignment.get_state_display %}`: the look of a known state."""
    return {"word": word, "icon": "", **components.look(value)}


@register.inclusion_tag("web/components/seat.html")
def seat(value: str, who: str, url: str = "", note: str = "") -> dict[str, Any]:
    """A seat's chip: value confirmed|proposed|open|cancelled…, who sits or what is open."""
    return {"who": who, "url": url, "note": note, **components.look(value)}


@register.inclusion_tag("web/components/reasons.html")
def reasons(found: Any, fold_after: int = 1) -> dict[str, Any]:
    """Reasons with `level` (block, ask, note) and `text`: the first open, the rest folded."""
    lines = components.reason_lines(found)
    return {"first": lines[:fold_after], "rest": lines[fold_after:]}


@register.inclusion_tag("web/components/progress.html")
def progress(
    label: str, done: int, total: int, url: str = "", finished: bool = False, page: str = ""
) -> dict[str, Any]:
    """How far long work is; with `url` it is asked again every 2 s until finished.

    `page` is the address of the page it stands on: the link for those without script.
    """
    context = {"label": label, "done": done, "total": total, "finished": finished}
    return {**context, "url": url, "page": page}


@register.inclusion_tag("web/components/stat.html")
def stat(number: str, label: str, url: str = "") -> dict[str, Any]:
    """A number large, what it is under it."""
    return {"number": number, "label": label, "url": url}


@register.inclusion_tag("web/components/pagination.html", takes_context=True)
def pagination(context: Context, page: Any) -> dict[str, Any]:
    """Newer and older, with the filter in the address kept; nothing when there is one page."""
    return {"page": page, "request": context.get("request")}


@register.inclusion_tag("web/components/back.html")
def back(url: str, label: str) -> dict[str, Any]:
    """The way back above the title."""
    return {"url": url, "label": label}


@register.simple_tag
def qr(text: str, label: str) -> SafeString:
    """A QR code as inline SVG, dark on white in every theme; `label` is its text for screen readers."""
    drawing = segno.make(text, error="m").svg_inline(omitsize=True, dark="#000", border=2)
    box = '<div class="qr" role="img" aria-label="{}">{}</div>'
    return format_html(box, label, SafeString(drawing))  # segno draws only paths


@register.inclusion_tag("web/components/bars.html")
def bars(title: str, points: list[tuple[str, float]], unit: str = "") -> dict[str, Any]:
    """A bar chart that is its own table: points are (label, value)."""
    return {"title": title, "unit": unit, **charts.bars(points)}


@register.inclusion_tag("web/components/spark.html")
def spark(label: str, values: list[float]) -> dict[str, Any]:
    """A line for the eye beside a number; `label` says in words what it shows."""
    return {"label": label, **charts.spark(values)}


@register.filter
def soft(text: object) -> str:
    """A name for a narrow column: its long words may break between syllables, but in English."""
    breaks = (translation.get_language() or "")[:2] in {"fi", "sv"}
    return hyphens.soften(str(text)) if breaks else str(text)


@register.simple_tag(takes_context=True)
def tabs(context: Context, *pairs: str) -> SafeString:
    """`{% tabs url1 label1 url2 label2 %}`: links, the one of this address marked."""
    request: HttpRequest | None = context.get("request")
    return components.tabs(pairs, path=request.path if request else "")
