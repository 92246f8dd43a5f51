"""What a monitor or a container engine asks."""

from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from coordination import clock
from coordination.access import public
from coordination.queries.health import findings


@public
@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """200 when every part is well, else 503; the JSON says which part is not."""
    checks = findings(now=clock.now())
    well = all(check["ok"] for check in checks.values())
    body = {"status": "ok" if well else "failing", "checks": checks}
    return JsonResponse(body, status=200 if well else 503)
