"""Routes of the API about plans of a period: all for those who assign people, nothing for others."""

from tests.contracts.routes import scheduling
from tests.contracts.routes.api_places import row
from tests.contracts.routes.table import Row

ROWS: list[Row] = [
    row("plan-list", "C", post=400),
    row("plan-weights", "C", put=400),
    row("plan-detail", "C", own=scheduling.a_draft_plan),
    row("plan-stop", "C", get=None, post=200, own=scheduling.a_plan),
    row("plan-discard", "C", get=None, post=200, own=scheduling.a_draft_plan),
    row("plan-publish", "C", get=None, post=202, own=scheduling.a_draft_plan),
    row("plan-seats", "C", post=400, own=scheduling.a_draft_plan),
    row("plan-candidates", "C", get=400, own=scheduling.a_draft_plan),
    row("plan-seat-detail", "C", patch=400, delete=204, own=scheduling.a_plan_seat),
]
