"""How long keys to the API are kept. Read by `coordination.retention`."""

from coordination.retention import Delete, Rule, Span

RULES: tuple[Rule, ...] = (
    Delete("api.ApiToken", "revoked_at", Span(months=12), "a key out of use"),
    Delete(
        *("api.IdempotencyKey", "created_at", Span(days=2)),
        "answers kept for a write that is sent again",
    ),
)
