"""The Celery application: `celery -A coordination.project.celery worker`."""

import os
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "coordination.project.settings")

import structlog
from celery import Celery
from celery.signals import (
    beat_init,
    before_task_publish,
    celeryd_init,
    setup_logging,
    task_postrun,
    task_prerun,
    worker_process_init,
)

app = Celery("vuoro")
app.set_default()  # in every thread, not only this one
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@setup_logging.connect
def use_our_logs(**_: Any) -> None:
    """Django has set up the logs already; being connected is what keeps Celery from doing it its own way."""


@celeryd_init.connect
@beat_init.connect
def start_embedded_servers(**_: Any) -> None:
    """The broker must be there before the worker looks for it."""
    from django.conf import settings

    from coordination.project.embedded import attach

    if settings.CELERY_BROKER_URL.startswith(f"redis+socket://{settings.EMBEDDED.redis_socket}"):
        attach(settings.EMBEDDED)


@beat_init.connect
def tick_at_once(**_: Any) -> None:
    """After a start nobody should wait half a minute for what is due."""
    app.send_task("coordination.tasks.tick", expires=60)


@worker_process_init.connect
def die_with_the_worker(**_: Any) -> None:
    """A pool process whose worker was killed outright would stay behind, holding its task."""
    import signal

    from coordination.project.embedded.processes import die_with_parent

    die_with_parent(signal.SIGKILL)


@before_task_publish.connect
def pass_request_id(headers: dict[str, Any] | None = None, **_: Any) -> None:
    request_id = structlog.contextvars.get_contextvars().get("request_id")
    if headers is not None and request_id:
        headers["request_id"] = request_id


@before_task_publish.connect(sender="coordination.tasks.tick")
def beat_is_alive(**_: Any) -> None:
    """Only beat sends this task."""
    from coordination import clock, heartbeat

    heartbeat.beat("beat", now=clock.now())


@task_prerun.connect
def bind_request_id(task: Any = None, task_id: str = "", **_: Any) -> None:
    structlog.contextvars.clear_contextvars()
    request_id = task.request.get("request_id")
    structlog.contextvars.bind_contextvars(
        task=task.name, task_id=task_id, **({"request_id": request_id} if request_id else {})
    )


@task_postrun.connect
def unbind_request_id(**_: Any) -> None:
    structlog.contextvars.clear_contextvars()
