"""Keys to the API, and the answers already given to a retried write."""

from api.models.keys import ApiToken, IdempotencyKey

__all__ = ["ApiToken", "IdempotencyKey"]
