"""The desk's pages of surveys: the records of one's agencies, one record, its correction, and a spreadsheet."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any, TypeVar
from uuid import UUID

from django.contrib import messages
from django.core import signing
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from kotacerdas.foundation.commands.declarations import command_take
from kotacerdas.foundation.commands.fields import UPLOADS, Field, django_form
from kotacerdas.foundation.commands.posted import PostedForm
from kotacerdas.foundation.parties.access import acting, desk, grants_for
from kotacerdas.foundation.parties.grants import Grants
from kotacerdas.foundation.sync import declarations
from kotacerdas.foundation.sync import survey_present as present
from kotacerdas.foundation.sync.declarations import Filled
from kotacerdas.foundation.sync.merging import FieldConflict
from kotacerdas.foundation.sync.models import SurveyRecord
from kotacerdas.foundation.sync.pages import page, paged
from kotacerdas.foundation.sync.survey_reading import Reading
from kotacerdas.foundation.sync.survey_sheet import workbook
from kotacerdas.foundation.sync.survey_words import words_of
from kotacerdas.foundation.sync.surveys import Survey
from kotacerdas.foundation.ui.shapes import Chip, Crumb, Empty
from kotacerdas.kernel import ids
from kotacerdas.kernel.errors import Conflict, Invalid, KotaError, Missing

MOST_LOOKED = (
    5000  # the newest records that a search opens: they are sealed, so the store cannot look into them
)
_BASE = "dasar"
T = TypeVar("T")


@require_safe
@desk()
def surveys(request: HttpRequest) -> HttpResponse:
    """The first survey that one may see."""
    mine = _mine(grants_for(request))
    if not mine:
        raise _missing()
    return HttpResponseRedirect(reverse("sync:survey", args=[mine[0].name]))


@require_safe
@desk()
def survey(request: HttpRequest, name: str) -> HttpResponse:
    """The records of a survey, the newest first."""
    grants = grants_for(request)
    one = _survey(grants, name)
    wanted = present.Wanted.of(one, request.GET.dict())
    reading = Reading()
    seen, links = paged(request, _found(one, grants, wanted, reading))
    query = request.GET.copy()
    query.pop("hal", None)
    context = {
        "survey": one,
        "rows": present.rows(one, list(seen.object_list), reading),
        "unread": len(reading.unread),
        "total": seen.paginator.count,
        "pages": links,
        "wanted": wanted,
        "filters": present.filters(one, wanted),
        "chips": _chips(grants, one),
        "sheet_url": f"{reverse('sync:survey_sheet', args=[one.name])}?{query.urlencode()}",
        "is_cut": bool(wanted) and _all(one, grants).count() > MOST_LOOKED,
        "most": MOST_LOOKED,
        "empty": Empty(
            icon=one.icon,
            title=_("No record here"),
            text=_("Records come from phones in the field. If you are looking for one, widen the search."),
        ),
    }
    reading.write_down()
    return page(request, "surveys.html", context)


@require_safe
@desk()
def sheet(request: HttpRequest, name: str) -> HttpResponse:
    """The same records as XLSX, all pages of them."""
    grants = grants_for(request)
    one = _survey(grants, name)
    reading = Reading()
    found = _found(one, grants, present.Wanted.of(one, request.GET.dict()), reading)
    made = workbook(one, found, reading)
    reading.write_down()
    return made


@require_safe
@desk()
def record(request: HttpRequest, name: str, record_id: UUID) -> HttpResponse:
    """One record: its answers, photos, place, and what happened to it."""
    one, found = _record(request, name, record_id)
    details = _read(found, partial(present.details, one, found))
    context = {"survey": one, "record": found, "crumbs": _crumbs(one, details["title"]), **details}
    return page(request, "survey.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@desk()
def change(request: HttpRequest, name: str, record_id: UUID) -> HttpResponse:
    """Correct a record, by the same command as a phone: what a phone changed meanwhile is merged or shown."""
    one, found = _record(request, name, record_id)
    fields, answers = _at_desk(one), _read(found, lambda: found.answers, is_whole=False)
    known = {field.name: answers[field.name] for field in fields if field.name in answers}
    problem: KotaError | None = None
    conflict: dict[str, list[Any]] = {}
    form, base = django_form(fields)(initial=known), known
    if request.method == "POST":
        form = django_form(fields)(request.POST)
        try:
            base = _base_of(request, found)
            form = django_form(fields)(request.POST, initial=base)
            if form.is_valid():
                _take(request, one, found, form.cleaned_data, base)
                messages.success(request, _("Saved. Phones have it at their next contact."))
                return HttpResponseRedirect(reverse("sync:survey_record", args=[one.name, found.pk]))
        except FieldConflict as error:
            problem, conflict = error, error.differences
            base = {**base, **{field: theirs for field, (_was, theirs, _mine) in conflict.items()}}
        except KotaError as error:
            problem = error
    title = present.record_words(one, found)
    context = {
        "survey": one,
        "title": title,
        "form": form,
        "problem": problem,
        "conflict": [_difference(one, field, told) for field, told in conflict.items()],
        "base": signing.dumps([str(found.pk), base], salt=_BASE, compress=True),
        "base_name": _BASE,
        "key": ids.new_id(),
        "left_out": [field.label for field in one.fields if field not in fields],
        "record_url": reverse("sync:survey_record", args=[one.name, found.pk]),
        "crumbs": _crumbs(one, title),
    }
    status = problem.status if problem else 422 if form.is_bound else 200
    return page(request, "survey_change.html", context, status=status)


def _take(
    request: HttpRequest, one: Survey, found: SurveyRecord, values: Mapping[str, Any], base: Mapping[str, Any]
) -> None:
    """Change the record; answers that the desk's form does not show stay as they are."""
    shown = {field.name for field in _at_desk(one)}
    others = {name: value for name, value in found.answers.items() if name not in shown}
    posted = PostedForm.of(request, one.change_command.name, str(found.pk))
    command_take(
        one.change_command,
        actor=acting(request, one.permission, agencies=[found.agency_id]),
        given=Filled(item=found.pk, values={**others, **values}, base={**others, **base}),
        command_id=posted.command_id,
        digest=posted.digest,
    )


def _at_desk(one: Survey) -> tuple[Field, ...]:
    """The questions that a desk corrects: no photos, no rows, nothing that it sees masked or that hangs on these."""
    found: dict[str, Field] = {}
    for field in one.fields:
        is_drawn = field.type not in {"group", *UPLOADS} and not field.personal
        if is_drawn and (field.shown_if is None or field.shown_if.field in found):
            found[field.name] = field
    return tuple(found.values())


def _base_of(request: HttpRequest, found: SurveyRecord) -> dict[str, Any]:
    """What the form showed when it was opened. Invalid where it is not what we wrote."""
    try:
        key, base = signing.loads(request.POST.get(_BASE, ""), salt=_BASE)
    except (signing.BadSignature, ValueError):
        key, base = "", {}
    if key != str(found.pk):
        raise Invalid(_("This form is damaged."), remedy=_("Open the record again and change it there."))
    return dict(base)


def _difference(one: Survey, name: str, told: list[Any]) -> dict[str, str]:
    asked = one.field(name)
    was, theirs, mine = (words_of(asked, value) or "–" for value in told)
    return {"label": asked.label, "was": was, "theirs": theirs, "mine": mine}


def _read(found: SurveyRecord, make: Callable[[], T], *, is_whole: bool = True) -> T:
    """What is made of a record. Conflict where it does not open."""
    reading = Reading()
    made = reading.of(found, make, is_whole=is_whole)
    reading.write_down()
    if made is None:
        raise Conflict(
            _("This record cannot be read."),
            remedy=_("Tell the operator: the list of what was set aside names it."),
            code="unread",
        )
    return made


def _found(one: Survey, grants: Grants, wanted: present.Wanted, reading: Reading) -> Any:
    """The records that are looked for: a queryset where nothing narrows them, else a list of the newest ones."""
    rows = _all(one, grants).select_related("agency", "made_by")
    return list(_matching(one, rows, wanted, reading)) if wanted else rows


def _matching(
    one: Survey, rows: QuerySet[SurveyRecord], wanted: present.Wanted, reading: Reading
) -> Iterator[SurveyRecord]:
    for row in rows[:MOST_LOOKED].iterator(chunk_size=500):
        if reading.of(row, partial(wanted.holds, one, row)):
            yield row


def _all(one: Survey, grants: Grants) -> QuerySet[SurveyRecord]:
    return one.visible(grants).order_by("-changed_at", "-id")


def _mine(grants: Grants) -> list[Survey]:
    return [one for one in declarations.surveys().values() if grants.may(one.permission)]


def _survey(grants: Grants, name: str) -> Survey:
    found = next((one for one in _mine(grants) if one.name == name), None)
    if found is None:
        raise _missing()
    return found


def _record(request: HttpRequest, name: str, record_id: UUID) -> tuple[Survey, SurveyRecord]:
    one = _survey(grants_for(request), name)
    rows = one.visible(grants_for(request)).select_related("agency", "made_by")
    found = rows.filter(pk=record_id).first()
    if found is None:
        raise Missing(_("There is no such record here."), remedy=_("Look for it in the list of records."))
    return one, found


def _missing() -> Missing:
    return Missing(_("There is no such page here."), remedy=_("Go back to your work."))


def _chips(grants: Grants, chosen: Survey) -> list[Chip]:
    mine = _mine(grants)
    if len(mine) < 2:
        return []
    return [
        Chip(text=one.label, url=reverse("sync:survey", args=[one.name]), on=one is chosen) for one in mine
    ]


def _crumbs(one: Survey, last: str) -> tuple[Crumb, ...]:
    return Crumb(text=one.label, url=reverse("sync:survey", args=[one.name])), Crumb(text=last)
