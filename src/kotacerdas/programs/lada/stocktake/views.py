"""The pages of stocktakes: all of them, a new one, one with its rooms, teams and findings, and its closing."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kotacerdas.foundation.casework.pages import page
from kotacerdas.foundation.parties.access import acting, desk, grants_for
from kotacerdas.foundation.parties.models import Agency
from kotacerdas.foundation.ui.shapes import Crumb
from kotacerdas.kernel import clock
from kotacerdas.kernel.errors import Conflict, Invalid, Missing, Refused
from kotacerdas.programs.lada import queries
from kotacerdas.programs.lada.actions.scans import scan_take
from kotacerdas.programs.lada.actions.stocktake import session_close, session_open, team_join
from kotacerdas.programs.lada.models import Asset, Session
from kotacerdas.programs.lada.permissions import LEAD, VIEW
from kotacerdas.programs.lada.stocktake import counting, telling
from kotacerdas.programs.lada.stocktake.forms import CloseForm, JoinForm, OpenForm, PlainForm, ScanForm

SHOWN = 50  # stocktakes, and goods of a room
MOST_GOODS = 500


@require_safe
@desk(VIEW)
def sessions(request: HttpRequest) -> HttpResponse:
    """The stocktakes of one's agencies, those that run first."""
    grants = grants_for(request)
    found = queries.sessions_for(grants).order_by("-state", "due_on", "-opened_at")[:SHOWN]
    rows = []
    for one in found:
        sums = _sums(one)
        rows.append((one, sums, telling.expected(sums), telling.bar(sums), telling.done_share(sums)))
    context = {
        "rows": rows,
        "today": clock.today(),
        "may_lead": grants.may(LEAD),
        "crumbs": _crumbs(_("Stocktakes"), last=True),
    }
    return page(request, "lada/stocktake/sessions.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@desk(LEAD)
def open_session(request: HttpRequest) -> HttpResponse:
    """The form of a new stocktake, and the stocktake once it is filled in."""
    agencies = list(
        Agency.objects.filter(grants_for(request).scope(LEAD).within("id")).order_by("short_name")
    )
    asked = request.POST.get("opd", "") or request.GET.get("opd", "")
    agency = next((one for one in agencies if one.code == asked), agencies[0] if agencies else None)
    if agency is None:
        raise Missing(_("There is no such page here."), remedy=_("Go back to your work."))
    form = OpenForm(request.POST if request.method == "POST" else None, agency=agency)
    if form.is_bound and form.is_valid():
        try:
            opened = session_open(
                actor=acting(request, LEAD, agencies=[agency.id]),
                agency=agency,
                name=form.cleaned_data["name"],
                due_on=form.cleaned_data["due_on"],
                teams=form.teams,
                rooms=form.chosen_rooms,
                area_code=form.cleaned_data["area_code"],
            )
        except (Invalid, Conflict, Refused) as error:
            _told(form, error)
        else:
            given = {"number": opened.number}
            messages.success(request, _("%(number)s runs. The phones have it at their next contact.") % given)
            return HttpResponseRedirect(_url(opened))
    context = {
        "form": form,
        "agency": agency,
        "agencies": agencies if len(agencies) > 1 else [],
        "crumbs": (*_crumbs(_("Stocktakes")), Crumb(text=_("New stocktake"))),
    }
    return page(request, "lada/stocktake/open.html", context, status=422 if form.errors else 200)


@require_safe
@desk(VIEW)
def session(request: HttpRequest, number: str) -> HttpResponse:
    """One stocktake. Raises Missing for one that is not there, or another agency's."""
    return _shown(request, _session(request, number))


@require_POST
@desk(LEAD)
def scan(request: HttpRequest, number: str) -> HttpResponse:
    """Write down at the desk what somebody saw; what cannot be is said at its field."""
    found = _session(request, number)
    form = ScanForm(request.POST, session=found)
    if form.is_valid():
        try:
            scan_take(actor=acting(request, LEAD, agencies=[found.agency_id]), session=found, seen=form.seen)
        except (Invalid, Conflict, Refused) as error:
            _told(form, error)
        else:
            messages.success(request, _("It is written down."))
            return HttpResponseRedirect(_url(found))
    return _shown(request, found, form=form, status=422)


@require_POST
@desk(LEAD)
def join(request: HttpRequest, number: str) -> HttpResponse:
    """Somebody counts too from now on."""
    found = _session(request, number)
    form = JoinForm(request.POST, session=found)
    if form.is_valid():
        user, room = form.users[form.cleaned_data["user"]], form.rooms.get(form.cleaned_data["room"])
        try:
            actor = acting(request, LEAD, agencies=[found.agency_id])
            team_join(actor=actor, session=found, user=user, room=room)
        except (Invalid, Conflict, Refused) as error:
            _told(form, error)
        else:
            messages.success(request, _("%(who)s counts too.") % {"who": user.name})
            return HttpResponseRedirect(_url(found))
    return _shown(request, found, join=form, status=422)


@require_http_methods(["GET", "HEAD", "POST"])
@desk(LEAD)
def close(request: HttpRequest, number: str) -> HttpResponse:
    """Close a stocktake, with what that means before one's eyes."""
    found = _session(request, number)
    form = CloseForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            closed = session_close(
                actor=acting(request, LEAD, agencies=[found.agency_id]),
                session=found,
                rest=form.cleaned_data["rest"],
            )
        except (Invalid, Conflict, Refused) as error:
            _told(form, error)
        else:
            messages.success(request, _("%(number)s is closed.") % {"number": closed.number})
            return HttpResponseRedirect(_url(closed))
    rows = counting.results(found)
    context = {
        "session": found,
        "form": form,
        "left": counting.sums(rows)["not_yet"],
        "findings": len(counting.findings(rows)),
        "waiting": [one for one in telling.teams_of(found) if one.waiting],
        "crumbs": (
            *_crumbs(_("Stocktakes")),
            Crumb(text=found.number, url=_url(found)),
            Crumb(text=_("Close")),
        ),
    }
    return page(request, "lada/stocktake/close.html", context, status=422 if form.errors else 200)


def _shown(
    request: HttpRequest,
    found: Session,
    *,
    form: ScanForm | None = None,
    join: JoinForm | None = None,
    status: int = 200,
) -> HttpResponse:
    grants, rows = grants_for(request), counting.results(found)
    sums, kind = counting.sums(rows), request.GET.get("temuan", "")
    rooms, teams = telling.rooms_of(found, rows), telling.teams_of(found)
    chosen = telling.of_kind(rows, kind)
    counts = telling.finding_counts(rows)
    may_lead = grants.may(LEAD, agencies=[found.agency_id])
    is_open = found.state == Session.State.OPEN
    room = next((one for one in rooms if one.code == request.GET.get("ruang", "")), None)
    context = {
        "session": found,
        "is_open": is_open,
        "days_left": (found.due_on - clock.today()).days,
        "sums": sums,
        "expected": telling.expected(sums),
        "share": telling.done_share(sums),
        "bar": telling.bar(sums),
        "rooms": rooms,
        "rooms_left": sum(bool(one.sums["not_yet"]) for one in rooms),
        "room": room,
        "goods": _goods(rows, room) if room is not None else [],
        "most_goods": MOST_GOODS,
        "teams": teams,
        "map": telling.team_map(teams) if is_open else None,
        "waiting": sum(one.waiting for one in teams),
        "kind": kind if kind in telling.KINDS else "",
        "kinds": [(code, label, counts[code]) for code, (label, _states) in telling.KINDS.items()],
        "all_findings": sum(counts.values()),
        "findings": telling.finding_rows(found, chosen[: telling.MOST_FINDINGS]),
        "more": max(0, len(chosen) - telling.MOST_FINDINGS),
        "late": counting.late(found).select_related("asset", "room", "by"),
        "form": (form or ScanForm(session=found)) if is_open and may_lead else None,
        "join": (join or JoinForm(session=found)) if is_open and may_lead else None,
        "may_lead": may_lead,
        "crumbs": (*_crumbs(_("Stocktakes")), Crumb(text=found.number)),
    }
    return page(request, "lada/stocktake/session.html", context, status=status)


def _goods(rows: list[counting.Result], room: telling.RoomRow) -> list[tuple[Asset, counting.Result]]:
    """What is expected in a room, what nobody has seen yet first."""
    wanted = room.room.id if room.room is not None else None
    mine = [one for one in rows if one.room == wanted and one.state != "unexpected"]
    mine.sort(key=lambda one: one.state != "not_yet")
    assets = Asset.objects.in_bulk([one.asset for one in mine[:MOST_GOODS]])
    return [(assets[one.asset], one) for one in mine[:MOST_GOODS] if one.asset is not None]


def _session(request: HttpRequest, number: str) -> Session:
    found = queries.sessions_for(grants_for(request)).filter(number=number).first()
    if found is None:
        raise Missing(_("There is no such stocktake here."), remedy=_("Go back to the list."))
    return found


def _sums(one: Session) -> dict[str, int]:
    """Of a closed stocktake the sums as it was closed; else as they stand."""
    if one.state == Session.State.CLOSED:
        return {state: one.figures.get(state, 0) for state in counting.STATES}
    return counting.sums(counting.results(one))


def _told(form: PlainForm, error: Invalid | Conflict | Refused) -> None:
    if isinstance(error, Invalid) and error.fields:
        form.take_errors(dict(error.fields))
    else:
        form.add_error(None, f"{error.message} {error.remedy}".strip())


def _url(one: Session) -> str:
    return reverse("lada:stocktake", args=[one.number])


def _crumbs(text: str, *, last: bool = False) -> tuple[Crumb, ...]:
    register = Crumb(text=_("Register of goods"), url=queries.register_url())
    return (register, Crumb(text=text, url="" if last else reverse("lada:stocktakes")))
