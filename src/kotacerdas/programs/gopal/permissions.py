"""Who may do what with tanks, orders, manifests and the money of desludging."""

from django.utils.translation import gettext_lazy as _

from kotacerdas.foundation.calls.permissions import TAKE_CALL
from kotacerdas.foundation.dispatch.permissions import MANAGE, PLAN, REPORT
from kotacerdas.foundation.dispatch.permissions import VIEW as VIEW_PLAN
from kotacerdas.foundation.parties.roles import Permission, Role
from kotacerdas.foundation.payments.permissions import TAKE_CASH

VIEW = "gopal.view_order"
ORDER = "gopal.take_order"
SURVEY = "gopal.survey_tank"
IMPORT = "gopal.import_tank"
WORK = "gopal.empty_tank"
RECEIVE = "gopal.receive_sludge"
JUDGE = "gopal.judge_difference"
ACCOUNT = "gopal.close_day"

PERMISSIONS = (
    Permission(name=VIEW, label=_("see tanks, orders and manifests of one's agency")),
    Permission(name=ORDER, label=_("take orders for desludging and book their times")),
    Permission(name=SURVEY, label=_("survey septic tanks in the field")),
    Permission(name=IMPORT, label=_("read lists of septic tanks in")),
    Permission(name=WORK, label=_("empty tanks and carry manifests")),
    Permission(name=RECEIVE, label=_("receive or refuse sludge at a plant, and keep its logbook")),
    Permission(name=JUDGE, label=_("settle differences of sludge")),
    Permission(name=ACCOUNT, label=_("see the day's trips, litres and money, and close it")),
)

ROLES = (
    Role(
        name="desludging_planner",
        label=_("desludging planner"),
        permissions=frozenset(
            {VIEW, ORDER, SURVEY, IMPORT, JUDGE, TAKE_CALL, VIEW_PLAN, PLAN, MANAGE, REPORT}
        ),
    ),
    Role(
        name="desludging_operator",
        label=_("desludging operator"),
        permissions=frozenset({WORK, SURVEY, REPORT, TAKE_CASH}),
    ),
    Role(name="plant_officer", label=_("plant officer"), permissions=frozenset({VIEW, RECEIVE})),
    Role(
        name="desludging_treasurer",
        label=_("desludging treasurer"),
        permissions=frozenset({VIEW, ACCOUNT}),
    ),
)
