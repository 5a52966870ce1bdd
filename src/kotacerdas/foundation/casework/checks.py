"""Start-up checks of the declared desks: `kotacerdas.E103`."""

from __future__ import annotations

import inspect
from collections.abc import Collection, Iterator
from typing import Any

from django.core.checks import CheckMessage, Error, register
from django.template import TemplateDoesNotExist
from django.template.loader import get_template
from django.urls import NoReverseMatch, reverse

from kotacerdas.foundation.casework.declarations import Act, Desk
from kotacerdas.foundation.casework.forms import OF_THE_FORM, form_of
from kotacerdas.foundation.casework.registry import desks, flaws
from kotacerdas.foundation.parties.roles import declared


@register()
def check_desks(**_kwargs: Any) -> list[CheckMessage]:
    """E103: a desk that does not fit its life-cycle, or names what is not there."""
    try:
        known = declared().permissions
    except LookupError:
        return []  # E102 tells of it
    return [
        Error(flaw, obj=desk.kind, id="kotacerdas.E103")
        for desk in desks().values()
        for flaw in (*flaws(desk), *loose_ends(desk, known))
    ]


def loose_ends(desk: Desk, permissions: Collection[str]) -> Iterator[str]:
    """What a desk names that is not there, in words: permissions, its page, templates, what its actions take."""
    for name in sorted({desk.work, *desk.lists, *desk.reads, *desk.codes} - {""} - set(permissions)):
        yield f"the permission {name} is not declared"
    url_name = desk.lifecycle.url_name
    try:
        reverse(url_name, args=["X"])
    except NoReverseMatch:
        yield f"there is no page {url_name}: urls.py needs app_name, and include(desk_urls(…)) of this desk"
    for template in filter(None, (desk.facts, desk.main, desk.side, *(tab.template for tab in desk.tabs))):
        try:
            get_template(template)
        except TemplateDoesNotExist:
            yield f"there is no template {template}"
    for act in desk.acts:
        yield from _mismatches(act)


def _mismatches(act: Act) -> Iterator[str]:
    """Where the form of an act and the arguments of its action do not match."""
    if act.run is None:
        return
    takes = inspect.signature(act.run).parameters
    if any(one.kind is one.VAR_KEYWORD for one in takes.values()):
        return
    given = {name for name in form_of(act).base_fields if name not in OF_THE_FORM} | {"actor", "case"}
    if act.sees:
        given.add("seen_version")
    for name in sorted(given - takes.keys()):
        yield f"the action of {act.step} takes no {name}"
    needed = {one.name for one in takes.values() if one.default is one.empty}
    for name in sorted(needed - given):
        yield f"the action of {act.step} needs {name}, which no field of its form gives"
