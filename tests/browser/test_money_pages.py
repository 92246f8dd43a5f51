"""The money pages of finance, clinics and experts, with money in them."""

from billing.models import FeeLine
from tests.browser.reading import Reader
from tests.cast import Cast
from tests.contracts.routes import billing


def test_pages_are_accessible(db: None, cast: Cast, reader: Reader) -> None:
    (number, _form) = billing.an_exported_file(cast)
    (session,) = billing.a_session_in_sastamala(cast)
    line = FeeLine.objects.get().pk
    visits = {
        cast.finance: [
            "/finance/",
            "/fees/",
            f"/fees/{line}/",
            f"/fees/{line}/correct/",
            f"/fees/{line}/reverse/",
            "/fee-rules/",
            "/fee-rules/new/",
            "/batches/",
            "/batches/lock/2025-03/",
            f"/batches/{number}/",
            "/keys/",
            "/api/v1/docs/",
        ],
        cast.sari: ["/closeout/", f"/closeout/{session}/"],
        cast.aino.user: ["/earnings/"],
    }
    for who, addresses in visits.items():
        for address in addresses:
            assert reader.look_at(address, who)
