"""Celery finds the jobs through this module; scheduling has no tasks of its own yet."""

from scheduling import jobs

__all__ = ["jobs"]
