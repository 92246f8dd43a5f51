"""Brings a register kept in a spreadsheet into Vuoro: reads, checks, shows what would change,
writes when told to.

Each package registers its own sheets in `<package>/register_sheets`, so that the ground floor
imports nothing above it.
"""
