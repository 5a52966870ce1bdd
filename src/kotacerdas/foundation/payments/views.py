"""The payer's page with amount, code and state; and the addresses for providers' notices."""

from __future__ import annotations

import io
from uuid import UUID

import segno
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kotacerdas.foundation.documents.responses import document_response
from kotacerdas.foundation.parties.actors import SYSTEM
from kotacerdas.foundation.parties.limits import limited
from kotacerdas.foundation.payments import providers, queries
from kotacerdas.foundation.payments.charges import payment_begin
from kotacerdas.foundation.payments.models import Charge, Payment
from kotacerdas.foundation.payments.notices import notice_take
from kotacerdas.foundation.payments.papers import receipt_of
from kotacerdas.foundation.payments.providers.port import Forged
from kotacerdas.foundation.payments.providers.simulator import Simulator
from kotacerdas.foundation.ui.tags.words import language
from kotacerdas.kernel import clock
from kotacerdas.kernel.errors import Conflict, Missing, Refused, Unavailable

_open = limited("pay", capacity=120, seconds=600, methods=("GET", "POST"))
_limited_notice = limited("pay_notice", capacity=600, seconds=60)
_MOST_NOTICE = 64 * 1024


@never_cache
@_open
@require_http_methods(["GET", "HEAD", "POST"])
def pay(request: HttpRequest, token: str) -> HttpResponse:
    """A charge as its payer sees it. Posted, a code is made for what is owed."""
    charge = queries.charge_of(token)
    problem = None
    if request.method == "POST":
        try:
            payment_begin(charge=charge)
            return HttpResponseRedirect(reverse("payments:pay", args=[token]))
        except (Conflict, Unavailable) as error:
            problem = error
    response = render(
        request,
        "payments/pay.html",
        {**_shown(charge, token), "problem": problem},
        status=problem.status if problem else 200,
    )
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


@never_cache
@_open
@require_safe
def status(request: HttpRequest, token: str) -> HttpResponse:
    """The state of a charge, for the page that asks every few seconds."""
    charge = queries.charge_of(token)
    return JsonResponse({"state": charge.state, "owed": charge.amount - charge.paid})


@never_cache
@_open
@require_safe
def receipt(request: HttpRequest, token: str, payment: UUID) -> HttpResponse:
    """The receipt of a payment as PDF, for whoever holds the charge's link."""
    found = queries.charge_of(token).payments.filter(id=payment, state=Payment.State.SETTLED).first()
    if found is None:
        raise Missing(_("There is no receipt here."), remedy=_("Look at the bill: it says what was paid."))
    document = receipt_of(actor=SYSTEM, payment=found, language=language())
    return document_response(document)


@csrf_exempt
@require_POST
@_limited_notice
def notice(request: HttpRequest, provider: str) -> HttpResponse:
    """Receive a provider's notice. Answers 200 once it is stored, else the provider sends it again."""
    if provider not in providers.NAMES or len(request.body) > _MOST_NOTICE:
        raise Missing(_("There is no such page here."))
    try:
        outcome = notice_take(provider, dict(request.headers), request.body)
    except Forged as error:
        raise Refused(_("This notice is not from the payment service.")) from error
    return JsonResponse({"outcome": outcome})


@require_POST
@_open
def simulate(request: HttpRequest, token: str) -> HttpResponse:
    """Simulate a payment, in demo and training only: the provider's notice that the bank paid."""
    charge = queries.charge_of(token)
    payment = charge.payments.filter(state=Payment.State.PENDING, provider="simulator").first()
    if settings.PRODUCTION or settings.PAYMENT_PROVIDER != "simulator" or payment is None:
        raise Missing(_("There is no such page here."))
    notice_take("simulator", *Simulator().notice(payment))
    return HttpResponseRedirect(reverse("payments:pay", args=[token]))


def _shown(charge: Charge, token: str) -> dict[str, object]:
    living = (
        charge.payments.filter(state=Payment.State.PENDING, expires_at__gt=clock.now())
        .exclude(qris="")
        .first()
    )
    paid = charge.payments.filter(state=Payment.State.SETTLED).order_by("-settled_at").first()
    return {
        "charge": charge,
        "owed": charge.amount - charge.paid,
        "token": token,
        "payment": living if charge.state == Charge.State.OPEN else None,
        "code": _drawn(living.qris) if living and charge.state == Charge.State.OPEN else "",
        "paid": paid,
        "is_simulated": settings.PAYMENT_PROVIDER == "simulator",
    }


def _drawn(code: str) -> str:
    """The code as an SVG of 264 px with its quiet zone."""
    out = io.BytesIO()
    segno.make(code, error="m", micro=False).save(
        out,
        kind="svg",
        scale=4,
        border=4,
        xmldecl=False,
        svgns=True,
        omitsize=True,
        svgclass="qr",
        lineclass=None,
    )
    return out.getvalue().decode()
