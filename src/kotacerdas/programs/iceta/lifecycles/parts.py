"""Which assignments a step of a report opens and ends."""

from __future__ import annotations

from collections.abc import Iterable

from kotacerdas.foundation.cases.kinds import ESCALATION, LEAD
from kotacerdas.foundation.cases.lifecycle import End, Give, Given
from kotacerdas.foundation.cases.models import Case
from kotacerdas.programs.iceta.lifecycles.kinds import SUPPORT, VERIFIER

_VERIFYING = End(roles=frozenset({VERIFIER.name}))


def to_lead(case: Case, given: Given) -> Iterable[Give]:
    """The agency that was chosen leads from now on."""
    return (Give(role=LEAD.name, agency=given["agency"]),)


def to_support(case: Case, given: Given) -> Iterable[Give]:
    """The agency that was asked supports from now on."""
    return (Give(role=SUPPORT.name, agency=given["agency"]),)


def to_verifier(case: Case, given: Given) -> Iterable[Give]:
    """Back to the agency where reports come in."""
    return (Give(role=VERIFIER.name, agency=given["reception"]),)


def verifying(case: Case, given: Given) -> End:
    """The verifier has decided."""
    return _VERIFYING


def desk_done(case: Case, given: Given) -> End | None:
    """A desk keeps its part until the last agency is asked for support: by it alone it may ask.

    given  `to_ask`: how many agencies are still to be asked
    """
    return None if given.get("to_ask") else _VERIFYING


def working(case: Case, given: Given) -> End:
    """Nobody works on it any more, until the verifier gives it again."""
    return End(roles=frozenset({LEAD.name, SUPPORT.name, ESCALATION.name}), outcome="returned")


def helping(case: Case, given: Given) -> End:
    """Whoever helped the lead is done; the lead stays, should it be reopened."""
    return End(roles=frozenset({SUPPORT.name, ESCALATION.name}))


def everybody(case: Case, given: Given) -> End:
    """The report ends for all."""
    return End()
