"""The treasurer's page of a day."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from kotacerdas.foundation.cases.queries import badge
from kotacerdas.foundation.casework.pages import page
from kotacerdas.foundation.parties.access import desk, grants_for
from kotacerdas.foundation.parties.models import Agency
from kotacerdas.foundation.payments.closing import cash_expected, open_days
from kotacerdas.foundation.payments.models import Deposit
from kotacerdas.foundation.payments.permissions import CLOSE_DAY, VIEW_LEDGER
from kotacerdas.foundation.payments.present import day_asked, neighbours
from kotacerdas.kernel import clock
from kotacerdas.programs.gopal import queries
from kotacerdas.programs.gopal.permissions import ACCOUNT
from kotacerdas.programs.gopal.treasury.day import Gap, day_of, to_give_back

_GAPS = {
    "cash": (_("the count differs"), "banknote"),
    "unpaid": (_("not paid"), "clock"),
    "other_day": (_("paid on another day"), "calendar"),
    "given_back": (_("given back"), "undo-2"),
    "given_back_other": (_("given back of another day's bill"), "undo-2"),
    "short": (_("the plant got less"), "scale"),
    "over": (_("the plant got more"), "scale"),
    "fell": (_("its level fell, not at a plant"), "trending-down"),
    "on_the_way": (_("not received by a plant yet"), "truck"),
    "refused": (_("refused by the plant"), "ban"),
}


@never_cache
@require_safe
@desk(ACCOUNT)
def day(request: HttpRequest) -> HttpResponse:
    """Trips, manifests, cubic metres and rupiah of a day per truck; what differs stands beneath, by name."""
    agency, wanted = queries.agency_for(grants_for(request), ACCOUNT), day_asked(request.GET.get("hari", ""))
    shown = day_of(agency, wanted)
    context = {
        "agency": agency,
        "day": shown,
        "is_today": wanted == clock.today(),
        "neighbours": neighbours(wanted),
        "to_give_back": to_give_back(agency),
        "gaps": [_shown(one) for one in shown.gaps],
        "rows": [(one, [gap for gap in shown.gaps if gap.truck == one.name]) for one in shown.trucks],
        **_cash(request, agency, wanted),
    }
    return page(request, "gopal/treasury/day.html", context)


def _cash(request: HttpRequest, agency: Agency, wanted: date) -> dict[str, Any]:
    """What is to be deposited: the slip of a closed day, else what should lie in the cash box."""
    grants = grants_for(request)
    return {
        "deposit": Deposit.objects.filter(agency=agency, day=wanted).first(),
        "expected": cash_expected(agency, wanted),
        "sees_cash": grants.may(VIEW_LEDGER, agencies=[agency.id]),
        "to_close": grants.may(CLOSE_DAY, agencies=[agency.id]) and wanted in open_days(agency),
    }


def _shown(gap: Gap) -> dict[str, Any]:
    what = gap.what if gap.what != "litres" else "short" if gap.amount < 0 else "over"
    label, icon = _GAPS[what]
    clocks = (
        gap.case.clocks.filter(state__in=("running", "paused")).select_related("policy")
        if gap.case is not None and not gap.charge
        else None
    )
    running = clocks.first() if clocks is not None else None
    return {
        "gap": gap,
        "size": abs(gap.amount),
        "label": label,
        "icon": icon,
        "badge": badge(running) if running else None,
    }
