"""The words of a desk in which a kind's own noun stands: `replace(USUAL, sheet=_("Loan %(number)s"))`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy


@dataclass(frozen=True, kw_only=True)
class Texts:
    """Sentences with the kind's noun. `counter` chooses the plural, `n` is the number as it is written."""

    queue: Any
    list: Any
    list_count: Any
    none_fits: Any
    show_all: Any
    unheld: Any
    new_work: Any
    see_all: Any
    search: Any
    search_hint: Any
    for_caller: Any
    codes_only: Any
    merged: Any
    merged_into: Any
    merged_in: Any
    merged_in_number: Any
    sheet: Any
    received: Any
    party: Any
    call: Any
    no_files: Any


USUAL = Texts(
    queue=_("My work"),
    list=_("Agency cases"),
    list_count=ngettext_lazy("%(n)s case · newest first", "%(n)s cases · newest first", "counter"),
    none_fits=_("No case fits these filters"),
    show_all=_("Show all cases"),
    unheld=ngettext_lazy(
        "%(n)s case of your agency is unassigned.",
        "%(n)s cases of your agency are unassigned.",
        "counter",
    ),
    new_work=_("New work appears here by itself."),
    see_all=_("See all cases of the agency"),
    search=_("Search by number or words…"),
    search_hint=_("Type a number, or a word."),
    for_caller=_("Another agency has this case. This is what a caller may be told of it."),
    codes_only=_("You see the codes of this case. Its words belong to the agencies that work on it."),
    merged=_("This case was merged into another one."),
    merged_into=_("This case was merged into"),
    merged_in=_("merged another case into this one"),
    merged_in_number=_("merged case %(number)s into this one"),
    sheet=_("Case %(number)s"),
    received=_("The case came in"),
    party=_("party"),
    call=_("Call"),
    no_files=_("Add one to a note."),
)
