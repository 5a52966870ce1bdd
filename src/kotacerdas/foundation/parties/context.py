"""Template context of every page: the regency, the demo mark, and for staff the person and their navigation."""

from __future__ import annotations

import time
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kotacerdas.foundation.parties.access import grants_for
from kotacerdas.foundation.parties.models import Position, User
from kotacerdas.foundation.parties.navigation import nav_for
from kotacerdas.foundation.parties.posts import acting_prefix
from kotacerdas.kernel import phones
from kotacerdas.kernel.memory import forgets
from kotacerdas.kernel.regency import regency

_KEEP_SECONDS = 15.0
_demo: tuple[float, bool] = (0.0, False)


def frame(request: HttpRequest) -> dict[str, Any]:
    """`brand`, `emergency`, `demo`, and for staff `person` and `nav` (looked up only where shown)."""
    pack = regency()
    english = (get_language() or "id").startswith("en")
    name = pack.instance.name_en if english else pack.instance.name_id
    return {
        "brand": {
            "name": pack.instance.brand,
            "region": name,
            "government": _("Government of %(region)s") % {"region": name},
            "wall": f"{pack.instance.short_name} Command Center",
            "home_url": "/",
        },
        "emergency": [
            {
                "number": line.number,
                "label": line.name_en if english else line.name_id,
                "shown": phones.shown(line.number),
            }
            for line in pack.emergency_numbers
        ],
        "demo": is_demo(),
        "person": SimpleLazyObject(lambda: _person(request)),
        "nav": SimpleLazyObject(lambda: _nav(request)),
    }


def is_demo() -> bool:
    """Whether this store holds demo data; looked up at most every fifteen seconds."""
    global _demo
    if time.monotonic() > _demo[0]:
        _demo = (time.monotonic() + _KEEP_SECONDS, User.objects.filter(is_demo=True).exists())
    return _demo[1]


@forgets
def forget_demo() -> None:
    """Read it again at the next call."""
    global _demo
    _demo = (0.0, False)


def post_title(position: Position, acting: str = "") -> str:
    """ "Plt Kepala Dinas · DPUPR", "Acting Head of the agency · DPUPR"."""
    english = (get_language() or "id").startswith("en")
    title = position.title_en if english else position.title_id
    return f"{acting_prefix(acting)}{title} · {position.agency.short_name}"


def _person(request: HttpRequest) -> dict[str, Any] | None:
    user = request.user
    if not isinstance(user, User) or not user.is_authenticated:
        return None
    grants = grants_for(request)
    wanted = request.session.get("position")
    posts = sorted(grants.positions, key=lambda one: str(one.id) != wanted)
    titles = {one.id: post_title(one, grants.acting.get(one.id, "")) for one in posts}
    return {
        "name": user.name,
        "position": titles[posts[0].id] if posts else "",
        "others": [
            {"url": reverse("choose_post", args=[one.id]), "title": titles[one.id]} for one in posts[1:]
        ],
        "links": [] if user.is_demo else _own_pages(),
        "sign_out_url": reverse("account_logout"),
    }


def _own_pages() -> list[dict[str, str]]:
    """The pages on which somebody changes their own account."""
    return [
        {"url": reverse("account_change_password"), "icon": "pencil", "label": _("Change password")},
        {"url": reverse("mfa_index"), "icon": "shield-check", "label": _("Second factor")},
    ]


def _nav(request: HttpRequest) -> Any:
    user = request.user
    return nav_for(request) if user.is_authenticated and user.is_staff else ()
