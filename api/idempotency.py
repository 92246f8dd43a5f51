"""`Idempotency-Key`: a write asked for twice happens once and gets the same answer.

The row is inserted in the transaction of the write: a second request with the same key waits for
it at the unique constraint, then finds the answer. What is not committed leaves no row, so a
request that failed half-way can simply be sent again.
"""

import hashlib
import json
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _
from rest_framework.request import Request
from rest_framework.response import Response

from api.errors import problem
from api.models import IdempotencyKey
from coordination import clock
from coordination.transactions import one_transaction

HEADER = "Idempotency-Key"
LONGEST = 100
Action = Callable[..., Response]


def idempotent(action: Action) -> Action:
    """Wraps an action that writes: one transaction, tried again as a whole when two get in each other's way.

    Without the header nothing is remembered of it.
    """

    @wraps(action)
    def once(view: Any, request: Request, *args: Any, **kwargs: Any) -> Response:
        key = request.headers.get(HEADER, "")
        if not key:
            return write(view, request, *args, **kwargs)
        if len(key) > LONGEST or not key.isprintable():
            return problem(
                400, code="bad_key", detail=_("The key is too long or has strange characters.")
            )
        return write_once(key, view, request, *args, **kwargs)

    write = one_transaction(action)

    @one_transaction
    def write_once(key: str, view: Any, request: Request, *args: Any, **kwargs: Any) -> Response:
        row, is_new = _claim(request, key)
        if not is_new:
            return _again(row, request)
        answer = action(view, request, *args, **kwargs)
        row.status, row.answer = answer.status_code, _as_json(answer.data)
        row.save(update_fields=["status", "answer"])
        return answer

    return once


def _claim(request: Request, key: str) -> tuple[IdempotencyKey, bool]:
    """Insert the key or find it; a claim that has not committed yet is waited for."""
    values = (
        request.user.pk,
        key,
        request.method,
        request.path[:300],
        _hash(request),
        clock.now(),
    )
    with connection.cursor() as cursor:
        cursor.execute(
            'INSERT INTO api_idempotencykey (user_id, "key", method, path, request_hash, created_at)'
            " VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING",
            values,
        )
        is_new = cursor.rowcount == 1
    return IdempotencyKey.objects.get(user=request.user.pk, key=key), is_new


def _hash(request: Request) -> str:
    """What was asked: method, address and body, whatever the order of keys."""
    body = json.dumps(request.data, sort_keys=True, default=str)
    asked = f"{request.method} {request.get_full_path()} {body}"
    return hashlib.sha256(asked.encode()).hexdigest()


def _again(row: IdempotencyKey, request: Request) -> Response:
    if row.request_hash != _hash(request):
        return problem(
            422, code="key_used", detail=_("This key was used for another request. Make a new one.")
        )
    answer = Response(row.answer, status=row.status)
    answer["Idempotent-Replayed"] = "true"
    return answer


def _as_json(data: Any) -> Any:
    from rest_framework.utils.encoders import JSONEncoder  # noqa: PLC0415 — DRF's settings are ready only now

    return json.loads(json.dumps(data, cls=JSONEncoder))
