"""Start-up checks of how cases are followed: `kotacerdas.E104`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core.checks import CheckMessage, Error, register
from django.template import TemplateDoesNotExist
from django.template.loader import get_template

from kotacerdas.foundation.cases.lifecycle import lifecycles
from kotacerdas.foundation.documents.declarations import kinds
from kotacerdas.foundation.following.declarations import Following, followings
from kotacerdas.foundation.notify.declarations import templates


@register()
def check_followings(**_kwargs: Any) -> list[CheckMessage]:
    """E104: a way to follow a kind of case that names what is not there."""
    return [
        Error(flaw, obj=one.kind, id="kotacerdas.E104")
        for one in followings().values()
        for flaw in flaws(one)
    ]


def flaws(following: Following) -> Iterator[str]:
    """What it names that is not there, in words: kind, parties, clock, messages, papers, template."""
    lifecycle = lifecycles().get(following.kind)
    if lifecycle is None:
        yield "followed.py names a kind of case that no lifecycles.py declares"
        return
    for role in sorted(set(following.acting) - {one.name for one in lifecycle.parties}):
        yield f"followed.py names {role}, which is no party of its life-cycle"
    if following.main_clock and following.main_clock not in {one.name for one in lifecycle.clocks}:
        yield f"followed.py names {following.main_clock}, which is no clock of its life-cycle"
    for name in sorted({following.link, *following.first} - templates().keys()):
        yield f"followed.py names the message {name}, which no messages.py has in TEMPLATES"
    for code in sorted(set(following.papers) - kinds().keys()):
        yield f"followed.py names the paper {code}, which no document_kinds.py declares"
    try:
        get_template(following.template)
    except TemplateDoesNotExist:
        yield f"followed.py names the template {following.template}, which is not there"
