"""What is told of goods, composed when it is sent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from kotacerdas.foundation.notify.declarations import Template, Words
from kotacerdas.foundation.ui.tags.words import clock_time
from kotacerdas.programs.lada.lifecycles.alarms import TITLES
from kotacerdas.programs.lada.models import Alarm


def _alarm(_recipient: UUID, args: Mapping[str, Any]) -> Words | None:
    """To whoever follows the goods of an agency. It says what was seen, and blames nobody."""
    alarm = Alarm.objects.select_related("case", "asset").filter(case=args["case"]).first()
    if alarm is None:
        return None
    link = f"{settings.PUBLIC_URL}{reverse('lada:alarms:case', args=[alarm.case.number])}"
    given = {"goods": alarm.asset.name, "time": clock_time(alarm.since), "link": link}
    return Words(
        subject=str(TITLES[alarm.cause]),
        body=_("%(goods)s was seen so since %(time)s. Ask who has it, there may be a good reason: %(link)s")
        % given,
    )


TEMPLATES = (Template(name="lada.alarm", compose=_alarm, at_once=True),)
