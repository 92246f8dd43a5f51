"""Settings, from the environment (docs/operations.md lists every variable).

ENVIRONMENT chooses: `development` (the default; embedded servers, DEBUG on), `test`, `demo`, or `production`,
where every missing variable stops the start with a sentence. wsgi.py, which only servers use, defaults to production.
"""

import os
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from csp.constants import NONE, SELF

from coordination.logging import logging_config
from coordination.project.embedded import Places
from coordination.project.environment import (
    DEVELOPMENT_SEALING_KEY,
    Environment,
    celery_broker,
    database_from_url,
    email_from_url,
    redis_database,
    sealing_keys,
)

BASE_DIR = Path(__file__).resolve().parent.parent.parent
ENVIRONMENT = os.environ.get("ENVIRONMENT", "development")
PRODUCTION = ENVIRONMENT == "production"
TESTING = ENVIRONMENT == "test"
env = Environment(os.environ, strict=PRODUCTION)
if ENVIRONMENT not in {"development", "test", "demo", "production"}:
    env.problems.append(
        f"ENVIRONMENT is {ENVIRONMENT!r}; it must be development, test, demo or production."
    )

DEBUG = env.flag("DEBUG", default=ENVIRONMENT == "development")
DEMO = env.flag(
    "DEMO", default=ENVIRONMENT == "demo"
)  # no second factor, mail stays in the outbox page
VAR = Path(
    env.text("VAR_DIR", str(BASE_DIR / "var"))
).resolve()  # data of the embedded servers, collected static files

# -- who we are to the world -----------------------------------------------------------------------

SECRET_KEY = env.needed(
    "SECRET_KEY",
    "It signs sessions and links: 50 random characters or more, kept secret, the same in all processes.",
    otherwise="development-only-key-that-is-long-enough-but-known-to-everybody",
)
_sealing_keys = env.needed(
    "SECOND_FACTOR_KEYS",
    "It seals the second factors' secrets in the database: one key or several, the newest first, each made by "
    '`python3 -c "import base64, os; print(base64.urlsafe_b64encode(os.urandom(32)).decode())"`.',
    otherwise=DEVELOPMENT_SEALING_KEY,
)
SECOND_FACTOR_KEYS: list[str] = []
try:
    _given = bool(env.text("SECOND_FACTOR_KEYS"))  # what is missing has been said
    SECOND_FACTOR_KEYS = sealing_keys(_sealing_keys, secret=PRODUCTION and _given)
except ValueError as _error:
    env.problems.append(f"SECOND_FACTOR_KEYS cannot be used: {_error}.")
BASE_URL = env.needed(
    "BASE_URL",
    "It is the address people type, and links in mails begin with it, such as https://vuoro.example.org.",
    otherwise=f"http://localhost:{env.number('PORT', 8000)}",
).rstrip("/")
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", urlsplit(BASE_URL).hostname or "" if PRODUCTION else "*")
CSRF_TRUSTED_ORIGINS = [BASE_URL]
if PRODUCTION:
    if env.text("SECRET_KEY") and len(SECRET_KEY) < 50:
        env.problems.append("SECRET_KEY is too short: it must have at least 50 characters.")
    if env.text("BASE_URL") and not BASE_URL.startswith("https://"):
        env.problems.append("BASE_URL must begin with https://, because log-ins travel over it.")
    if DEBUG:
        env.problems.append(
            "DEBUG must be off in production: its error pages show settings and data."
        )
    if DEMO:
        env.problems.append("DEMO must be off in production: it turns the second factor off.")

# -- the servers we stand on -----------------------------------------------------------------------

EMBEDDED = Places(VAR)
_database_url = env.needed(
    "DATABASE_URL",
    "It says where PostgreSQL is, such as postgresql://vuoro:password@db.example.org:5432/vuoro.",
    otherwise="",
)
_redis_url = env.needed(
    "REDIS_URL",
    "It says where Redis is (broker, cache), such as redis://redis.example.org:6379/0.",
    otherwise="",
)
DATABASES: dict[str, dict[str, Any]] = {
    "default": {
        **database_from_url(EMBEDDED.database_url),
        "ENGINE": "coordination.project.embedded.backend",
        "EMBEDDED": EMBEDDED,
    }
}
if _database_url:
    try:
        DATABASES = {"default": database_from_url(_database_url)}
    except ValueError as _error:
        env.problems.append(f"DATABASE_URL cannot be used: {_error}.")
DATABASES["default"] |= {
    "ATOMIC_REQUESTS": False,
    "CONN_MAX_AGE": 60 if PRODUCTION else 0,
    "CONN_HEALTH_CHECKS": PRODUCTION,
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = _redis_url or EMBEDDED.redis_url
try:
    _cache_url, _broker_url = redis_database(REDIS_URL, 1), redis_database(REDIS_URL, 0)
except ValueError as _error:
    env.problems.append(f"REDIS_URL cannot be used: {_error}.")
    _cache_url = _broker_url = ""
CACHES: dict[str, dict[str, Any]] = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": _cache_url,
        "KEY_PREFIX": "vuoro",
    }
}
if not _redis_url:
    from coordination.project.embedded.cache import EmbeddedConnection

    CACHES["default"]["OPTIONS"] = {"connection_class": EmbeddedConnection, "embedded": EMBEDDED}

# -- tasks (why each of these: docs/operations.md, "Tasks") ----------------------------------------

CELERY_BROKER_URL = celery_broker(_broker_url)
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": env.number(
        "TASK_VISIBILITY_SECONDS", 600
    ),  # a killed worker's task comes back after this
    "unacked_restore_interval": 10,
    "unacked_restore_throttle": 1,
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TASK_CREATE_MISSING_QUEUES = True
CELERY_TASK_ROUTES = (  # by the name of the task's kind: `…tasks.mail_…`, `…tasks.plan_…`
    {"*.tasks.mail_*": {"queue": "mail"}, "*.tasks.plan_*": {"queue": "plan"}},
)
CELERY_TASK_TIME_LIMIT = 1800
CELERY_TIMEZONE = "UTC"
CELERY_ENABLE_UTC = True
CELERY_BEAT_SCHEDULE = {
    "tick": {"task": "coordination.tasks.tick", "schedule": 30.0, "options": {"expires": 60}},
}
# It remembers nothing: the database decides what is due.
CELERY_BEAT_SCHEDULER = "celery.beat:Scheduler"

# -- the application -------------------------------------------------------------------------------

INSTALLED_APPS = [  # ours first, so that our templates win
    "coordination.web",
    "coordination",
    "experts",
    "scheduling",
    "billing",
    "api",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "pgtrigger",
    "pghistory",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "django_htmx",
    "template_partials",
    "django_filters",
    "rest_framework",
    "drf_spectacular",
]
MIDDLEWARE = [
    "coordination.middleware.RequestIdMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "coordination.web.middleware.own_language",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "coordination.middleware.AuditMiddleware",
    "coordination.middleware.SecondFactorMiddleware",
    "coordination.web.middleware.ContentionMiddleware",
]
ROOT_URLCONF = "coordination.project.urls"
WSGI_APPLICATION = "coordination.project.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]
FORM_RENDERER = "coordination.web.renderer.VuoroRenderer"
INSTALLED_APPS.append("django.forms")  # its widget templates, so that ours may override them

# -- languages and time ----------------------------------------------------------------------------

LANGUAGE_CODE = "fi"
LANGUAGES = [("fi", "suomi"), ("sv", "svenska"), ("en", "English")]
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SECURE = PRODUCTION
LANGUAGE_COOKIE_SAMESITE = "Lax"
USE_TZ = True
TIME_ZONE = "Europe/Helsinki"

# -- rules of the house ----------------------------------------------------------------------------

# How fast people get from one unit to the next, and what leaving and arriving take.
TRAVEL_KM_PER_HOUR = env.number("TRAVEL_KM_PER_HOUR", 60)
TRAVEL_MARGIN_MINUTES = env.number("TRAVEL_MARGIN_MINUTES", 15)
# How many weeks ahead the sessions of a series are made. Shorter means less to change when a series
# changes; longer means that people can be asked earlier. What has been made is never unmade.
SERIES_HORIZON_WEEKS = env.number("SERIES_HORIZON_WEEKS", 16)
# How many sessions one run of the planner takes at most: more than three times the largest benchmark's
# month. A period with more is refused with the question to plan a shorter time.
PLAN_MOST_SESSIONS = env.number("PLAN_MOST_SESSIONS", 15_000)
# How many possible pairs of a person and a session one connected region of a plan may have. Measured on
# two busy cores: 250,000 pairs keep to their time and to 1.2 GiB, 400,000 do not.
PLAN_MOST_PAIRS = env.number("PLAN_MOST_PAIRS", 250_000)

# -- files -----------------------------------------------------------------------------------------

COLLECTED = ENVIRONMENT in {"demo", "production"}
STATIC_URL = "/static/"
STATIC_ROOT = env.text("STATIC_ROOT", str(VAR / "static"))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if COLLECTED
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = not COLLECTED
WHITENOISE_AUTOREFRESH = not COLLECTED
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

# -- log-in ----------------------------------------------------------------------------------------

AUTH_USER_MODEL = "coordination.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.MD5PasswordHasher"  # tests log in often, and keep no secret
    if TESTING
    else "django.contrib.auth.hashers.Argon2PasswordHasher"
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGOUT_REDIRECT_URL = LOGIN_URL
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = [
    "email*",
    "password1*",
]  # nobody signs up: people are invited (see the adapter)
ACCOUNT_EMAIL_VERIFICATION = "none"  # the invitation went to that address
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 600
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 3
ACCOUNT_PREVENT_ENUMERATION = True
# Strangers get no mail from us because somebody typed their address.
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_DEFAULT_HTTP_PROTOCOL = urlsplit(BASE_URL).scheme
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_PASSKEY_SIGNUP_ENABLED = False
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not PRODUCTION
MFA_TOTP_ISSUER = "Vuoro"
MFA_FORMS = {
    "authenticate": "coordination.forms.sign_in.AuthenticateForm",
    "add_webauthn": "coordination.forms.sign_in.AddKeyForm",
    "edit_webauthn": "coordination.forms.sign_in.EditKeyForm",
    "authenticate_webauthn": "coordination.forms.sign_in.AuthenticateKeyForm",
    "login_webauthn": "coordination.forms.sign_in.LoginKeyForm",
    "reauthenticate_webauthn": "coordination.forms.sign_in.ReauthenticateKeyForm",
}
SECOND_FACTOR_REQUIRED = not DEMO
if find_spec("coordination.adapter"):
    ACCOUNT_ADAPTER = "coordination.adapter.AccountAdapter"
    MFA_ADAPTER = "coordination.adapter.MFAAdapter"

# -- sessions, cookies, headers --------------------------------------------------------------------

SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
SESSION_COOKIE_NAME = "__Host-session" if PRODUCTION else "session"
SESSION_COOKIE_SECURE = PRODUCTION
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 14 * 24 * 3600
CSRF_FAILURE_VIEW = "coordination.web.views.errors.csrf_failure"
CSRF_COOKIE_NAME = "__Host-csrf" if PRODUCTION else "csrf"
CSRF_COOKIE_SECURE = PRODUCTION
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if PRODUCTION:
    # Whose word the rate limits take for a visitor's address.
    ALLAUTH_TRUSTED_PROXY_COUNT = env.number("TRUSTED_PROXIES", 1)
    # The proxy sets it and drops the visitor's own.
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^healthz$"]  # asked from inside, without TLS
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    # Entering the browsers' preload list binds a whole domain; that is the owner's decision, not ours.
    SILENCED_SYSTEM_CHECKS = ["security.W021"]
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "object-src": [NONE],
        "frame-ancestors": [NONE],
    }
}

# -- mail ------------------------------------------------------------------------------------------

DEFAULT_FROM_EMAIL = env.needed(
    "FROM_EMAIL",
    "It is the sender of every mail, such as Vuoro <vuoro@example.org>.",
    otherwise="Vuoro <vuoro@localhost>",
)
SERVER_EMAIL = DEFAULT_FROM_EMAIL
EMAIL_TIMEOUT = 20
_email_url = env.needed(
    "EMAIL_URL",
    "It says which server sends mail, such as smtp+tls://user:password@mail.example.org:587.",
    otherwise="",
)
# Without a server the outbox rows are the mail: the demo shows them on a page, and nothing leaves the machine.
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
if _email_url:
    try:
        globals().update(email_from_url(_email_url))
        EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    except ValueError as _error:
        env.problems.append(f"EMAIL_URL cannot be used: {_error}.")

# -- REST ------------------------------------------------------------------------------------------

REST_FRAMEWORK: dict[str, Any] = {
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "api.authentication.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["api.parsers.StrictJSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
    "EXCEPTION_HANDLER": "api.errors.exception_handler",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Vuoro",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "COMPONENT_SPLIT_REQUEST": True,
    "SCHEMA_PATH_PREFIX": "/api/v1/",
    "ENUM_NAME_OVERRIDES": {
        "ExpertStatusEnum": "experts.models.ExpertStatus",
        "SupervisionStateEnum": "experts.models.supervision.SupervisionState",
        "BookingStateEnum": "scheduling.models.BookingState",
        "SessionStateEnum": "scheduling.models.SessionState",
        "AssignmentStateEnum": "scheduling.models.AssignmentState",
        "OfferStateEnum": "scheduling.models.OfferState",
        "PlanStateEnum": "scheduling.models.PlanState",
        "SeatOutcomeEnum": "scheduling.models.SeatOutcome",
        "FeeLineStateEnum": "billing.models.FeeLineState",
        "BatchStateEnum": "billing.models.BatchState",
        "PlaceKindEnum": "coordination.models.activity.PlaceKind",
        "RegisterImportStateEnum": "coordination.models.register_import.RegisterImportState",
        "TrainingLevelEnum": "experts.models.readiness.TrainingLevel",
    },
}

# -- audit, logs, error reports --------------------------------------------------------------------

LOG_LEVEL = env.text("LOG_LEVEL", "INFO").upper()
LOGGING = logging_config(level=LOG_LEVEL, as_json=PRODUCTION)
SENTRY_DSN = env.text("SENTRY_DSN")
if SENTRY_DSN:
    from coordination.project import reports

    if reports.available():
        reports.start(SENTRY_DSN, environment=ENVIRONMENT)
    else:
        env.problems.append(
            "SENTRY_DSN is set but sentry-sdk is not installed: install the extra 'sentry'."
        )

env.finish()

# Whoever has settings has the Celery application, or `delay` would go to a broker of Celery's own choice.
import coordination.project.celery  # noqa: F401
