"""The sheets the ground floor brings: units and agreements."""

from coordination.register_sheets import agreements, units

__all__ = ["agreements", "units"]
