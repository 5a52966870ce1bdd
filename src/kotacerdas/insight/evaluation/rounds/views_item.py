"""One item: the agency fills it in and attaches evidence, the team verifies it or sends it back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kotacerdas.foundation.cases.queries import due_badge
from kotacerdas.foundation.parties.access import acting, desk, grants_for
from kotacerdas.foundation.parties.actors import Actor
from kotacerdas.insight.evaluation import evidence_files, pages, words
from kotacerdas.insight.evaluation.closing.frozen import figure_now
from kotacerdas.insight.evaluation.entries import written
from kotacerdas.insight.evaluation.instruments.queries import scoring_of
from kotacerdas.insight.evaluation.models import Evidence, IndicatorSheet, Item, Round
from kotacerdas.insight.evaluation.panel.actions import interview_note
from kotacerdas.insight.evaluation.permissions import FILL, RUN, SCORE, VIEW
from kotacerdas.insight.evaluation.queries import in_unit
from kotacerdas.insight.evaluation.rounds import actions, evidence, queries
from kotacerdas.kernel import clock
from kotacerdas.kernel.errors import Invalid, Missing

Act = Callable[[HttpRequest, Actor, Item], object]


@require_safe
@desk(VIEW, FILL, SCORE)
def item(request: HttpRequest, slug: str, item_id: UUID) -> HttpResponse:
    """One item with its figures, evidence and notes, and the forms of whoever may use them."""
    return _page(request, queries.item_of(grants_for(request), slug, item_id), {}, 200)


@require_POST
@desk(FILL, RUN)
def item_act(request: HttpRequest, slug: str, item_id: UUID, act: str) -> HttpResponse:
    """One act on an item: see ACTS."""
    found = queries.item_of(grants_for(request), slug, item_id)
    if act not in ACTS:
        raise Missing(_("There is no such step."), remedy=_("Open the item again."))
    permission, do, notice = ACTS[act]
    actor = acting(request, permission, agencies=(found.agency_id,))
    return pages.answered(
        request,
        lambda: do(request, actor, found),
        lambda wrong, status: _page(
            request, queries.item_of(grants_for(request), slug, item_id), wrong, status
        ),
        to=reverse("evaluation:item", args=[slug, item_id]),
        notice=str(notice()),
        name=act,
    )


@require_http_methods(["GET", "HEAD"])
@desk(VIEW, FILL, SCORE)
def evidence_file(request: HttpRequest, slug: str, item_id: UUID, evidence_id: UUID) -> HttpResponse:
    """The bytes of a file of evidence, as an attachment. Missing for those that are altered on disk."""
    piece = queries.evidence_piece(grants_for(request), slug, item_id, evidence_id)
    if piece.kind != Evidence.Kind.FILE or not evidence_files.is_intact(piece.sha256):
        raise Missing(
            _("This file is not here as it was stored."), remedy=_("Tell the programme team which one it is.")
        )
    response = HttpResponse(evidence_files.read(piece.sha256), content_type=piece.media_type)
    response.headers["Content-Disposition"] = content_disposition_header(True, piece.name)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _version(request: HttpRequest) -> int:
    text = request.POST.get("seen_version", "")
    return int(text) if text.isdigit() and len(text) < 9 else 0


def _fill(request: HttpRequest, actor: Actor, item: Item) -> object:
    wrong: dict[str, str] = {}
    figures, sources = {}, {}
    for one in item.figures.select_related("indicator"):
        code = one.indicator.code
        figures[code] = pages.typed_number(request.POST.get(code, ""), code, wrong)
        sources[code] = request.POST.get(f"source-{code}", "")
    if wrong:
        raise Invalid(_("The item was not stored."), fields=wrong)
    filled = actions.item_fill(
        actor=actor,
        item=item,
        seen_version=_version(request),
        level=pages.chosen(request.POST.get("level", "")),
        words=request.POST.get("words", ""),
        figures=figures,
        sources=sources,
    )
    if "submit" in request.POST:
        return actions.item_submit(actor=actor, item=filled, seen_version=filled.version)
    return filled


def _verify(request: HttpRequest, actor: Actor, item: Item) -> object:
    proven = {one for one in (_uuid(text) for text in request.POST.getlist("proven")) if one}
    return actions.item_verify(actor=actor, item=item, seen_version=_version(request), proven=proven)


def _return(request: HttpRequest, actor: Actor, item: Item) -> object:
    reason = request.POST.get("reason", "")
    return actions.item_return(actor=actor, item=item, seen_version=_version(request), reason=reason)


def _file(request: HttpRequest, actor: Actor, item: Item) -> object:
    upload = request.FILES.get("file")
    if upload is None:
        raise Invalid(_("The evidence was not stored."), fields={"file": _("Choose a file.")})
    title = request.POST.get("title", "") or (upload.name or "")
    return evidence.file_add(
        actor=actor,
        item=item,
        title=title[:200],
        data=upload.read(evidence_files.MOST_MB * 1024 * 1024 + 1),
        name=upload.name or "",
        replaces=_piece(request, item),
    )


def _link(request: HttpRequest, actor: Actor, item: Item) -> object:
    try:
        day = date.fromisoformat(request.POST.get("url_day", ""))
    except ValueError:
        raise Invalid(
            _("The evidence was not stored."), fields={"url_day": _("Say on which day you saw it.")}
        ) from None
    return evidence.link_add(
        actor=actor,
        item=item,
        title=request.POST.get("title", ""),
        url=request.POST.get("url", ""),
        day=day,
        replaces=_piece(request, item),
    )


def _records(request: HttpRequest, actor: Actor, item: Item) -> object:
    numbers = request.POST.get("records", "").replace(",", "\n").replace(";", "\n").splitlines()
    return evidence.records_add(actor=actor, item=item, title=request.POST.get("title", ""), numbers=numbers)


def _live(request: HttpRequest, actor: Actor, item: Item) -> object:
    sheet = IndicatorSheet.objects.filter(code=request.POST.get("indicator", "")).first()
    if sheet is None:
        raise Invalid(_("The evidence was not stored."), fields={"indicator": _("Choose an indicator.")})
    return evidence.live_add(actor=actor, item=item, title=sheet.name, sheet=sheet)


def _remove(request: HttpRequest, actor: Actor, item: Item) -> object:
    evidence.evidence_remove(actor=actor, evidence=_needed_piece(request, item))
    return None


def _check_link(request: HttpRequest, actor: Actor, item: Item) -> object:
    piece = _needed_piece(request, item)
    return evidence.link_checked(actor=actor, evidence=piece, found=request.POST.get("found", ""))


def _note(request: HttpRequest, actor: Actor, item: Item) -> object:
    given = request.POST
    return interview_note(actor=actor, item=item, side=given.get("side", ""), words=given.get("note", ""))


ACTS: dict[str, tuple[str, Act, Callable[[], Any]]] = {
    "isi": (FILL, _fill, lambda: _("Stored.")),
    "berkas": (FILL, _file, lambda: _("The file is stored with its hash.")),
    "tautan": (FILL, _link, lambda: _("The link is stored with its day.")),
    "daftar": (FILL, _records, lambda: _("The list is stored.")),
    "angka": (FILL, _live, lambda: _("The figure is frozen at the journal's position.")),
    "hapus": (FILL, _remove, lambda: _("Taken away; it stays in the history.")),
    "verifikasi": (RUN, _verify, lambda: _("Verified.")),
    "kembalikan": (RUN, _return, lambda: _("Sent back to the agency, with a new deadline.")),
    "periksa": (RUN, _check_link, lambda: _("What you found is stored.")),
    "wawancara": (RUN, _note, lambda: _("The note is stored; all four assessors read it.")),
}


def _piece(request: HttpRequest, item: Item) -> Evidence | None:
    wanted = _uuid(request.POST.get("evidence", ""))
    return Evidence.objects.filter(item=item, pk=wanted).first() if wanted else None


def _needed_piece(request: HttpRequest, item: Item) -> Evidence:
    piece = _piece(request, item)
    if piece is None:
        raise Missing(_("There is no such piece of evidence here."), remedy=_("Open the item again."))
    return piece


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _page(request: HttpRequest, item: Item, wrong: dict[str, Any], status: int) -> HttpResponse:
    grants = grants_for(request)
    typed = wrong.get("typed", {}) if wrong.get("act") == "isi" else {}
    assessing = item.round.state == Round.State.ASSESSING
    fills = grants.may(FILL, agencies=(item.agency_id,)) and item.round.state != Round.State.CLOSED
    at_agency = item.state in actions.AT_AGENCY and assessing
    level = typed.get("level") or (
        "" if item.claimed_level is None else f"{item.claimed_level.normalize():f}"
    )
    context = {
        "round": item.round,
        "item": item,
        "tag": pages.state_tag(item),
        "badge": due_badge(item.due_at, clock.now(), started=item.started_at)
        if item.due_at and assessing
        else None,
        "crumbs": pages.crumbs(item.round, (f"{item.measure.name} · {item.dimension.name}", "")),
        "levels": item.measure.levels.all(),
        "values": scale(item),
        "level": level,
        "level_words": pages.step_words(item.claimed_level) if item.claimed_level is not None else "",
        "typed": typed,
        "figures": [_figure(one, typed) for one in item.figures.select_related("indicator__programme")],
        "evidence": [piece_shape(one) for one in item.evidence.all() if one.is_current],
        "past": [one for one in item.evidence.select_related("replaced_by") if not one.is_current],
        "changed": queries.changed_since_verified(item),
        "notes": item.notes.all(),
        "may_fill": fills and at_agency,
        "may_replace": fills and not at_agency,
        "may_verify": grants.may(RUN) and assessing and item.state == Item.State.SUBMITTED,
        "may_return": grants.may(RUN) and assessing and item.state in ("submitted", "verified"),
        "may_note": grants.may(RUN) and item.round.state != Round.State.CLOSED,
        "may_check": grants.may(RUN) and item.round.state != Round.State.CLOSED,
        "live": _live_choices(item) if fills and at_agency else [],
        "wrong": wrong,
        "today": clock.today().isoformat(),
        "most_mb": evidence_files.MOST_MB,
    }
    return render(request, "evaluation/item.html", context, status=status)


def scale(item: Item) -> list[tuple[str, str]]:
    """The values of the scale: as a form sends them, as people read them."""
    values = scoring_of(item.round.instrument, item.round.year).values()
    return [(f"{float(one):g}", pages.step_words(one)) for one in values]


def piece_shape(one: Evidence) -> dict[str, Any]:
    """A piece of evidence in words: what it is, its mark, its hash, and whether it is as it was stored."""
    icons = {"file": "file-text", "link": "link", "records": "list", "live": "gauge"}
    intact = one.kind != Evidence.Kind.FILE or evidence_files.is_intact(one.sha256)
    value = ""
    if one.kind == Evidence.Kind.LIVE:
        value = _live_words(one)
    return {
        "one": one,
        "icon": icons[one.kind],
        "tag": pages.mark_tag(one.mark),
        "short": f"{one.sha256[:4]}…{one.sha256[-4:]}",
        "intact": intact,
        "value": value,
        "url": reverse("evaluation:evidence", args=[one.item.round.slug, one.item_id, one.id])
        if one.kind == Evidence.Kind.FILE
        else "",
    }


def _live_words(one: Evidence) -> str:
    from kotacerdas.foundation.indicators.queries import Figure

    sheet = IndicatorSheet.objects.filter(code=one.indicator_code).first()
    held = one.frozen
    figure = Figure(
        kind=held["kind"],
        numerator=held["numerator"],
        denominator=held["denominator"],
        buckets={int(bucket): count for bucket, count in held["buckets"].items()},
    )
    return words.figure(sheet, in_unit(figure)) if sheet else ""


def _figure(one: Any, typed: dict[str, str]) -> dict[str, Any]:
    code = one.indicator.code
    return {
        "one": one,
        "code": code,
        "unit": words.unit(one.indicator.unit),
        "shown": words.figure(one.indicator, one.value) if one.value is not None else "",
        "typed": typed.get(code, written(one.value)),
        "source": typed.get(f"source-{code}", one.source),
        "tag": pages.mark_tag(one.mark),
    }


def _live_choices(item: Item) -> list[tuple[str, str]]:
    found = []
    for one in item.figures.select_related("indicator"):
        frozen = figure_now(one.indicator.code, item.round.year)
        if frozen is not None:
            shown = words.figure(one.indicator, in_unit(frozen.figure))
            found.append((one.indicator.code, f"{one.indicator.name}: {shown}"))
    return found
