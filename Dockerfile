# Vuoro for production. Build: docker build -t vuoro .   Run: docker-compose.yml, docs/operations.md.

FROM python:3.11-slim-bookworm AS build
COPY --from=ghcr.io/astral-sh/uv:0.9 /uv /usr/local/bin/uv
ENV UV_COMPILE_BYTECODE=1 UV_LINK_MODE=copy UV_PYTHON_DOWNLOADS=never UV_PROJECT_ENVIRONMENT=/opt/vuoro/venv
WORKDIR /opt/vuoro/app
COPY pyproject.toml uv.lock ./
# No test tools and no embedded servers: without DATABASE_URL and REDIS_URL this image does not start.
RUN uv sync --frozen --no-default-groups --extra sentry
COPY . .
# Texts and static files are made here, so that the running container writes nothing but its temporary files.
RUN ENVIRONMENT=development VAR_DIR=/tmp/var /opt/vuoro/venv/bin/python -W ignore manage.py catalogues --compile \
    && ENVIRONMENT=demo VAR_DIR=/tmp/var STATIC_ROOT=/opt/vuoro/static \
       /opt/vuoro/venv/bin/python -W ignore manage.py collectstatic --no-input -v 0

FROM python:3.11-slim-bookworm
RUN useradd --system --uid 10001 --home-dir /nonexistent --shell /usr/sbin/nologin vuoro
COPY --from=build /opt/vuoro /opt/vuoro
WORKDIR /opt/vuoro/app
ENV PATH=/opt/vuoro/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    ENVIRONMENT=production STATIC_ROOT=/opt/vuoro/static VAR_DIR=/tmp/var BIND=0.0.0.0:8000
USER vuoro
EXPOSE 8000
CMD ["gunicorn", "-c", "python:coordination.project.gunicorn_conf", "coordination.project.wsgi"]
