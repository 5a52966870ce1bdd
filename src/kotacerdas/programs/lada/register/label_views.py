"""Labels at the desk: sheets of blank ones, of goods and of rooms as PDF; a scanned number bound to a good or a room."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from kotacerdas.foundation.casework.pages import page
from kotacerdas.foundation.documents import rendering
from kotacerdas.foundation.parties.access import acting, desk, grants_for
from kotacerdas.foundation.parties.models import Agency
from kotacerdas.foundation.sync.scanning import code_on
from kotacerdas.foundation.ui.shapes import Crumb
from kotacerdas.kernel import clock
from kotacerdas.kernel.errors import Invalid, KotaError
from kotacerdas.programs.lada import queries
from kotacerdas.programs.lada.actions import labels
from kotacerdas.programs.lada.models import Asset, Label, Room
from kotacerdas.programs.lada.permissions import CHANGE, COUNT, VIEW

GRID = rendering.Grid(columns=3, rows=7, left=7.2, top=15.1, gap_x=2.5)  # A4, 21 labels of 63.5 by 38.1 mm
MOST = 210
MOST_PHOTO_MB = 12
LETTERS = 24  # of a name on a label


class SheetForm(forms.Form):
    """A sheet: of what, how many blank ones, and how many places were peeled off before."""

    use_required_attribute = False

    agency = forms.ModelChoiceField(label=gettext_lazy("Agency"), queryset=Agency.objects.none())
    count = forms.IntegerField(
        label=gettext_lazy("Blank labels"),
        min_value=0,
        max_value=labels.MOST_BLANK,
        initial=21,
        required=False,
    )
    used = forms.IntegerField(
        label=gettext_lazy("Places used already"),
        min_value=0,
        max_value=GRID.places - 1,
        initial=0,
        required=False,
        help_text=gettext_lazy("From the top left, row by row; they are skipped."),
    )
    rooms = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Rooms"), queryset=Room.objects.none(), required=False
    )

    def __init__(self, *args: Any, agencies: Any, rooms: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agency"].queryset = agencies  # type: ignore[attr-defined]
        self.fields["agency"].label_from_instance = lambda one: one.short_name  # type: ignore[attr-defined]
        self.fields["agency"].initial = agencies.first()
        self.fields["rooms"].queryset = rooms  # type: ignore[attr-defined]


class BindForm(forms.Form):
    """A label's number, or a photo of its code, and the good or the room that it is stuck on."""

    use_required_attribute = False

    token = forms.CharField(label=gettext_lazy("Number below the code"), max_length=200, required=False)
    photo = forms.FileField(label=gettext_lazy("Or a photo of the code"), required=False)
    thing = forms.CharField(label=gettext_lazy("NIBAR of the good, or code of the room"), max_length=30)


@require_safe
@desk(VIEW)
def label_desk(request: HttpRequest) -> HttpResponse:
    """Sheets and binding; goods that were picked in the register come along."""
    return _home(request)


@require_POST
@desk(CHANGE)
def sheet(request: HttpRequest) -> HttpResponse:
    """A sheet as PDF: of the picked goods, else of the chosen rooms, else blank."""
    form = _sheet_form(request, request.POST)
    if not form.is_valid():
        return _home(request, sheet_form=form)
    given, actor = form.cleaned_data, acting(request, CHANGE, agencies=[form.cleaned_data["agency"].id])
    goods = _goods(request, request.POST.getlist("nibar"))
    try:
        if goods:
            made = labels.labels_of_goods(actor=actor, goods=goods)
        elif given["rooms"]:
            made = labels.labels_of_rooms(actor=actor, rooms=list(given["rooms"]))
        else:
            made = labels.labels_blank(actor=actor, agency=given["agency"], count=given["count"] or 0)
        pdf = sheet_pdf(made, used=given["used"] or 0)
    except Invalid as error:
        for name, words in (error.fields or {"": str(error)}).items():
            form.add_error(name if name in form.fields else None, str(words))
        return _home(request, sheet_form=form)
    answer = HttpResponse(pdf, content_type="application/pdf")
    answer.headers["Content-Disposition"] = 'inline; filename="label.pdf"'
    return answer


@require_POST
@desk(CHANGE, COUNT)
def bind(request: HttpRequest) -> HttpResponse:
    """Bind a label; one that is bound already is refused with what it is bound to."""
    form = BindForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            label = _bound(request, form.cleaned_data)
        except KotaError as error:
            fields = error.fields if isinstance(error, Invalid) else {}
            form.add_error("token" if not fields else next(iter(fields)), str(error))
        else:
            what = label.asset.name if label.asset is not None else str(label.room)
            messages.success(request, _("The label is bound to %(what)s.") % {"what": what})
            return HttpResponseRedirect(reverse("lada:labels"))
    return _home(request, bind_form=form)


def sheet_pdf(made: Sequence[Label], *, used: int = 0) -> bytes:
    """Labels as sheets of A4; `used` places of the first one are skipped."""
    rows = list(
        Label.objects.filter(token__in=[one.token for one in made]).select_related("asset", "room", "agency")
    )
    by_token = {one.token: one for one in rows}
    given = [rendering.Label(code=address_of(one), lines=_lines(by_token[one.token])) for one in made]
    return rendering.labels(given, clock.now(), grid=GRID, used=used)


def address_of(label: Label) -> str:
    """What the code of a label says."""
    return settings.PUBLIC_URL + reverse("lada:label", args=[label.token])


def _lines(label: Label) -> tuple[str, ...]:
    """What stands beside the code: what it is, NIBAR or room, whose, and the number for typing."""
    number = " ".join(label.token[at : at + 4] for at in range(0, labels.LENGTH, 4))
    if label.asset is not None:
        return (label.asset.name[:LETTERS], label.asset.nibar, label.agency.short_name, number)
    if label.room is not None:
        return (label.room.name[:LETTERS], label.room.code, label.agency.short_name, number)
    return (label.agency.short_name, _("Property of the region"), number)


def _bound(request: HttpRequest, given: dict[str, Any]) -> Label:
    token = given["token"].strip()
    if not token and given["photo"] is not None:
        token = code_on(given["photo"].read(), most_mb=MOST_PHOTO_MB)
    if not token:
        words = _("Scan the code, or type the number below it.")
        raise Invalid(words, fields={"token": words})
    asset, room = _thing(request, given["thing"].strip())
    agency = (asset or room).agency_id  # type: ignore[union-attr]
    actor = acting(request, CHANGE, COUNT, agencies=[agency])
    return labels.label_bind(actor=actor, token=token, asset=asset, room=room)


def _thing(request: HttpRequest, text: str) -> tuple[Asset | None, Room | None]:
    grants = grants_for(request)
    asset = queries.assets_for(grants).filter(nibar=text).first()
    rooms = list(queries.rooms_for(grants).filter(code__iexact=text, closed_on=None)[:2])
    if asset is None and len(rooms) == 1:
        return None, rooms[0]
    if asset is None:
        words = _("There is no such good or room here: compare the NIBAR, or the room's code.")
        raise Invalid(words, fields={"thing": words})
    return asset, None


def _home(
    request: HttpRequest, *, sheet_form: SheetForm | None = None, bind_form: BindForm | None = None
) -> HttpResponse:
    grants = grants_for(request)
    numbers = request.POST.getlist("nibar") or request.GET.getlist("nibar")
    scanned = labels.token_of(request.GET.get("label", ""))
    wrong = any(form is not None and form.errors for form in (sheet_form, bind_form))
    known = queries.labels_for(grants).filter(ended_at=None)
    context = {
        "sheet_form": sheet_form or _sheet_form(request),
        "bind_form": bind_form or BindForm(initial={"token": scanned}),
        "goods": _goods(request, numbers),
        "may_change": grants.may(CHANGE),
        "blank": known.filter(bound_at=None).count(),
        "bound": known.exclude(bound_at=None).count(),
        "places": range(GRID.places),
        "crumbs": (
            Crumb(text=_("Register of goods"), url=queries.register_url()),
            Crumb(text=_("Labels")),
        ),
    }
    return page(request, "lada/register/labels.html", context, status=422 if wrong else 200)


def _sheet_form(request: HttpRequest, data: Any = None) -> SheetForm:
    grants = grants_for(request)
    scope = grants.scope(CHANGE)
    return SheetForm(
        data,
        agencies=Agency.objects.filter(scope.within("id")).order_by("short_name"),
        rooms=queries.rooms_for(grants).filter(scope.within("agency"), closed_on=None),
    )


def _goods(request: HttpRequest, numbers: Sequence[str]) -> list[Asset]:
    wanted = [one[:20] for one in numbers[:MOST]]
    return list(queries.assets_for(grants_for(request)).filter(nibar__in=wanted, is_active=True))
