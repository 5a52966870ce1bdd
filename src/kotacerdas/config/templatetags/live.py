"""`{% load live %}{% live_url "iceta" agency_topic %}`: the address of the page's stream of events."""

from __future__ import annotations

from django import template
from django.utils.http import urlencode

from kotacerdas.kernel.live import live_token

register = template.Library()


@register.simple_tag
def live_url(*topics: str, path: str = "/live/") -> str:
    """The address with a signed token for the topics; put it in an attribute that a script reads."""
    return f"{path}?{urlencode({'t': live_token(topics)})}"
