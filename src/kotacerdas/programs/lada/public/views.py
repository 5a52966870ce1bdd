"""The page behind a label: for staff the good itself, for a stranger whose it is and how to give notice."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from kotacerdas.foundation.parties.access import grants_for
from kotacerdas.foundation.parties.actors import reporter
from kotacerdas.foundation.parties.limits import limited
from kotacerdas.foundation.ui.fields import WordsField
from kotacerdas.kernel.regency import regency
from kotacerdas.programs.lada.actions.labels import label_found
from kotacerdas.programs.lada.actions.notices import LONGEST, SHORTEST, notice_give
from kotacerdas.programs.lada.models import GoodsCode, Label
from kotacerdas.programs.lada.permissions import CHANGE, COUNT, VIEW

_look = limited("asset_label", capacity=60, seconds=600, methods=("GET", "HEAD"), address_share=4)
_write = limited("asset_notice", capacity=4, seconds=3600, address_share=10)


class NoticeForm(forms.Form):
    """What somebody wants to say about a thing with a label. Nobody is asked who they are."""

    use_required_attribute = False

    words = WordsField(
        label=_("What should its owner know?"),
        help_text=_(
            "For example where you found it, or what is broken. Write no names and no telephone numbers."
        ),
        min_length=SHORTEST,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


@never_cache
@_look
@_write
@require_http_methods(["GET", "HEAD", "POST"])
def label(request: HttpRequest, token: str) -> HttpResponse:
    """Whose a labelled thing is. Raises Missing for a number that is no label."""
    found = label_found(token)
    if request.method != "POST" and (address := _of_staff(request, found)):
        return HttpResponseRedirect(address)
    form, is_sent = NoticeForm(request.POST if request.method == "POST" else None), False
    if form.is_bound and form.is_valid():
        notice_give(actor=reporter(), label=found, words=form.cleaned_data["words"])
        is_sent, form = True, NoticeForm()
    asset = found.asset if found.ended_at is None else None
    code = asset.goods_code if asset is not None else ""
    context = {
        "label": found,
        "agency": asset.agency if asset is not None else found.agency,
        "asset": asset,
        "what": GoodsCode.objects.filter(code=code).values_list("name", flat=True).first(),
        "form": form,
        "is_sent": is_sent,
        "contact": regency().contact,
    }
    response = render(request, "lada/public/label.html", context, status=422 if form.errors else 200)
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _of_staff(request: HttpRequest, found: Label) -> str:
    """Where whoever may see the good goes on; "" for everybody else."""
    grants, agencies = grants_for(request), [found.agency_id]
    if found.asset is not None and found.ended_at is None:
        if grants.may(VIEW, agencies=[found.asset.agency_id]):
            return reverse("lada:asset", args=[found.asset.nibar])
        return ""
    if found.room is not None and found.ended_at is None and grants.may(VIEW, agencies=agencies):
        return f"{reverse('lada:register')}?q={found.room.name}"
    if found.bound_at is None and (
        grants.may(CHANGE, agencies=agencies) or grants.may(COUNT, agencies=agencies)
    ):
        return f"{reverse('lada:labels')}?label={found.token}"
    return ""
