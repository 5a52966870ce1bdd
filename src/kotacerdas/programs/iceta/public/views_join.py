"""Joining a published report instead of filing another."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from kotacerdas.foundation.cases.links import link_token
from kotacerdas.foundation.cases.models import Case, CaseParty
from kotacerdas.foundation.following.actions import take_link_token
from kotacerdas.foundation.following.my_cases import is_accounts, my_parties, own_actor, remember
from kotacerdas.foundation.following.present import as_words
from kotacerdas.foundation.forms import drafts
from kotacerdas.foundation.forms.flash import flash_of, lead_back
from kotacerdas.foundation.forms.posted import draft_in, is_ours, sent_before
from kotacerdas.foundation.parties.access import citizen
from kotacerdas.foundation.parties.limits import limited
from kotacerdas.kernel import ids, phones
from kotacerdas.kernel.errors import Missing
from kotacerdas.programs.iceta.actions import report_join
from kotacerdas.programs.iceta.lifecycles import AT_WORK, UNDECIDED
from kotacerdas.programs.iceta.public import present
from kotacerdas.programs.iceta.public.forms import JoinForm
from kotacerdas.programs.iceta.public.report_form import REPORT_FORM
from kotacerdas.programs.iceta.queries import published

_join = limited("report_join", capacity=12, seconds=600)


@never_cache
@_join
def report_follow_along(request: HttpRequest, number: str) -> HttpResponse:
    """Ask where to send news, then follow the report. Its words are not shown here.

    With a number the link goes there by message and the page says no more: it looks the same whether that
    number is new here, follows already, or reported the matter itself. Without one the link is shown.
    """
    if request.method == "POST":
        case = _open_case(number)
        return _joined(request, case) if request.POST.get("go") == "join" else _asked(request, case)
    what, value = flash_of(request, "mend", "joined")
    return _show(request, _open_case(number), what, value)


def _asked(request: HttpRequest, case: Case) -> HttpResponse:
    """The request to join from the words page; the draft is stored for those who go back."""
    if not is_ours(request, REPORT_FORM):
        return HttpResponseRedirect(_address(case))
    if (sent := sent_before(request, REPORT_FORM)) is not None:
        return HttpResponseRedirect(_address(case, str(sent.id)))
    draft, _problems = draft_in(request, REPORT_FORM, "words")
    response = HttpResponseRedirect(_address(case, str(draft.id)))
    drafts.keep(request, response, replace(draft, page="words"))
    return response


def _joined(request: HttpRequest, case: Case) -> HttpResponse:
    """Join the report, and delete the draft."""
    form = JoinForm(request.POST)
    mark = request.POST.get(drafts.ID, "")
    if not form.is_valid():
        value = {"phone": form.data.get("phone", ""), "mark": mark}
        return _led(request, case, "mend", value)
    phone = form.cleaned_data["phone"]
    if phone:
        take_link_token(phone)
        response = _by_message(request, case, phone, mark)
    else:
        response = _by_page(request, case, mark)
    known = drafts.open_draft(request, REPORT_FORM, drafts.id_in(request.POST))
    if known is not None and not known.is_sent:
        drafts.forget(request, mark)
    return response


def _by_message(request: HttpRequest, case: Case, phone: str, mark: str) -> HttpResponse:
    """Send the link to the typed number; the page shows nothing, since the number may be somebody else's."""
    report_join(
        actor=own_actor(request),
        case=case,
        phone=phone,
        language=_language(),
    )
    return _led(request, case, "joined", {"sent_to": phones.masked(phone), "mark": mark})


def _by_page(request: HttpRequest, case: Case, mark: str) -> HttpResponse:
    """Redirect to the new follower's link; those who follow already use the link they have.

    Who is signed in goes by their account alone: what else this browser knows may be somebody else's.
    """
    user, own = citizen(request), my_parties(request)
    if user is not None:
        own = [party for party in own if is_accounts(party, user)]
    known = next((party for party in own if party.case_id == case.id), None)
    if known is None:
        actor = own_actor(request)
        filed = report_join(actor=actor, case=case, language=_language())
        if filed.is_new:
            return _to_link(request, filed.party, mark)
        known = filed.party
    return HttpResponseRedirect(reverse("following:follow", args=[link_token(known)]))


def _language() -> str:
    return get_language() or "id"


def _to_link(request: HttpRequest, party: CaseParty, mark: str) -> HttpResponse:
    path = reverse("following:sent", args=[link_token(party)])
    response = HttpResponseRedirect(f"{path}?{urlencode({drafts.ID: mark})}" if mark else path)
    remember(request, response, party)
    return response


def _led(request: HttpRequest, case: Case, what: str, value: dict[str, Any]) -> HttpResponse:
    return lead_back(request, _address(case), what, value)


def _show(request: HttpRequest, case: Case, what: str, value: dict[str, Any]) -> HttpResponse:
    mark = value.get("mark", request.GET.get(drafts.ID, ""))
    shown: dict[str, Any] = {**as_words(case), "mark": mark}
    if what == "joined":
        return render(request, "iceta/public/joined.html", {**shown, "sent_to": value["sent_to"]})
    form = JoinForm(value if what == "mend" else None, initial=value)
    if (user := citizen(request)) is not None:
        form.fields["phone"].help_text = _("Leave it empty and news goes to your own number, %(phone)s.") % {
            "phone": phones.masked(user.phone)
        }
    back = f"{reverse('iceta:report_words')}?{urlencode({drafts.ID: mark})}" if mark else ""
    shown |= {"form": form, "stages": present.way(case), "back_url": back}
    return render(request, "iceta/public/join.html", shown, status=422 if form.errors else 200)


def _address(case: Case, mark: str = "") -> str:
    path = reverse("iceta:report_join", args=[case.number])
    return f"{path}?{urlencode({drafts.ID: mark})}" if mark else path


def _open_case(number: str) -> Case:
    found = published().filter(number=ids.normal_ticket(number), state__in=UNDECIDED | AT_WORK).first()
    if found is None:
        raise Missing(
            _("This report cannot be joined any more."), remedy=_("Go back and send yours instead.")
        )
    return found
