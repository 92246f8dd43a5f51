"""Logs: one line per event, with the request it belongs to, and nothing in it that opens a door or names a person."""

import logging
import re
from typing import Any

import structlog
from structlog.typing import Processor

# Addresses that are passwords: calendar feeds, answer links, invitations, new passwords.
_SECRET_PATHS = re.compile(r"""/(feeds|a|invitations|key)/[^\s/"'?<>.\\]+""")
_EMAILS = re.compile(r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)+")
_URL_PASSWORDS = re.compile(r"""(://)[^\s/@"']+@""")
_NAMED_SECRETS = re.compile(
    r"""(?ix) \b( authorization | bearer | token | password | passwd | secret(?:_key)? | api[_-]?key | sessionid
        | __Host-session | csrf(?:middlewaretoken)? )
        ( \\?["']? \s* [:=]\s* \\?["']? | \s+ )
        ( (?:token|bearer|basic)\s+ )? (?=[^\s"'\\,;&]*[\d_-]) [^\s"'\\,;&]{8,}"""
)
_ASSIGNED_SECRETS = re.compile(
    r"""(?i)\b(password|passwd|secret_key)(\\?["']?\s*[:=]\s*\\?["']?)[^\s"'\\,;&]+"""
)
# Anything that looks like `secrets.token_urlsafe(32)`, wherever it stands.
_LONG_TOKENS = re.compile(
    r"(?<![\w-])(?=[\w-]*\d)(?=[\w-]*[a-z])(?=[\w-]*[A-Z])[\w-]{40,}(?![\w-])"
)


def scrub(text: str) -> str:
    """The text without feed, answer and invitation tokens, API tokens, passwords and e-mail addresses."""
    text = _SECRET_PATHS.sub(r"/\1/[token]", text)
    text = _URL_PASSWORDS.sub(r"\1[secret]@", text)
    text = _ASSIGNED_SECRETS.sub(r"\1\2[secret]", text)
    text = _NAMED_SECRETS.sub(r"\1\2[secret]", text)
    text = _LONG_TOKENS.sub("[token]", text)
    return _EMAILS.sub("[e-mail]", text)


class ScrubbingFormatter(structlog.stdlib.ProcessorFormatter):
    """The last thing every line passes, tracebacks included, whichever library wrote it."""

    def format(self, record: logging.LogRecord) -> str:
        return scrub(super().format(record))


def configure_structlog() -> None:
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_shared(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )


def logging_config(*, level: str, as_json: bool) -> dict[str, Any]:
    """A `logging.config` dictionary: everything goes to standard output through one scrubbing formatter."""
    configure_structlog()
    renderer: list[Processor]
    if as_json:
        renderer = [
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ]
    else:
        # The other traceback there is prints local variables, people among them.
        plain = structlog.dev.plain_traceback
        renderer = [
            structlog.dev.ConsoleRenderer(colors=False, pad_event_to=0, exception_formatter=plain)
        ]
    formatter = {
        "()": ScrubbingFormatter,
        "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, *renderer],
        "foreign_pre_chain": _shared(),
    }
    to_root: dict[str, Any] = {"handlers": [], "propagate": True, "level": "NOTSET"}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"scrubbed": formatter},
        "handlers": {
            "console": {
                "class": "logging.StreamHandler",
                "stream": "ext://sys.stdout",
                "formatter": "scrubbed",
            }
        },
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            "django": to_root,
            "django.server": to_root,
            "gunicorn.access": to_root,
            "gunicorn.error": to_root,
            # Asked for DEBUG, they write down what they send, mail and addresses included.
            "amqp": {"level": "WARNING"},
            "kombu": {"level": "WARNING"},
            "urllib3": {"level": "WARNING"},
            # It writes down which passkey was used, which is nobody's business.
            "fido2": {"level": "WARNING"},
        },
    }


def _shared() -> list[Processor]:
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
    ]
