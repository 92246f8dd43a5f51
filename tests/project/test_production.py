"""Production without containers: the same commands, the same settings, real PostgreSQL and Redis."""

import json
import os
import re
import secrets
import shutil
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from email.message import Message
from pathlib import Path
from typing import Any

import jsonschema_rs
import psycopg
import pytest
import redis
import yaml
from cryptography.fernet import Fernet
from psycopg import sql

from coordination.project.parts import COMMANDS
from tests.harness.programs import Program, clean_environment, free_port, wait_until
from tests.harness.run import create_database, run_places
from tests.harness.template import PROJECT

DATABASE = "production"
REDIS_DATABASE = 40
HOST = "vuoro.example.org"


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """What an operator would set, on this run's own servers."""
    name = f"{DATABASE}_{os.getpid()}"
    create_database(name)
    places = run_places()
    redis_url = f"{places.redis_url}?db={REDIS_DATABASE}"
    directory = tmp_path_factory.mktemp("production")
    yield clean_environment(
        ENVIRONMENT="production",
        SECRET_KEY=secrets.token_urlsafe(64),
        SECOND_FACTOR_KEYS=Fernet.generate_key().decode(),
        BASE_URL=f"https://{HOST}",
        DATABASE_URL=places.database_url_for(name),
        REDIS_URL=redis_url,
        EMAIL_URL="smtp://127.0.0.1:1",
        FROM_EMAIL="Vuoro <vuoro@example.org>",
        STATIC_ROOT=str(directory / "static"),
        VAR_DIR=str(directory / "var"),
    )
    with redis.from_url(redis_url) as connection:
        connection.flushdb()
    with psycopg.connect(places.database_url_for("postgres"), autocommit=True) as server:
        server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def manage(*arguments: str, environment: dict[str, str]) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=PROJECT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_djangos_deployment_check_is_clean(environment: dict[str, str]) -> None:
    done = manage("check", "--deploy", "--fail-level", "DEBUG", environment=environment)
    assert (done.returncode, done.stdout + done.stderr) == (
        0,
        "System check identified no issues (1 silenced).\n",
    )


class Vuoro:
    def __init__(self, environment: dict[str, str], directory: Path) -> None:
        assert manage("collectstatic", "--no-input", environment=environment).returncode == 0
        self.port = free_port()
        environment = environment | {"BIND": f"127.0.0.1:{self.port}"}
        self.parts = {
            name: Program(
                command[1:], environment=environment, said=directory / f"{name}.production.log"
            )
            for name, command in COMMANDS.items()
        }

    def get(self, path: str, **headers: str) -> tuple[int, Message, str]:
        """As the proxy asks: with the host and the scheme the visitor used."""
        headers = {"Host": HOST, "X-Forwarded-Proto": "https"} | headers
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", headers=headers)
        opener = urllib.request.build_opener(NoRedirect)
        try:
            with opener.open(request, timeout=20) as answer:
                return answer.status, answer.headers, answer.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.headers, error.read().decode()

    def well(self) -> bool:
        for part in self.parts.values():
            assert part.process.poll() is None, part.said()
        return health_with_host(self)

    def said(self) -> str:
        return "".join(part.said() for part in self.parts.values())


def health_with_host(vuoro: Vuoro) -> bool:
    try:
        return vuoro.get("/healthz")[0] == 200
    except OSError:
        return False


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None


@pytest.fixture(scope="module")
def vuoro(environment: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Vuoro]:
    vuoro = Vuoro(environment, tmp_path_factory.mktemp("logs"))
    try:
        wait_until(vuoro.well, seconds=120)
        yield vuoro
    finally:
        codes = {name: part.end(signal.SIGTERM) for name, part in vuoro.parts.items()}
    assert codes == {"web": 0, "worker": 0, "beat": 0}


def test_all_parts_are_well(vuoro: Vuoro) -> None:
    checks = json.loads(vuoro.get("/healthz")[2])["checks"]
    assert [name for name, check in checks.items() if not check["ok"]] == []


def test_headers_are_strict(vuoro: Vuoro) -> None:
    status, headers, _ = vuoro.get("/account/login/")
    assert status == 200
    policy = dict(part.split(" ", 1) for part in headers["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["form-action"] == "'self'"
    assert policy["frame-ancestors"] == "'none'"
    assert headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    cookie = headers["Set-Cookie"]
    assert cookie.startswith("__Host-csrf=")
    assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= set(cookie.split("; "))


def test_plain_http_is_sent_to_https(vuoro: Vuoro) -> None:
    status, headers, _ = vuoro.get("/account/login/", **{"X-Forwarded-Proto": "http"})
    assert (status, headers["Location"]) == (301, f"https://{HOST}/account/login/")


def test_a_foreign_host_is_refused(vuoro: Vuoro) -> None:
    assert vuoro.get("/account/login/", Host="evil.example.org")[0] == 400


def test_static_files_are_named_by_content_and_kept(vuoro: Vuoro) -> None:
    _, _, page = vuoro.get("/account/login/")
    found = re.search(r'href="(/static/[^"]+\.[0-9a-f]{12}\.css)"', page)
    assert found
    status, headers, _ = vuoro.get(found[1])
    assert status == 200
    assert "immutable" in headers["Cache-Control"]


def test_errors_show_no_insides(vuoro: Vuoro) -> None:
    status, _, page = vuoro.get("/no-such-page")
    assert status == 404
    assert "urlconf" not in page.lower()


def test_no_secret_and_no_person_gets_into_any_log(
    vuoro: Vuoro, environment: dict[str, str]
) -> None:
    tokens = [secrets.token_urlsafe(32) for _ in range(6)]
    feed, answer, invitation, api, query, referrer = tokens
    request_id = secrets.token_hex(16)
    vuoro.get(f"/feeds/{feed}.ics", **{"X-Request-ID": request_id})
    vuoro.get(f"/a/{answer}/")
    vuoro.get(f"/invitations/{invitation}/")
    vuoro.get("/api/v1/sessions/", Authorization=f"Token {api}")
    vuoro.get(f"/account/login/?next=/a/{query}/&email=aino@example.org")
    vuoro.get("/no-such-page", Referer=f"https://{HOST}/a/{referrer}/", Cookie=f"x={referrer}")

    wait_until(lambda: request_id in vuoro.said(), seconds=20)
    wait_until(lambda: vuoro.said().count('"gunicorn.access"') >= 6, seconds=20)
    said = vuoro.said()
    assert "/feeds/[token]" in said
    keys = [environment["SECRET_KEY"], environment["SECOND_FACTOR_KEYS"]]
    hidden = [*tokens, "aino@example.org", *keys]
    assert [secret for secret in hidden if secret in said] == []


def test_every_line_of_the_web_log_is_json_and_carries_its_request(vuoro: Vuoro) -> None:
    request_id = secrets.token_hex(16)
    vuoro.get("/no-such-page", **{"X-Request-ID": request_id})
    wait_until(lambda: vuoro.parts["web"].said().count(request_id) >= 2, seconds=20)
    lines = [json.loads(line) for line in vuoro.parts["web"].said().splitlines()]
    access = [line for line in lines if line.get("request_id") == request_id]
    assert {line["logger"] for line in access} >= {"gunicorn.access", "django.request"}


def test_the_containers_health_checks_say_well(vuoro: Vuoro, environment: dict[str, str]) -> None:
    for part in ("web", "worker", "beat"):
        done = subprocess.run(
            [sys.executable, "-m", "coordination.project.probe", part],
            cwd=PROJECT,
            env=environment | {"BIND": f"127.0.0.1:{vuoro.port}"},
            check=False,
        )
        assert (part, done.returncode) == (part, 0)


def test_the_web_health_check_says_ill_when_nobody_answers(environment: dict[str, str]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "coordination.project.probe", "web"],
        cwd=PROJECT,
        env=environment | {"BIND": f"127.0.0.1:{free_port()}"},
        check=False,
    )
    assert done.returncode == 1


# -- the container files ---------------------------------------------------------------------------


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((PROJECT / "docker-compose.yml").read_text())
    return loaded


def test_compose_runs_what_the_tests_run(compose: dict[str, Any]) -> None:
    services = compose["services"]
    assert set(services) == {
        *["migrate", "web", "worker", "planner", "beat"],
        *["postgres", "redis", "proxy", "backup"],
    }
    for name in ("worker", "beat"):
        ours = [part for part in COMMANDS[name][2:] if not part.startswith(("-Q", "--concurrency"))]
        assert [part for part in ours if part not in services[name]["command"]] == [
            part for part in ours if part == "default,mail,plan"
        ]
    queues = [
        services[name]["command"][services[name]["command"].index("-Q") + 1]
        for name in ("worker", "planner")
    ]
    assert ",".join(queues) == "default,mail,plan"


def test_compose_gives_every_needed_variable_and_no_secret_of_its_own(
    compose: dict[str, Any],
) -> None:
    given = compose["services"]["web"]["environment"]
    asked_of_the_operator = ("SECRET_KEY", "SECOND_FACTOR_KEYS", "EMAIL_URL", "FROM_EMAIL")
    for name in (*asked_of_the_operator, "BASE_URL", "DATABASE_URL", "REDIS_URL"):
        assert given[name]
    for name in asked_of_the_operator:
        assert given[name].startswith("${" + name + ":?")
    asked = set(re.findall(r"\$\{(\w+):\?", (PROJECT / "docker-compose.yml").read_text()))
    example = (PROJECT / "deploy/example.env").read_text()
    assert asked <= set(re.findall(r"^(\w+)=", example, re.MULTILINE))


def test_compose_keeps_data_and_lets_only_the_proxy_listen(compose: dict[str, Any]) -> None:
    services = compose["services"]
    assert [name for name, service in services.items() if "ports" in service] == ["proxy"]
    command = services["redis"]["command"]
    assert command[command.index("--appendonly") + 1] == "yes"
    mounted = {
        volume.split(":")[0]
        for service in services.values()
        for volume in service.get("volumes", [])
        if not volume.startswith("./")
    }
    assert mounted == set(compose["volumes"])
    for volume in (PROJECT / "deploy/Caddyfile", PROJECT / "deploy/backup"):
        assert volume.is_file()


def test_every_lasting_service_has_a_health_check(compose: dict[str, Any]) -> None:
    without = [
        name for name, service in compose["services"].items() if "healthcheck" not in service
    ]
    assert without == ["migrate", "planner"]  # one ends; the other is silent while it plans


def test_the_compose_file_follows_the_specification(compose: dict[str, Any]) -> None:
    """Where no engine's client is at hand this sees a misspelt key or a value of the wrong kind."""
    schema = json.loads((PROJECT / "tests/project/compose-spec.json").read_text())
    follows = jsonschema_rs.validator_for(schema)
    assert [error.message for error in follows.iter_errors(compose)] == []
    services = compose["services"]
    misspelt = {"services": {"web": services["web"] | {"depend_on": ["redis"]}}}
    assert [error.message for error in follows.iter_errors(misspelt)] != []
    for name, service in services.items():
        assert set(service.get("depends_on", {})) <= set(services), name
        assert set(service["networks"]) <= set(compose["networks"]), name


def test_docker_accepts_the_compose_file(environment: dict[str, str]) -> None:
    if not (client := compose_client()):
        pytest.skip("neither `docker compose` nor docker-compose is at hand")
    filled = environment | {"POSTGRES_PASSWORD": "x"}
    asked = [*client, "--env-file", "deploy/example.env", "config", "--quiet"]
    assert _fails(asked, env=filled) == ""


def compose_client() -> list[str]:
    if (docker := shutil.which("docker")) and not _fails([docker, "compose", "version"]):
        return [docker, "compose"]
    return [old] if (old := shutil.which("docker-compose")) else []


def _fails(command: list[str], env: dict[str, str] | None = None) -> str:
    done = subprocess.run(
        command, cwd=PROJECT, env=env, capture_output=True, text=True, check=False
    )
    return (done.stderr or "failed") if done.returncode else ""


def test_the_image_runs_as_an_ordinary_user_and_holds_only_what_it_needs() -> None:
    lines = (PROJECT / "Dockerfile").read_text().splitlines()
    assert len([line for line in lines if line.startswith("FROM ")]) == 2
    last = lines[max(i for i, line in enumerate(lines) if line.startswith("FROM ")) :]
    assert "USER vuoro" in last
    assert not any("COPY . " in line for line in last)
    ignored = (PROJECT / ".dockerignore").read_text().splitlines()
    assert ignored[1] == "*"
    packages = {line[1:] for line in ignored if line.startswith("!")}
    assert {"coordination", "experts", "scheduling", "billing", "api", "manage.py"} <= packages
    assert not packages & {"var", "build", ".venv", ".env", ".git", "tests"}
