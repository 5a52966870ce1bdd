"""The verifier decides: verify and assign, merge, postpone, not ours, archive, prank."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from kotacerdas.foundation.cases import actions as cases
from kotacerdas.foundation.cases.actions import StepResult
from kotacerdas.foundation.cases.kinds import INSIDE
from kotacerdas.foundation.cases.models import Case, CaseParty
from kotacerdas.foundation.casework.messages import notify_post
from kotacerdas.foundation.following.messages import notify_parties
from kotacerdas.foundation.parties.actors import Actor
from kotacerdas.foundation.parties.models import Agency
from kotacerdas.foundation.workdays.queries import current_calendar
from kotacerdas.kernel import clock
from kotacerdas.kernel.errors import Conflict, Invalid
from kotacerdas.programs.iceta.actions.shared import add_support, verified
from kotacerdas.programs.iceta.lifecycles import AT_WORK, KIND, UNDECIDED, S
from kotacerdas.programs.iceta.lifecycles.kinds import JOINED, MERGED, REPLY
from kotacerdas.programs.iceta.models import Category, Report
from kotacerdas.programs.iceta.pack_tables import limits


def report_verify(
    *,
    actor: Actor,
    case: Case,
    agency: Agency,
    report_class: str,
    category: Category | None = None,
    supporting: Iterable[Agency] = (),
    urgency: str = "",
    is_oversight: bool | None = None,
    publish: bool = True,
    publish_words: bool = False,
    publish_photos: bool = False,
    seen_version: int | None = None,
) -> StepResult:
    """The verifier's decision: category, class, urgency, lead and supporting agencies (also after a return).

    Publishes the coded report when the category is public and it is not secret; words and photos only
    when the verifier says so. Raises LostRace, WrongStep, Refused, Invalid.
    """
    with transaction.atomic():
        report = Report.objects.select_for_update(of=("self",)).select_related("category").get(case=case)
        case.report = report
        report.category = category or report.category
        report.report_class = report_class
        if is_oversight is not None:
            report.is_oversight = is_oversight
        public = publish and report.category.is_public and not report.is_secret
        report.is_published = public
        report.words_published = public and publish_words
        report.photos_published = public and publish_photos
        step = "assign" if case.state == S.RETURNED else "verify"
        result = cases.take(
            case,
            step,
            actor=actor,
            seen_version=seen_version,
            header={"title_code": report.category.code, "priority": urgency or case.priority},
            agency=agency,
            report_class=report_class,
        )
        verified(report, result.row.occurred_at)
        for other in supporting:
            if other.id != agency.id:
                add_support(case, actor, other, step="support_at_verification")
        notify_post(case, result.row, agency, "iceta.assigned")
        notify_parties(case, result.row, "iceta.verified")
        return result


def report_postpone(*, actor: Actor, case: Case, until: date, reason: str) -> StepResult:
    """Postpone verification once, at most ten working days, with a reason the reporter reads."""
    with transaction.atomic():
        report = Report.objects.select_for_update().get(case=case)
        most = limits().postpone_workdays
        today = clock.today()
        if report.was_postponed:
            raise Conflict(
                _("This report was postponed once already."),
                remedy=_("Decide now: verify, archive or not ours."),
            )
        far = until > today + timedelta(days=3 * most + 30)  # no need to count working days that far
        if until <= today or far or current_calendar().remaining_workdays(today, until) > most:
            raise Invalid(
                _("This date does not work."),
                fields={"until": _("Choose a date within %(n)d working days from today.") % {"n": most}},
            )
        result = cases.take(case, "postpone", actor=actor, until=until, reason=reason.strip())
        report.postponed_until, report.was_postponed = until, True
        report.save(update_fields=["postponed_until", "was_postponed"])
        cases.add_note(case, kind=REPLY, body=reason, actor=actor, row=result.row)
        notify_parties(case, result.row, "iceta.postponed")
        return result


def report_take_up(*, actor: Actor, case: Case) -> StepResult:
    """Take up a postponed report again on its date; the system does it."""
    with transaction.atomic():
        return cases.take(case, "take_up", actor=actor)


def report_end(
    *, actor: Actor, case: Case, step: str, reason: str, seen_version: int | None = None
) -> StepResult:
    """Not our authority, archive or prank: ends the case with a reason; the reporter is told (not of a prank)."""
    if step not in ("not_ours", "archive", "prank"):
        raise LookupError(step)
    with transaction.atomic():
        result = cases.take(case, step, actor=actor, seen_version=seen_version, reason=reason.strip())
        kind = INSIDE.name if step == "prank" else REPLY
        if reason.strip():
            cases.add_note(case, kind=kind, body=reason, actor=actor, row=result.row)
        if step != "prank":
            notify_parties(case, result.row, f"iceta.{step}")
        return result


def report_merge(*, actor: Actor, case: Case, into: Case, seen_version: int | None = None) -> StepResult:
    """Merge a duplicate: its reporters follow the other case from now on, each by their own link."""
    with transaction.atomic():
        both = Case.objects.select_for_update().filter(id__in=(case.id, into.id)).order_by("id")
        target = next(one for one in both if one.id == into.id)  # one order, whichever is merged into which
        if target.id == case.id or target.kind != KIND or target.state not in UNDECIDED | AT_WORK:
            raise Conflict(
                _("It cannot be merged into this report: that one is not open."),
                remedy=_("Choose another one."),
            )
        result = cases.take(
            case, "merge", actor=actor, seen_version=seen_version, into=target, payload={"into": target.id}
        )
        case.merged_into = target
        case.save(update_fields=["merged_into"])
        case.merged.update(merged_into=target)  # one step from each to the report that goes on
        for party in case.parties.select_related("person", "contact"):
            _follow(target, party)
        notify_parties(case, result.row, "iceta.merged")
        return result


def _follow(target: Case, party: CaseParty) -> None:
    """Let a party of a merged case follow the other case. People are not matched by their number: it proves nothing."""
    cases.add_party(
        target,
        cases.Party(
            role=JOINED.name if party.role == JOINED.name else MERGED.name,
            person=party.person,
            contact=party.contact,
            name=party.name,
            channel=party.channel,
            language=party.language,
            is_anonymous=party.is_anonymous,
            is_proved=party.is_proved,
            stands_for=party,
        ),
    )
