"""The names of posts in journal rows, and the posts behind them.

Ids of what the pack brings differ between instances; the codes of an agency and of its post do not.
"""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.utils.translation import get_language

from kotacerdas.foundation.parties.models import Agency, Holding, Position

_NAMED, _BY_ID = "post:", "position:"


def post_name(position: Position) -> str:
    """What a journal row calls a post: `post:<AGENCY>.<code>`."""
    return f"{_NAMED}{position.agency.code}.{position.code}"


def acting_prefix(code: str) -> str:
    """What stands before the post of somebody who holds it for a time: "Plt " or "Plh ", in English "Acting "; else ""."""
    if code not in (Holding.Acting.PLT, Holding.Acting.PLH):
        return ""
    return "Acting " if (get_language() or "id").startswith("en") else f"{Holding.Acting(code).label} "


def posts_named(names: Iterable[object]) -> dict[str, Position]:
    """Posts by their names in journal rows, in two or three queries.

    A name is `post:<AGENCY>.<code>`; in older rows `position:<id>`, or the id alone. A post that goes by its name no
    more is told by the codes in it, and is not in the store. What names no post is left out.
    """
    known = {str(name) for name in names}
    by_code = {name: _codes(name) for name in known if name.startswith(_NAMED)}
    by_id = {name: found for name in known if (found := _id(name)) is not None}
    posts = Position.objects.select_related("agency")
    ids = {one.id: one for one in posts.filter(id__in=by_id.values())} if by_id else {}
    by_name = {name: ids[one] for name, one in by_id.items() if one in ids}
    return by_name | _by_code(by_code)


def _by_code(wanted: dict[str, tuple[str, str]]) -> dict[str, Position]:
    if not wanted:
        return {}
    agencies = {
        one.code: one for one in Agency.objects.filter(code__in={agency for agency, _ in wanted.values()})
    }
    found = Position.objects.filter(
        agency__in=agencies.values(), code__in={code for _, code in wanted.values()}
    )
    posts = {(one.agency.code, one.code): one for one in found.select_related("agency")}
    return {name: posts.get(codes) or _gone(agencies, *codes) for name, codes in wanted.items()}


def _gone(agencies: dict[str, Agency], agency: str, code: str) -> Position:
    """A stand-in for a post that does not exist any more under these codes."""
    owner = agencies.get(agency) or Agency(code=agency, name=agency, short_name=agency)
    return Position(agency=owner, code=code, title_id=code, title_en=code)


def _codes(name: str) -> tuple[str, str]:
    agency, _, code = name.removeprefix(_NAMED).rpartition(".")
    return agency, code


def _id(name: str) -> UUID | None:
    try:
        return UUID(name.removeprefix(_BY_ID))
    except ValueError:
        return None
