"""The desk of reports: what stands beside the life-cycle, and how each step is taken there."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from kotacerdas.foundation.cases.kinds import LEAD
from kotacerdas.foundation.casework.declarations import Act, Box, Column, Desk, Filter
from kotacerdas.foundation.casework.forms import BulkHandForm
from kotacerdas.foundation.casework.tabs import feedback_tab, merged_tab
from kotacerdas.foundation.casework.texts import USUAL
from kotacerdas.kernel.texts import isolated
from kotacerdas.programs.iceta import actions
from kotacerdas.programs.iceta.desk import forms, shown
from kotacerdas.programs.iceta.desk.story import describe_entry
from kotacerdas.programs.iceta.lifecycles import AT_WORK, PASSES_ON, REPORT, S, readable
from kotacerdas.programs.iceta.lifecycles.kinds import SUPPORT
from kotacerdas.programs.iceta.permissions import (
    OPEN_ANONYMOUS,
    OPEN_IDENTITY,
    OVERSEE,
    TAKE_CALL,
    VERIFY,
    VIEW,
    WORK,
)

ACTS = (
    Act(
        "accept",
        run=actions.report_accept,
        sees=True,
        notice=_("The assignment is accepted. You are responsible for it now."),
        bulk=True,
    ),
    Act(
        "support_note",
        run=actions.report_note,
        form=forms.SupportNoteForm,
        is_likely=True,
        notice=_("Answered. The time of your agency is counted no further."),
    ),
    Act("carry_on", run=actions.report_carry_on, notice=_("The clock runs again.")),
    Act(
        "on_scene",
        run=actions.report_on_scene,
        notice=_("The arrival is written down."),
        is_last=lambda case: case.priority != "emergency",
    ),
    Act(
        "resolve",
        run=actions.report_resolve,
        form=forms.ResolveForm,
        sees=True,
        is_likely=True,
        notice=_("Resolved. The reporter may rate or reopen it."),
    ),
    Act(
        "ask",
        run=actions.report_ask,
        form=forms.AskForm,
        notice=_("The question is sent. The clock is paused."),
    ),
    Act(
        "return",
        run=actions.report_return,
        form=forms.ReturnForm,
        notice=_("Returned to the verifier."),
    ),
    Act(
        "hand",
        run=actions.report_hand,
        form=forms.HandForm,
        notice=_("Handed over."),
        bulk=True,
        bulk_form=BulkHandForm,
        bulk_label=_("Hand over"),
    ),
    Act(
        "support",
        run=actions.report_support,
        form=forms.SupportForm,
        notice=_("The agency is asked for support."),
        link=_("Ask for support"),
    ),
    Act(
        "prank",
        run=partial(actions.report_end, step="prank"),
        form=forms.PrankForm,
        sees=True,
        notice=_("Marked as a prank."),
    ),
    Act(
        "reply",
        run=actions.report_reply,
        notice=_("The reply is sent to the reporter."),
        box=Box(audience="public", reads=_("The reporter reads it"), button=_("Send reply")),
    ),
    Act(
        "note",
        run=actions.report_note,
        notice=_("The inside note is saved."),
        box=Box(audience="inside", reads=_("Only staff read it"), button=_("Save note")),
    ),
)

TEXTS = replace(
    USUAL,
    list=_("Agency reports"),
    list_count=ngettext_lazy("%(n)s report · newest first", "%(n)s reports · newest first", "counter"),
    none_fits=_("No report fits these filters"),
    show_all=_("Show all reports"),
    unheld=ngettext_lazy(
        "%(n)s report of your agency is unassigned.",
        "%(n)s reports of your agency are unassigned.",
        "counter",
    ),
    new_work=_("New work appears here by itself as soon as the verifier assigns it."),
    see_all=_("See all reports of the agency"),
    search=_("Search number, words or landmark…"),
    search_hint=_("Type a report's number, a word of the story, or a landmark."),
    for_caller=_("Another agency has this report. This is what a caller may be told of it."),
    codes_only=_("You see the codes of this report. Its words belong to the agencies that work on it."),
    merged=_("This report was merged into another one."),
    merged_into=_("This report was merged into"),
    merged_in=_("merged another report into this one"),
    merged_in_number=_("merged report %(number)s into this one"),
    sheet=_("Report %(number)s"),
    received=_("The report came in"),
    party=_("reporter"),
    call=_("Call the reporter"),
    no_files=_("Add one to a reply, an inside note or the result."),
)

REPORT_DESK = Desk(
    lifecycle=REPORT,
    work=WORK,
    lists=(VIEW, WORK),
    reads=(VIEW, WORK, VERIFY),
    codes=(OVERSEE,),
    opens=lambda party: OPEN_ANONYMOUS if party.is_anonymous else OPEN_IDENTITY,
    opening=(OPEN_IDENTITY, OPEN_ANONYMOUS),
    party="pelapor",
    purposes=forms.PURPOSES,
    caller_permission=TAKE_CALL,
    readable=readable,
    related=("report__category__lead", "report__desk_agency"),
    at_work=AT_WORK,
    roles=(LEAD.name, SUPPORT.name),
    passes_on=PASSES_ON,
    states=(S.ASSIGNED, S.IN_PROGRESS, S.WAITING, S.RESOLVED, S.CLOSED),
    by_district=True,
    columns=(
        Column("place", _("Village"), shown.village, related=()),
        Column("via", _("Channel"), shown.way, in_list=False, related=()),
    ),
    filters=(Filter("pendukung", _("Support"), lambda grants: Q(role=SUPPORT.name)),),
    search=lambda words: Q(report__words__icontains=words) | Q(report__place_words__icontains=words),
    facts="iceta/desk/facts.html",
    main="iceta/desk/main.html",
    side="iceta/desk/side.html",
    context=shown.context,
    tabs=(
        merged_tab(
            _("Joined reports"),
            "iceta/desk/joined.html",
            related="report",
            words=lambda case: case.report.words,
            caption=lambda case: isolated(case.report.place_words),
        ),
        feedback_tab("iceta/desk/feedback.html"),
    ),
    acts=ACTS,
    texts=TEXTS,
    place=shown.place,
    marks=shown.marks,
    describe=describe_entry,
    clock_label=shown.clock_label,
    clock_note=shown.clock_note,
)

DESKS = (REPORT_DESK,)
