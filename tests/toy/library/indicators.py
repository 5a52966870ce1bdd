"""Loans (a flow), books on the shelf (a stock), fines and gifts (sums in rupiah)."""

from django.utils.translation import gettext_lazy as _

from kotacerdas.foundation.indicators.declarations import Contribution, Indicator

LEND, RETURN, SHELVE = "library.loan.lend", "library.loan.return", "library.book.shelve"
PAY, REFUND = "payments.charge.pay", "payments.charge.refund"


def _one(fact, number):
    agency, area = fact.codes["agency"], fact.codes["area"]
    return Contribution(day=fact.coded_day("on"), agency=agency, area=area, numerator=number)


def lent(fact):
    yield _one(fact, 1)


def shelf(fact):
    yield _one(fact, {LEND: -1, RETURN: 1}.get(fact.verb) or fact.measures["books"])


def paid_for(purpose):
    """Rupiah that came for a purpose, less what was given back."""

    def contribute(fact):
        if fact.codes["title"] == purpose:
            yield _one(fact, fact.measures["rupiah"] * (1 if fact.verb == PAY else -1))

    return contribute


def _indicator(name, kind, contribute, words, *verbs):
    given = {"code": f"library.{name}", "kind": kind, "verbs": frozenset(verbs), "terms": (words, "")}
    return Indicator(contribute=contribute, **given)


INDICATORS = (
    _indicator("lent", "flow", lent, _("books lent"), LEND),
    _indicator("shelf", "stock", shelf, _("books on the shelf"), LEND, RETURN, SHELVE),
    _indicator("fines", "flow", paid_for("library.fine"), _("rupiah of fines"), PAY, REFUND),
    _indicator("gifts", "flow", paid_for("library.donation"), _("rupiah of gifts"), PAY, REFUND),
)
