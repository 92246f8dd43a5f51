"""Routes of api. How to add a line: see ../test_routes.py."""

from tests.contracts.routes.table import Row

ROWS: list[Row] = []
