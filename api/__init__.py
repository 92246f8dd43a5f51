"""REST API v1 for all of it."""
