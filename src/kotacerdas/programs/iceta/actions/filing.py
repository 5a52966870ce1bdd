"""Actions that file a report: by the citizen's form, by telephone, or by joining another report."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from kotacerdas.foundation.cases import actions as cases
from kotacerdas.foundation.cases.models import Case, CaseParty
from kotacerdas.foundation.casework.messages import notify_post
from kotacerdas.foundation.files.models import StoredFile
from kotacerdas.foundation.following.messages import notify_parties, send_link
from kotacerdas.foundation.following.queries import still_followed
from kotacerdas.foundation.parties.actors import Actor
from kotacerdas.foundation.parties.models import Agency, ContactPoint, Person
from kotacerdas.foundation.parties.people import contact_made, contact_used, is_own, person_new, who_asks
from kotacerdas.foundation.parties.secrets import keyring
from kotacerdas.kernel import phones
from kotacerdas.kernel.errors import Invalid, Refused
from kotacerdas.kernel.regency import regency
from kotacerdas.kernel.texts import clean_line, letters_seen
from kotacerdas.programs.iceta.actions.shared import add_support, verified
from kotacerdas.programs.iceta.lifecycles import REPORT
from kotacerdas.programs.iceta.lifecycles.kinds import BEFORE, JOINED, REPORTER, VERIFIER
from kotacerdas.programs.iceta.models import Category, Report
from kotacerdas.programs.iceta.pack_tables import limits
from kotacerdas.programs.iceta.permissions import TAKE_CALL
from kotacerdas.programs.iceta.rules import reception_agency


@dataclass(frozen=True, kw_only=True)
class Draft:
    """The content of a new report, from any channel. Coordinates in degrees (WGS 84), accuracy in metres."""

    words: str
    category: Category
    channel: str
    area_code: str = ""
    lat: float | None = None
    lng: float | None = None
    accuracy_m: int | None = None
    place_words: str = ""
    name: str = ""
    phone: str = ""
    email: str = ""
    person: Person | None = None  # whom a desk chose among the people behind the number
    is_anonymous: bool = False
    is_secret: bool = False
    urgency: str = ""
    language: str = "id"
    photos: Sequence[StoredFile] = ()


@dataclass(frozen=True, kw_only=True)
class Filed:
    """A stored report: its case and the party whose link belongs to the reporter."""

    case: Case
    party: CaseParty
    is_new: bool = True


def report_file(
    *, actor: Actor, draft: Draft, desk: Agency | None = None, made: Mapping[str, UUID] | None = None
) -> Filed:
    """Store a new report: header, words, reporter, photos, journal row, clocks, confirmation; all or nothing.

    made  ids for the case and the party, where their command gave them away already

    At a desk (`desk` given) the actor needs `calls.take_call` there; a matter of the desk's own agency,
    or an emergency, is assigned in the same transaction. An emergency is stored there without a place too: help begins
    before anybody knows where it is. Raises Invalid with fields; Refused.
    """
    _check_draft(draft, may_lack_place=desk is not None)
    if desk is not None and not actor.grants.may(TAKE_CALL, agencies=[desk.id]):
        raise Refused(_("You do not take calls for this agency."), remedy=_("Choose your own desk."))
    with transaction.atomic(savepoint=False):
        return _file(actor, draft, desk, made or {})


def fingerprint(draft: Draft) -> str:
    """The digest of a report's content: equal when a draft is sent again unchanged.

    Nobody guesses a number from it; of who stays anonymous it holds neither name nor number.
    """
    position = [] if draft.lat is None or draft.lng is None else [f"{draft.lat:.6f}", f"{draft.lng:.6f}"]
    who = [] if draft.is_anonymous else [draft.name.strip(), phones.normal(draft.phone)]
    place = [draft.area_code, position, draft.place_words.strip()]
    chosen = [draft.words.strip(), draft.category.code, place, who, draft.is_anonymous, draft.is_secret]
    return keyring().blind("iceta.report", json.dumps(chosen))


def report_join(*, actor: Actor, case: Case, phone: str = "", name: str = "", language: str = "id") -> Filed:
    """A reporter follows a published report instead of filing another.

    A number that follows already gets its link once more by message (while it lives). Whoever typed it may
    be somebody else: show of what comes back for a number neither the party nor whether it is new.
    Without a number it is the actor's person, where one is known, who follows.
    """
    with transaction.atomic():
        number = phones.normal(phone)
        contact = contact_made(phone=number) if number else actor.contact
        is_proved = is_own(actor, contact)
        if (known := followed_by(case, contact, None if number else actor.person)) is not None:
            if number and still_followed(known):
                send_link(known)
            return Filed(case=case, party=known, is_new=False)
        person = actor.person if is_proved or not number else person_new(name=name)
        result = cases.take(case, "join", actor=actor)
        party = cases.add_party(
            case,
            cases.Party(
                role=JOINED.name,
                person=person,
                contact=contact,
                name=name,
                channel="web",
                language=language,
                is_anonymous=person is None,
                is_proved=is_proved,
            ),
        )
        notify_parties(case, result.row, "iceta.joined", only=party)
        return Filed(case=case, party=party)


def _file(actor: Actor, draft: Draft, desk: Agency | None, made: Mapping[str, UUID]) -> Filed:
    category = draft.category
    urgency = draft.urgency or category.urgency
    at_desk = desk is not None and (category.lead_id == desk.id or urgency == "emergency")
    reception = desk if at_desk and desk else reception_agency()
    contact, person = _reporter(actor, draft, desk)
    opened = cases.open(
        REPORT,
        actor=actor,
        title_code=category.code,
        channel=draft.channel,
        priority=urgency,
        place=cases.Place(area_code=draft.area_code, lat=draft.lat, lng=draft.lng),
        case_id=made.get("case"),
        own=lambda case: _report(case, draft, desk),
        parties=[
            cases.Party(
                role=REPORTER.name,
                person=person,
                contact=contact,
                name=draft.name if person else "",
                channel=draft.channel,
                language=draft.language,
                is_anonymous=draft.is_anonymous,
                is_proved=desk is not None or is_own(actor, contact),
                party_id=made.get("party"),
            )
        ],
        given_to=[(VERIFIER, reception)],
        files=draft.photos,
        moment=BEFORE.name,
        payload={"photos": len(draft.photos)},
        at_desk=at_desk,
    )
    case, party, row = opened.case, opened.parties[0], opened.row
    notify_parties(case, row, "iceta.received", only=party)
    if at_desk:
        _dispatch(case, actor, category.lead)
    return Filed(case=case, party=party)


def followed_by(case: Case, contact: ContactPoint | None, person: Person | None) -> CaseParty | None:
    """The party of a case with this number or person; of two requests at once the second finds the first one's."""
    if contact is not None:
        ContactPoint.objects.select_for_update().get(id=contact.id)
    if person is not None:
        Person.objects.select_for_update().get(id=person.id)
    parties = case.parties.select_related("case__lead_agency", "person", "contact")
    own = Q(contact=contact) if contact else Q(pk__in=())
    return parties.filter(own | Q(person=person) if person else own).order_by("since", "id").first()


def _report(case: Case, draft: Draft, desk: Agency | None) -> Report:
    """The report's own row, not stored yet."""
    category = draft.category
    return Report(
        case=case,
        category=category,
        report_class=category.report_class,
        is_oversight=category.is_oversight,
        words=draft.words.strip(),
        place_words=clean_line(draft.place_words)[:200],
        accuracy_m=draft.accuracy_m,
        is_anonymous=draft.is_anonymous,
        is_secret=draft.is_secret,
        desk_agency=desk,
    )


def _dispatch(case: Case, actor: Actor, agency: Agency) -> None:
    """Assign a desk's report to its agency, in the transaction that stored it."""
    report = case.report
    supporting = list(report.category.supporting.all())
    result = cases.take(case, "dispatch", actor=actor, agency=agency, to_ask=len(supporting))
    verified(report, result.row.occurred_at)
    for number, other in enumerate(supporting, 1):
        add_support(case, actor, other, step="support_at_desk", to_ask=len(supporting) - number)
    notify_post(case, result.row, agency, "iceta.assigned")


def is_emergency(draft: Draft) -> bool:
    """Whether a draft is one, by what was chosen, else by its category."""
    return (draft.urgency or draft.category.urgency) == "emergency"


def _check_draft(draft: Draft, *, may_lack_place: bool) -> None:
    fields: dict[str, str] = {}
    letters = letters_seen(draft.words)
    if letters < limits().least_story_letters:
        fields["words"] = _("Only %(n)d letters so far; tell a little more, at least %(least)d.") % {
            "n": letters,
            "least": limits().least_story_letters,
        }
    if len(draft.words) > regency().limits.most_story_letters:
        fields["words"] = _("%(n)d characters are too many; at most %(most)d fit.") % {
            "n": len(draft.words),
            "most": regency().limits.most_story_letters,
        }
    if draft.phone and not phones.normal(draft.phone):
        fields["phone"] = _("This is not one whole phone number. Examples: 0812-3456-7890, +886 912 345 678.")
    has_place = bool(draft.area_code) or draft.lat is not None
    if not has_place and not (may_lack_place and is_emergency(draft)):
        fields["place"] = _("Choose a village, or a place on the map.")
    if len(draft.photos) > regency().limits.most_photos:
        fields["photos"] = _("At most %(most)d photos fit one report.") % {
            "most": regency().limits.most_photos
        }
    if draft.urgency not in ("", "normal", "urgent", "emergency"):
        fields["urgency"] = _("Choose one of the three.")
    if fields:
        raise Invalid(_("Please look at what is marked."), fields=fields)


def _reporter(actor: Actor, draft: Draft, desk: Agency | None) -> tuple[ContactPoint | None, Person | None]:
    """The reporter's contact and person. Nothing is stored if anonymous by web or at an agency's own desk.

    Anonymous at the coordinating desk: stored sealed; only `iceta.open_anonymous` opens it, journaled.
    """
    coordinating = desk is not None and desk.id == reception_agency().id
    if draft.is_anonymous and not coordinating:
        return None, None
    contact, person = who_asks(
        actor,
        name=draft.name,
        phone=draft.phone,
        email=draft.email,
        area_code=draft.area_code,
        chosen=draft.person if desk is not None else None,
    )
    if contact is not None and desk is not None:
        contact_used(contact)
    return contact, person
