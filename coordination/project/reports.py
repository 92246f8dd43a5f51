"""Error reports to Sentry, where an organisation wants them (the extra `sentry`)."""

from importlib.util import find_spec
from typing import Any

from coordination.logging import scrub


def available() -> bool:
    return find_spec("sentry_sdk") is not None


def start(dsn: str, *, environment: str) -> None:
    import sentry_sdk  # only installed where it is wanted

    sentry_sdk.init(
        dsn=dsn,
        environment=environment,
        send_default_pii=False,
        max_request_body_size="never",
        include_local_variables=False,
        before_send=scrub_report,
        before_breadcrumb=scrub_report,
    )


def scrub_report(report: Any, _hint: Any = None) -> Any:
    """The report with every string in it scrubbed like a log line."""
    if isinstance(report, str):
        return scrub(report)
    if isinstance(report, dict):
        return {key: scrub_report(value) for key, value in report.items()}
    if isinstance(report, list | tuple):
        return [scrub_report(value) for value in report]
    return report
