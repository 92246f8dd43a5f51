"""One test run's own servers, and one database and one piece of Redis for each xdist worker in it."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import psycopg
from psycopg import sql

from coordination.project.embedded import Places, attach
from coordination.project.embedded.places import DATABASE
from tests.harness.template import migrated_cluster

ROOT_VARIABLE = "VUORO_TEST_SERVICES"


def start_run() -> None:
    """In the run's first process: start the servers. They stop, and their data goes, when this process ends."""
    root = Path(tempfile.mkdtemp(prefix="vuoro-test-"))
    try:
        subprocess.run(
            ["cp", "-a", "--reflink=auto", migrated_cluster(), root / "postgres"], check=True
        )
        attach(Places(root, ephemeral=True))
    except BaseException:
        shutil.rmtree(root, ignore_errors=True)
        raise
    os.environ[ROOT_VARIABLE] = str(root)


def point_settings_at_run(worker: str) -> None:
    """Before Django's settings load. `worker` is xdist's name, "gw0", or "main" without xdist."""
    places = run_places()
    number = 1 + int(worker.removeprefix("gw")) if worker.startswith("gw") else 0
    os.environ |= {
        "ENVIRONMENT": "test",
        "DJANGO_SETTINGS_MODULE": "coordination.project.settings",
        "DATABASE_URL": places.database_url_for(f"test_{worker}"),
        "REDIS_URL": f"{places.redis_url}?db={2 * number}",
        "TASK_VISIBILITY_SECONDS": "5",
    }


def run_places() -> Places:
    return Places(Path(os.environ[ROOT_VARIABLE]), ephemeral=True)


def create_database(name: str) -> None:
    """A fresh copy of the migrated database."""
    with psycopg.connect(run_places().database_url_for("postgres"), autocommit=True) as connection:
        copy = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY")
        connection.execute(
            sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
        )
        connection.execute(copy.format(sql.Identifier(name), sql.Identifier(DATABASE)))
