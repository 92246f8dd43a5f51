"""The migrated database cluster that every test run starts from, built once for each state of the migrations."""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from coordination.project.embedded import Places, attach
from coordination.project.embedded.client import detach

PROJECT = Path(__file__).resolve().parent.parent.parent
CACHE = PROJECT / "build" / "testdb"
KEEP = 3  # branches come and go; older clusters are deleted
INGREDIENTS = (
    "*/migrations/*.py",
    "uv.lock",
    "coordination/project/embedded/*.py",
    "tests/harness/*",
)


def migrated_cluster() -> Path:
    """The directory of a stopped, migrated cluster. Copy it; never start it in place."""
    CACHE.mkdir(parents=True, exist_ok=True)
    cluster = CACHE / _fingerprint()
    with _locked(CACHE / "lock"):
        if not cluster.exists():
            _build(cluster)
        cluster.touch()
        for old in sorted(CACHE.glob("*/PG_VERSION"), key=_used)[:-KEEP]:
            shutil.rmtree(old.parent, ignore_errors=True)
    return cluster


def _used(version_file: Path) -> float:
    return version_file.parent.stat().st_mtime


def _fingerprint() -> str:
    digest = hashlib.sha256()
    for pattern in INGREDIENTS:
        for path in sorted(PROJECT.glob(pattern)):
            if path.is_file() and ".venv" not in path.parts:
                digest.update(f"{path.relative_to(PROJECT)}\n".encode() + path.read_bytes())
    return digest.hexdigest()[:16]


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _build(cluster: Path) -> None:
    root = CACHE / "making"
    shutil.rmtree(root, ignore_errors=True)
    places = Places(root)
    attach(places)
    try:
        _migrate(places)
        with psycopg.connect(places.database_url, autocommit=True) as connection:
            connection.execute((Path(__file__).parent / "pristine.sql").read_bytes())
    finally:
        detach(places)
        _wait_until_stopped(places)
    places.cluster.rename(cluster)
    shutil.rmtree(root, ignore_errors=True)


def _migrate(places: Places) -> None:
    environment = os.environ | {
        "ENVIRONMENT": "test",
        "DATABASE_URL": places.database_url,
        "REDIS_URL": places.redis_url,
    }
    # Checks have their own place (`make check`); a half-written page must not stop the tests of a model.
    command = [sys.executable, "manage.py", "migrate", "--no-input", "-v", "0", "--skip-checks"]
    done = subprocess.run(
        command, cwd=PROJECT, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(f"The migrations fail, so no test can use the database:\n{done.stderr}")


def _wait_until_stopped(places: Places) -> None:
    """The keeper deletes the pid file's lock by ending; a copy of a running cluster would be torn."""
    deadline = time.monotonic() + 30
    while (places.cluster / "postmaster.pid").exists():
        if time.monotonic() > deadline:
            raise RuntimeError("The template's PostgreSQL did not stop.")
        time.sleep(0.02)
