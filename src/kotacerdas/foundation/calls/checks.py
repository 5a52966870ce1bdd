"""Start-up checks of what a call may become: `kotacerdas.E105`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core.checks import CheckMessage, Error, register
from django.template import TemplateDoesNotExist
from django.template.loader import get_template

from kotacerdas.foundation.calls.declarations import Becomes, becomes
from kotacerdas.foundation.cases.lifecycle import lifecycles


@register()
def check_becomes(**_kwargs: Any) -> list[CheckMessage]:
    """E105: something a call may become that names what is not there."""
    return [
        Error(flaw, obj=one.kind, id="kotacerdas.E105") for one in becomes().values() for flaw in flaws(one)
    ]


def flaws(one: Becomes) -> Iterator[str]:
    """What it names that is not there, in words: kind, template."""
    if one.kind not in lifecycles():
        yield "becomes.py names a kind of case that no lifecycles.py declares"
    try:
        get_template(one.template)
    except TemplateDoesNotExist:
        yield f"becomes.py names the template {one.template}, which is not there"
