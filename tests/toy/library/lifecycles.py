"""The life of a loan: asked for, lent, returned; or never fetched."""

from django.utils.translation import gettext_lazy as _
from toy.library.permissions import LEND

from kotacerdas.foundation.cases.kinds import ESCALATION, INSIDE, LEAD, NoteKind, Role
from kotacerdas.foundation.cases.lifecycle import SYSTEM, Clock, End, Lifecycle, State, Step
from kotacerdas.foundation.cases.queries import involved

KIND = "library.loan"
BORROWER = Role(name="borrower", label=_("borrower"))
REMINDER = NoteKind(name="reminder", label=_("Reminder"), icon="bell", speaker="public")


def step(name, source, target, label, done, *, by=LEND, **more):
    sources = frozenset({source})
    return Step(name=name, sources=sources, target=target, by=by, label=label, done=done, **more)


def last_step(*given, **more):
    return step(*given, ends=lambda _case, _given: End(), **more)


def clock(name, label, starts, keeps, **more):
    policy = f"library.{name}"  # its days stand in the pack
    return Clock(
        name=name,
        label=label,
        policy=lambda _case, _given: policy,
        policies=frozenset({policy}),
        role=LEAD.name,
        starts=frozenset({starts}),
        keeps=frozenset({keeps}),
        ours=False,  # the borrower's promise, not the office's
        **more,
    )


LOAN = Lifecycle(
    kind=KIND,
    label=_("Loan"),
    initial="asked",
    states=(
        State(name="asked", label=_("Asked for"), tone="new", icon="hand"),
        State(name="lent", label=_("Lent"), tone="info", icon="book-open"),
        State(name="returned", label=_("Returned"), tone="good", icon="circle-check", is_closed=True),
        State(name="lapsed", label=_("Not fetched"), tone="quiet", icon="hourglass", is_closed=True),
    ),
    steps=(
        step("lend", "asked", "lent", _("Lend"), _("lent the book"), key="p"),
        step("remind", "lent", None, _("Remind"), _("reminded the borrower"), needs=("body",)),
        step("fine", "lent", None, _("Fine"), _("asked for a fine"), needs=("amount",)),
        last_step("return", "lent", "returned", _("Take the book back"), _("took the book back"), key="k"),
        last_step("lapse", "asked", "lapsed", _("Let go"), _("nobody fetched the book"), by=SYSTEM),
    ),
    clocks=(
        clock("fetch", _("To be fetched"), "receive", "lend", lapses=frozenset({"lapse"}), expires="lapse"),
        clock("back", _("Due back"), "lend", "return"),
    ),
    codes=lambda _case: {},
    title=lambda code: _("Book %(code)s") % {"code": code},
    visible=lambda grants: involved(grants.scope(LEND)),
    url_name="library:case",
    roles=(LEAD, ESCALATION),
    parties=(BORROWER,),
    notes=(INSIDE, REMINDER),
)
LIFECYCLES = (LOAN,)
