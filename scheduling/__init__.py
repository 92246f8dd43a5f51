"""Scheduling: when and where, sessions, reasons, assignments, feeds."""
