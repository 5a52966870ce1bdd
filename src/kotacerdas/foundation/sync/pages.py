"""The desk's pages of phones: the list, one of them, a code that sets one up, and files that phones exported."""

from __future__ import annotations

from functools import wraps
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import segno
from django.conf import settings
from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kotacerdas.foundation.parties.access import View, acting, desk, grants_for
from kotacerdas.foundation.sync import present
from kotacerdas.foundation.sync.forms import ExportForm, PersonForm
from kotacerdas.foundation.sync.models import Phone
from kotacerdas.foundation.sync.permissions import MANAGE
from kotacerdas.foundation.sync.phones import CODE_MINUTES, code_make, phone_revoke, phones_of
from kotacerdas.foundation.sync.rescue import Rescue, export_read, rescue
from kotacerdas.foundation.sync.shell import works_in_field
from kotacerdas.foundation.ui.shapes import Chip, Crumb, Empty
from kotacerdas.kernel.errors import Invalid, KotaError, Missing

PAGE_SIZE = 50
CODE_GROUP = 5


def field_desk(view: View) -> View:
    """A page for who has work in the field or looks after phones; for others it is not there."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        grants = grants_for(request)
        if not grants.may(MANAGE) and not works_in_field(grants):
            raise Missing(_("There is no such page here."), remedy=_("Go back to your work."))
        return view(request, *args, **kwargs)

    return desk()(guarded)


def page(
    request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200
) -> TemplateResponse:
    """A desk page of phones, never stored by the browser."""
    response = TemplateResponse(request, f"sync/{template}", context, status=status)
    response.headers["Cache-Control"] = "no-store"
    return response


@require_safe
@field_desk
def phones(request: HttpRequest) -> HttpResponse:
    """The phones that one may look after; first those with something waiting, the one silent longest on top."""
    seen, chosen = phones_of(grants_for(request)), request.GET.get("yang", "")
    filters = present.filters()
    listed = seen.filter(filters[chosen]) if chosen in filters else seen
    shown, links = paged(request, present.in_order(listed))
    context = {
        "rows": present.rows(shown.object_list),
        "total": shown.paginator.count,
        "pages": links,
        "chips": [_chip(seen, name, chosen if chosen in filters else "") for name in ("", *filters)],
        "may_manage": grants_for(request).may(MANAGE),
        "in_field": works_in_field(grants_for(request)),
        "empty": Empty(
            icon="smartphone",
            title=_("No phone here"),
            text=_("Set one up with a code, or choose another filter."),
        ),
    }
    return page(request, "phones.html", context)


def _chip(seen: Any, name: str, chosen: str) -> Chip:
    on, filters = name == chosen, present.filters()
    return Chip(
        text=present.FILTER_WORDS[name],
        url=f"?{urlencode({'yang': name})}" if name and not on else reverse("sync:phones"),
        count=(seen.filter(filters[name]) if name else seen).count(),
        on=on,
        removable=on and bool(name),
    )


def paged(request: HttpRequest, rows: Any) -> tuple[Page[Any], dict[str, str]]:
    """The page of a list that an address asks for, and the addresses of those beside it."""
    found = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("hal"))
    given = {key: value for key, value in request.GET.items() if key != "hal"}
    links = {}
    if found.has_previous():
        links["before"] = f"?{urlencode({**given, 'hal': found.previous_page_number()})}"
    if found.has_next():
        links["after"] = f"?{urlencode({**given, 'hal': found.next_page_number()})}"
    return found, links


@require_safe
@field_desk
def phone(request: HttpRequest, phone_id: UUID) -> HttpResponse:
    """One phone: what is known of it, what is stuck, its photos under way."""
    found = _phone_of(request, phone_id)
    [row] = present.rows([found])
    context = {
        **row,
        "refusals": present.refusals(found, grants_for(request)),
        "uploads": present.uploads(found, grants_for(request)),
        "crumbs": _crumbs(row["name"]),
        "may_manage": grants_for(request).may(MANAGE),
    }
    return page(request, "phone.html", context)


@require_POST
@field_desk
def phone_step(request: HttpRequest, phone_id: UUID) -> HttpResponse:
    """Revoke a phone: it is let in no more, and what is on it is deleted at its next contact."""
    found = _phone_of(request, phone_id)
    phone_revoke(actor=acting(request, MANAGE), phone=found)
    messages.success(request, _("The phone is let in no more. Its data is deleted at its next contact."))
    return HttpResponseRedirect(reverse("sync:phone", args=[found.pk]))


def _phone_of(request: HttpRequest, phone_id: UUID) -> Phone:
    found = (
        phones_of(grants_for(request))
        .select_related("user", "position", "enrolled_by", "revoked_by")
        .filter(pk=phone_id)
        .first()
    )
    if found is None:
        raise Missing(_("There is no such phone here."), remedy=_("Look for it in the list of phones."))
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@field_desk
def code(request: HttpRequest) -> HttpResponse:
    """Choose a person; the answer shows the code that sets up one phone for them, once."""
    form = PersonForm(grants_for(request), request.user, request.POST or None)
    made = ""
    if request.method == "POST" and form.is_valid():
        try:
            made = code_make(actor=acting(request, MANAGE), user=form.cleaned_data["person"])
        except KotaError as error:
            form.add_error("person", str(error))
    context = {
        "form": form,
        "owner": form.cleaned_data["person"] if made else None,
        "groups": [made[start : start + CODE_GROUP] for start in range(0, len(made), CODE_GROUP)],
        "qr": _drawn(f"{settings.PUBLIC_URL}{reverse('sync:app')}#/kode/{made}") if made else "",
        "address": f"{settings.PUBLIC_URL}{reverse('sync:app')}",
        "minutes": CODE_MINUTES,
        "crumbs": _crumbs(_("Set up a phone")),
    }
    return page(request, "code.html", context, status=422 if form.is_bound and not made else 200)


def _drawn(address: str) -> SafeString:
    """The address as a QR code of fixed size, black on white in every theme."""
    return mark_safe(
        segno.make(address, error="m", micro=False).svg_inline(
            omitsize=True, border=4, dark="#000", light="#fff", svgclass="qr", lineclass=None
        )
    )


@require_http_methods(["GET", "HEAD", "POST"])
@desk(MANAGE)
def export_file(request: HttpRequest) -> HttpResponse:
    """Take in a file that a phone exported, and say what became of each entry."""
    form = ExportForm(request.POST or None, request.FILES or None)
    problem, found, status = None, None, 200
    if request.method == "POST":
        try:
            found = _taken(request, form)
        except KotaError as error:
            problem, status = error, error.status
    context = {
        "form": form,
        "problem": problem,
        "most_mb": settings.MAX_BODY_BYTES // 1024 // 1024,
        "crumbs": _crumbs(_("Take in a file")),
        **(present.rescued(found) if found else {}),
    }
    return page(request, "file.html", context, status=status)


def _taken(request: HttpRequest, form: ExportForm) -> Rescue:
    if not form.is_valid():
        raise Invalid(
            _("No file was chosen, or it is empty."), remedy=_("Choose the file that the phone wrote.")
        )
    actor = acting(request, MANAGE)
    return rescue(actor=actor, export=export_read(actor, form.cleaned_data["file"].read()))


def _crumbs(last: str) -> tuple[Crumb, ...]:
    return Crumb(text=_("Phones"), url=reverse("sync:phones")), Crumb(text=last)
