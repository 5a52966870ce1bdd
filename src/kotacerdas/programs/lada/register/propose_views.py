"""A change is proposed: for goods that were picked, or a new one by its goods code."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from kotacerdas.foundation.casework.pages import page
from kotacerdas.foundation.commands.idempotency import CommandRepeated
from kotacerdas.foundation.commands.posted import PostedForm
from kotacerdas.foundation.parties.access import acting, desk, grants_for
from kotacerdas.foundation.parties.models import Agency
from kotacerdas.foundation.ui.shapes import Crumb
from kotacerdas.kernel import ids
from kotacerdas.kernel.errors import Conflict, Invalid, Missing, Refused
from kotacerdas.programs.lada import codes, queries
from kotacerdas.programs.lada.actions.checking import known_codes
from kotacerdas.programs.lada.models import Asset, GoodsCode
from kotacerdas.programs.lada.permissions import CHANGE, VIEW
from kotacerdas.programs.lada.register import telling
from kotacerdas.programs.lada.register.change_forms import FORMS, SINGLE, ChangeForm
from kotacerdas.programs.lada.register.proposing import propose as propose_change

MOST = 200
CODES_SHOWN = 30


@require_safe
@desk(VIEW)
def picked(request: HttpRequest) -> HttpResponse:
    """From the register's bar to what is to be done with the picked goods."""
    numbers = request.GET.getlist("nibar")[:MOST]
    if not numbers:
        messages.warning(request, _("Pick at least one good."))
        return HttpResponseRedirect(reverse("lada:register"))
    chosen, query = request.GET.get("lalu", ""), urlencode([("nibar", one) for one in numbers])
    if chosen in FORMS:
        return HttpResponseRedirect(f"{reverse('lada:propose', args=[chosen])}?{query}")
    return HttpResponseRedirect(f"{reverse('lada:labels')}?{query}")


@require_http_methods(["GET", "HEAD", "POST"])
@desk(CHANGE)
def propose(request: HttpRequest, kind: str) -> HttpResponse:
    """The form of a change, and the change once it is filled in."""
    if kind not in FORMS:
        raise Missing(_("There is no such change."), remedy=_("Choose one on the good's page."))
    if kind == "acquire":
        return _acquire(request)
    goods = _goods(request)
    if not goods:
        raise Missing(_("There is no such good here."), remedy=_("Pick goods in the register."))
    others = {one.agency_id for one in goods}
    if len(others) > 1 or (kind in SINGLE and len(goods) > 1):
        words = (
            _("Pick goods of one agency: a change is approved for one.")
            if len(others) > 1
            else _("This is proposed for one good at a time.")
        )
        messages.warning(request, words)
        return HttpResponseRedirect(reverse("lada:register"))
    return _asked(request, kind, goods[0].agency, goods)


def _acquire(request: HttpRequest) -> HttpResponse:
    """A new good: first its goods code, whose group says the card; then the card."""
    given = request.POST.get("kode", "") or request.GET.get("kode", "")
    code = codes.normal(given[:40])
    agencies = _agencies(request)
    chosen = request.POST.get("opd", "") or request.GET.get("opd", "")
    agency = next((one for one in agencies if one.code == chosen), agencies[0] if agencies else None)
    if agency is None:
        raise Missing(_("There is no such page here."), remedy=_("Go back to your work."))
    flaw = next(codes.flaws(code, known_codes({code})), "") if given else ""
    if not given or flaw:
        words = request.GET.get("cari", "").strip()[:80]
        context = {
            "agencies": agencies if len(agencies) > 1 else [],
            "agency": agency,
            "words": words,
            "given": given,
            "flaw": flaw,
            "codes": _codes(words),
            "crumbs": _crumbs(_("New good")),
        }
        return page(request, "lada/register/choose_code.html", context, status=422 if flaw else 200)
    return _asked(request, "acquire", agency, [], code=code)


def _asked(
    request: HttpRequest, kind: str, agency: Agency, goods: list[Asset], *, code: str = ""
) -> HttpResponse:
    card = codes.card_of(code)
    data = request.POST if request.method == "POST" else None
    form = FORMS[kind](data, agency=agency, goods=goods, card=card)
    if form.is_bound and form.is_valid():
        answer = _proposed(request, kind, form, code)
        if answer is not None:
            return answer
    context = {
        "form": form,
        "kind": kind,
        "title": telling.act_of(kind),
        "agency": agency,
        "goods": goods,
        "code": code,
        "code_name": GoodsCode.objects.filter(code=code).values_list("name", flat=True).first(),
        "card": card,
        "last": telling.entries_of(goods[0])[0] if kind == "reverse" and len(goods) == 1 else None,
        "form_key": request.POST.get("key", "") or ids.new_id(),
        "crumbs": _crumbs(telling.act_of(kind)),
    }
    return page(request, "lada/register/propose.html", context, status=422 if form.errors else 200)


def _proposed(request: HttpRequest, kind: str, form: ChangeForm, code: str) -> HttpResponse | None:
    """Propose it; None where it was refused, with the words in the form."""
    command = PostedForm.of(request, "lada.change.propose", kind)
    actor = acting(request, CHANGE, agencies=[form.agency.id])
    try:
        command.check()
        with command.taking():
            opened = propose_change(actor=actor, kind=kind, form=form, goods_code=code)
    except CommandRepeated:
        messages.info(request, _("It was proposed already."))
        return HttpResponseRedirect(reverse("lada:changes:queue"))
    except Invalid as error:
        for name, words in (error.fields or {"": str(error)}).items():
            form.add_error(name if name in form.fields else None, _of_good(form, name, words))
        return None
    except (Conflict, Refused) as error:
        form.add_error(None, f"{error.message} {error.remedy}".strip())
        return None
    messages.success(
        request,
        _("%(number)s is proposed. Somebody else of the asset office approves it.")
        % {"number": opened.case.number},
    )
    return HttpResponseRedirect(reverse("lada:changes:case", args=[opened.case.number]))


def _of_good(form: ChangeForm, name: str, words: Any) -> str:
    """Words about a line, with the good that it is about where there are several."""
    found = re.fullmatch(r"line_(\d+)", name)
    if found is None or len(form.goods) < 2 or int(found[1]) > len(form.goods):
        return str(words)
    one = form.goods[int(found[1]) - 1]
    return f"{one.nibar} {one.name}: {words}"


def _goods(request: HttpRequest) -> list[Asset]:
    source = request.POST if request.method == "POST" else request.GET
    numbers = [one[:20] for one in source.getlist("nibar")[:MOST]]
    scope = grants_for(request).scope(CHANGE)
    rows = queries.assets_for(grants_for(request)).filter(scope.within("agency"))
    return list(rows.filter(nibar__in=numbers).select_related("holder").order_by("nibar"))


def _agencies(request: HttpRequest) -> list[Agency]:
    scope = grants_for(request).scope(CHANGE)
    return list(Agency.objects.filter(scope.within("id")).order_by("short_name"))


def _codes(words: str) -> list[GoodsCode]:
    wanted = Q(closed_on=None, card__in="ABCDEF", code__regex=r"^\d\.\d\.\d\.\d\d\.\d\d\.\d\d\.\d\d\d$")
    for word in words.split()[:6]:
        wanted &= Q(name__icontains=word) | Q(code__startswith=word)
    return list(GoodsCode.objects.filter(wanted).order_by("code")[:CODES_SHOWN])


def _crumbs(last: str) -> tuple[Crumb, ...]:
    return (Crumb(text=_("Register of goods"), url=queries.register_url()), Crumb(text=last))
