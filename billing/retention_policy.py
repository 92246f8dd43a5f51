"""How long money is kept: the Accounting Act's time for vouchers. Read by `coordination.retention`.

The triggers that keep fee lines and exports from ever changing are lifted for this and nothing else
(docs/adr/0013). A funder that wants its vouchers longer: change VOUCHERS.
"""

from django.db.models import Exists, OuterRef, Q

from billing.models import FeeLine
from coordination.retention import Blank, Delete, Keep, Rule, YearEnd
from experts.retention_policy import AFTER_END

VOUCHERS = YearEnd(6)

_NOTHING_LEANS_ON_IT = Q(reversed_by__isnull=True, corrected_by__isnull=True)
"""A corrected line goes after its correction."""

RULES: tuple[Rule, ...] = (
    Delete(
        *("billing.FeeLine", "batch__exported_at", VOUCHERS),
        "a paid fee is a voucher of the year it was sent to payroll (Accounting Act 2:10)",
        _NOTHING_LEANS_ON_IT,
        lifts=("billing.FeeLine:fee_line_stays",),
    ),
    Delete(
        *("billing.FeeLine", "session_on", VOUCHERS),
        "a line that was never paid, such as a reversed one",
        _NOTHING_LEANS_ON_IT & Q(batch__isnull=True),
        lifts=("billing.FeeLine:fee_line_stays",),
    ),
    Delete(
        *("billing.BatchExport", "batch__exported_at", VOUCHERS),
        "the file that went to payroll, with all names in it",
        lifts=("billing.BatchExport:export_never_changes",),
    ),
    Delete(
        *("billing.PayBatch", "exported_at", VOUCHERS),
        "a batch whose lines and files have gone",
        Q(lines__isnull=True, exports__isnull=True),
        lifts=("billing.PayBatch:batch_stays",),
    ),
    Keep("billing.FeeRule", "a setting of the organisation"),
    Blank(
        "experts.Expert",
        {"name": "–", "official_name": "", "payroll_number": ""},
        "ended_on",
        AFTER_END,
        "who was paid, as long as there is a fee line; then nobody knows whose the numbers were",
        ~Q(Exists(FeeLine.objects.filter(expert=OuterRef("pk")))),
    ),
)
