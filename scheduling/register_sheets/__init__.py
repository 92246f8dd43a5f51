"""The sheet about when and where: shifts."""

from scheduling.register_sheets import sentences, shifts

__all__ = ["sentences", "shifts"]
