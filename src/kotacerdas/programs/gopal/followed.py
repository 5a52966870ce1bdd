"""How a customer follows an order: by secret link, with its bill, the truck once it is under way, and a rating."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kotacerdas.foundation.cases.models import Case, CaseParty
from kotacerdas.foundation.cases.ratings import FACES
from kotacerdas.foundation.following.declarations import Act, Following
from kotacerdas.foundation.following.forms import FollowForm, RateForm
from kotacerdas.foundation.following.present import title_of
from kotacerdas.foundation.parties.actors import Actor
from kotacerdas.foundation.payments.models import Charge
from kotacerdas.foundation.payments.queries import pay_token
from kotacerdas.programs.gopal import queries
from kotacerdas.programs.gopal.actions import orders
from kotacerdas.programs.gopal.lifecycles.orders import CUSTOMER, KIND
from kotacerdas.programs.gopal.messages import slot_words
from kotacerdas.programs.gopal.models import Order

RATED_IN = ("emptied", "closed")


def _rate(*, actor: Actor, party: CaseParty, given: Mapping[str, Any], photos: object) -> None:
    rating = int(given["rating"]) if given["rating"] in ("1", "2", "3", "4") else 0
    orders.order_rate(actor=actor, party=party, rating=rating, words=given["words"])


def _withdraw(*, actor: Actor, party: CaseParty, given: Mapping[str, Any], photos: object) -> None:
    orders.order_withdraw(actor=actor, party=party)


class WithdrawForm(FollowForm):
    """One press, and nothing to write."""

    WORDS = ()


def _open_acts(case: Case, party: CaseParty | None) -> frozenset[str]:
    is_customer = party is not None and party.role == CUSTOMER.name
    may_rate = case.state in RATED_IN and not case.feedback.filter(party=party).exists()
    may_cancel = case.state in ("booked", "failed") and orders.may_withdraw(queries.order_of(case))
    open_now = {"rate": may_rate, "withdraw": may_cancel}
    return frozenset(name for name, is_open in open_now.items() if is_open and is_customer)


def _context(case: Case, _party: CaseParty, target: CaseParty | None) -> dict[str, Any]:
    order = queries.order_of(case)
    charge = order.charge
    rated = case.feedback.filter(party=target).order_by("-at").first() if target else None
    return {
        "order": order,
        "slot": slot_words(order),
        "class_name": queries.class_names().get(order.tank_class, order.tank_class),
        "pay_token": pay_token(charge) if charge is not None and charge.state == Charge.State.OPEN else "",
        "extra": (extra := queries.extra_bill(case)),
        "extra_token": pay_token(extra) if extra is not None and extra.state == Charge.State.OPEN else "",
        "is_coming": case.state in ("booked", "under_way"),
        "gives_back": charge is not None and case.state == "cancelled" and charge.paid > charge.refunded,
        "is_paid": charge is not None and charge.state == Charge.State.PAID,
        "truck": queries.truck_of(case),
        "free_until": orders.free_until(order),
        "faces": [(value, *face) for value, face in FACES.items()],
        "rated": FACES[rated.rating] if rated else None,
    }


def _sent(party: CaseParty) -> tuple[str, dict[str, Any]]:
    """The page after ordering: number, time, and the bill where it is paid by QRIS at once."""
    order = queries.order_of(party.case)
    is_now = order.pay_by == Order.PayBy.QRIS and order.charge is not None
    return "gopal/public/sent.html", {
        "case": party.case,
        "title": title_of(party.case),
        "order": order,
        "slot": slot_words(order),
        "pay_token": pay_token(order.charge) if is_now and order.charge is not None else "",
        "free_until": orders.free_until(order),
    }


FOLLOWED = (
    Following(
        kind=KIND,
        acting=(CUSTOMER.name,),
        acts=(
            Act(name="rate", slug="nilai", form=RateForm, check=orders.check_customer, run=_rate, asked=""),
            Act(
                name="withdraw",
                slug="batal",
                form=WithdrawForm,
                check=orders.check_customer,
                run=_withdraw,
                asked="",
            ),
        ),
        open_acts=_open_acts,
        template="gopal/public/follow.html",
        context=_context,
        sent=_sent,
        link="gopal.link",
        first=frozenset({"gopal.booked", "gopal.round"}),
    ),
)
