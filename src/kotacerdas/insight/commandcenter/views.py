"""The wall: dark, readable from five metres, no scroll, each tile with its age, live."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kotacerdas.foundation.cases.lifecycle import lifecycle_of, lifecycles
from kotacerdas.foundation.cases.models import Case
from kotacerdas.foundation.indicators.declarations import indicators
from kotacerdas.foundation.parties.access import desk, grants_for
from kotacerdas.foundation.parties.navigation import home_of
from kotacerdas.foundation.parties.presence import screen
from kotacerdas.foundation.territory.cells import district_shapes
from kotacerdas.foundation.territory.queries import area_by_code, is_mapped
from kotacerdas.foundation.ui import shapes
from kotacerdas.foundation.ui.tags.words import lasting, number, percent
from kotacerdas.insight.commandcenter import alarms, figures, queries
from kotacerdas.insight.commandcenter.discs import discs, names
from kotacerdas.insight.commandcenter.permissions import VIEW_WALL
from kotacerdas.insight.commandcenter.queries import District, Wall
from kotacerdas.kernel.live import live_token

MAP_WIDTH, MAP_HEIGHT = 1080, 800
LABEL_SIZE = 30  # in units of the map, which are about pixels of the wall; names are drawn at 24
LEVELS = (1, 3, 5, 8)  # open cases from which a district is drawn one class darker


@screen
@require_safe
@desk(VIEW_WALL)
def wall(request: HttpRequest) -> HttpResponse:
    """The first sheet: the declared figures, channels, districts, and what is running now."""
    grants = grants_for(request)
    seen = queries.wall(grants)
    banners = alarms.banners(grants, alarms.MOST)
    room = alarms.MOST - bool(banners)  # one banner always stands
    shown = [alarm(case, seen.at) for case in alarms.running(grants)[:room]] if seen.emergencies else []
    drawn = district_map(seen)
    programmes = sorted({code.split(".", 1)[0] for code in (*indicators(), *lifecycles())})
    context = {
        "wall": seen,
        "is_home": home_of(grants) == request.path,
        "tiles": figures.tiles(grants, seen.at),
        "map": drawn,
        "drawn": sorted(drawn.regions, key=lambda region: region.on),  # an outline lies over its neighbours
        "names": names(drawn),
        "discs": discs(drawn),
        "channels": channels(seen),
        "alarms": shown,
        "banners": [
            {"banner": one, "since": lasting(one.since, seen.at)}
            for one in banners[: alarms.MOST - len(shown)]
        ],
        "more": max(0, seen.emergencies - len(shown)),
        "live_url": f"/live/?t={live_token(programmes)}",
    }
    return render(request, "commandcenter/wall.html", context)


def alarm(case: Case, now: datetime) -> dict[str, object]:
    """An open emergency by coded title and place alone; never a person, never health."""
    return {
        "title": alarm_title(case),
        "place": place(case),
        "since": lasting(case.opened_at, now),
        "agency": case.lead_agency.short_name if case.lead_agency else "",
    }


def alarm_title(case: Case) -> str:
    """The case's coded title."""
    return lifecycle_of(case).title(case.title_code)


def place(case: Case) -> str:
    """Village and district of a case, in words."""
    area = area_by_code(case.area_code)
    if area is None:
        return _("place unknown")
    district = area_by_code(case.area_code[: len("00.00.00")])
    return f"{area.name}, {district.name}" if district and district.code != area.code else area.name


def district_map(seen: Wall) -> shapes.Choropleth:
    """Open cases by district; the disc counts overdue ones; emergencies are outlined and named."""
    nothing = District(open=0, overdue=0, emergencies=0)
    regions = []
    for shape in district_shapes(MAP_WIDTH, MAP_HEIGHT):
        here = seen.districts.get(shape.code, nothing)
        regions.append(
            shapes.Region(
                code=shape.code,
                label=str(here.open),
                name=shape.name,
                small=shape.name if here.emergencies or not is_mapped() else "",
                d=shape.d,
                level=sum(here.open >= level for level in LEVELS),
                at=(shape.x, shape.y),
                count=here.overdue,
                on=here.emergencies > 0,
            )
        )
    return shapes.Choropleth(
        title=_("Open cases by district"),
        box=(0, 0, MAP_WIDTH, MAP_HEIGHT),
        regions=tuple(regions),
        label_size=LABEL_SIZE,
        is_tiles=not is_mapped(),
    )


def channels(seen: Wall) -> list[shapes.Meter]:
    """Shares of the channels over seven days, the largest three and the rest."""
    total = sum(seen.channels.values())
    if not total:
        return []
    names = {
        "phone": _("Telephone"),
        "web": _("Web"),
        "instagram": "Instagram",
        "facebook": "Facebook",
        "sp4n": "SP4N-LAPOR!",
        "email": _("E-mail"),
        "whatsapp": "WhatsApp",
        "sensor": _("Sensor"),
    }
    largest = list(seen.channels.items())[:3]
    rest = total - sum(count for _name, count in largest)
    shown = [(names.get(name, name), count) for name, count in largest]
    if rest:
        shown.append((_("others"), rest))
    return [
        shapes.Meter(label=name, value=count / total, shown=percent(count / total), note=number(count))
        for name, count in shown
    ]
