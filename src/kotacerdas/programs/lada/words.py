"""What is said of an event that cannot be written, and of kinds, conditions and origins."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kotacerdas.programs.lada.events import Illegal

ORIGINS = {
    "purchase": gettext_lazy("purchase"),
    "grant": gettext_lazy("grant"),
    "exchange": gettext_lazy("exchange"),
    "found": gettext_lazy("found in a stocktake"),
    "split": gettext_lazy("split off"),
    "other": gettext_lazy("otherwise"),
}


def illegal_words(error: Illegal) -> str:
    """Why an event cannot follow, in the language of the page, with the way out where there is one."""
    known = {
        "begun_already": _("This good is in the ledger already."),
        "not_begun": _("This good is not in the ledger."),
        "disposed": _("This good was disposed of: nothing can be recorded after that."),
        "before_the_last": _(
            "This day lies before the latest event of this good: use that day or a later one."
        ),
        "before_acquisition": _("This day lies before the acquisition."),
        "negative_value": _("The value must not become negative."),
        "accumulated": _("Only an opening balance brings depreciation with it."),
        "accumulated_beyond_value": _("Depreciation so far lies between 0 and the value."),
        "missing": _("Something is missing here."),
        "to_itself": _("It is at this agency already: choose another one."),
        "in_custody": _("Somebody has it in custody: it must be handed back first."),
        "not_in_custody": _("Nobody has it in custody."),
        "exploited": _("It is exploited already: end that first."),
        "not_exploited": _("It is not exploited."),
        "split_beyond_value": _("The parts must be worth more than nothing and less than the whole."),
        "whole_value": _("A disposal takes out the whole value."),
        "nothing_to_reverse": _("There is nothing to take back."),
        "not_the_latest": _("Only the latest event of a good can be taken back."),
        "amount": _("This changes no value."),
        "room": _("Only a move changes the room."),
    }
    return known.get(error.code, error.code)
