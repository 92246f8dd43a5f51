"""`make check`: everything a change must pass before its tests, in one list; each says what to do when it fails."""

import concurrent.futures
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parent.parent.parent
BIN = Path(sys.executable).parent
PACKAGES = ("coordination", "experts", "scheduling", "billing", "api", "tests")
MOST_LINES = 500
AT_ONCE = 2
MANAGE = [sys.executable, "-W", "ignore", "manage.py"]
PRODUCTION = {
    "ENVIRONMENT": "production",
    "SECRET_KEY": "for-the-check-only-" + "0123456789" * 5,
    "SECOND_FACTOR_KEYS": "Zm9yLXRoZS1jaGVjay1vbmx5LWZvci10aGUtY2hlY2s=",
    "BASE_URL": "https://vuoro.example.org",
    "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none",
    "REDIS_URL": "redis://127.0.0.1:1/0",
    "FROM_EMAIL": "vuoro@example.org",
    "EMAIL_URL": "smtp://127.0.0.1:1",
}


@dataclass(frozen=True)
class Outcome:
    ok: bool
    said: str = ""


@dataclass(frozen=True)
class Check:
    name: str
    run: Callable[[], Outcome]
    remedy: str = ""


def command(*arguments: str | Path, **environment: str) -> Callable[[], Outcome]:
    def run() -> Outcome:
        done = subprocess.run(
            [str(argument) for argument in arguments],
            cwd=PROJECT,
            env=os.environ | environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        return Outcome(done.returncode == 0, (done.stdout + done.stderr).strip())

    return run


def short_files() -> Outcome:
    """No file of ours grows beyond what one can hold in one's head."""
    tracked = subprocess.run(
        ["git", "ls-files", "*.py", "*.html", "*.css", "*.js"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    ).stdout.splitlines()
    paths = [PROJECT / name for name in tracked] or [
        path for package in PACKAGES for path in (PROJECT / package).rglob("*.py")
    ]
    long = [
        f"{path.relative_to(PROJECT)}: {count} lines"
        for path in paths
        if path.is_file()
        and "migrations" not in path.parts
        and (count := len(path.read_bytes().splitlines())) > MOST_LINES
    ]
    return Outcome(not long, "\n".join(long))


def known_vulnerabilities() -> Outcome:
    """Fails on a vulnerability that was found; a service that cannot be reached is said, and is no failure."""
    done = subprocess.run(
        [BIN / "pip-audit", "--local", "--progress-spinner=off", "--format=json", "--timeout=10"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )
    try:
        found: list[dict[str, Any]] = json.loads(done.stdout)["dependencies"]
    except (ValueError, KeyError):
        return Outcome(True, "NOT CHECKED: pip-audit could not reach its service from here.")
    bad = [
        f"{package['name']} {package['version']}: {vulnerability['id']}"
        f" (mended in {', '.join(vulnerability['fix_versions']) or 'no release yet'})"
        for package in found
        for vulnerability in package.get("vulns", [])
    ]
    unknown = sum("skip_reason" in package for package in found)
    if bad:
        return Outcome(False, "\n".join(bad))
    if unknown:
        return Outcome(
            True, f"NOT CHECKED: the service told nothing of {unknown} of {len(found)} packages."
        )
    return Outcome(True)


def all_checks() -> list[Check]:
    ruff, importlint, mypy = BIN / "ruff", BIN / "lint-imports", BIN / "mypy"
    return [
        Check("types", command(mypy)),
        Check("lint", command(ruff, "check", "--quiet", "."), "make format mends much of it"),
        Check("format", command(ruff, "format", "--check", "--quiet", "."), "make format"),
        Check("imports", command(importlint, "--no-cache"), "design.md: one way only"),
        Check("length of files", short_files, "split by concept"),
        Check(
            "production settings",
            command(*MANAGE, "check", "--deploy", "--fail-level", "WARNING", **PRODUCTION),
        ),
        Check(
            "migrations",
            command(
                *MANAGE, "makemigrations", "--check", "--dry-run", "--skip-checks", **PRODUCTION
            ),
            "manage.py makemigrations",
        ),
        Check(
            "texts",
            command(*MANAGE, "catalogues", "--check"),
            "manage.py catalogues --update --package NAME, then fill in fi and sv",
        ),
        Check(
            "state diagrams",
            command(*MANAGE, "state_diagrams", "--check"),
            "manage.py state_diagrams",
        ),
        Check(
            "how long data is kept",
            command(*MANAGE, "retention", "--check"),
            "manage.py retention --write",
        ),
        Check("known vulnerabilities", known_vulnerabilities, "uv lock --upgrade-package NAME"),
    ]


def timed(check: Check) -> tuple[Outcome, float]:
    began = time.monotonic()
    return check.run(), time.monotonic() - began


def main() -> int:
    failed = []
    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        checks = all_checks()
        for check, (outcome, seconds) in zip(checks, pool.map(timed, checks), strict=True):
            say(f"{'ok  ' if outcome.ok else 'FAIL'} {check.name} ({seconds:.1f} s)")
            if not outcome.ok:
                failed.append(check.name)
                say(indented(outcome.said))
                say(indented(f"-> {check.remedy}") if check.remedy else "")
            elif outcome.said.startswith("NOT CHECKED"):
                say(indented(outcome.said))
    say(f"Failed: {', '.join(failed)}" if failed else "All checks pass.")
    return 1 if failed else 0


def say(text: str) -> None:
    print(text, flush=True)  # this is what the command is for  # noqa: T201  # this is what the command is for


def indented(text: str) -> str:
    return "\n".join(f"     {line}" for line in text.splitlines())


if __name__ == "__main__":
    sys.exit(main())
