"""Reads a spreadsheet people keep by hand: opens it safely, finds its headers, understands its
cells. Knows no model.
"""
