"""Who sees scores and who sets targets."""

from django.utils.translation import gettext_lazy as _

from kotacerdas.foundation.parties.roles import Permission, Role

VIEW = "evaluation.view_score"
SET_TARGET = "evaluation.set_target"

PERMISSIONS = (
    Permission(name=VIEW, label=_("see scores and the rows behind them")),
    Permission(name=SET_TARGET, label=_("enter targets and weights")),
)

ROLES = (
    Role(
        name="planner", label=_("programme team"), permissions=frozenset({VIEW, SET_TARGET}), everywhere=True
    ),
    Role(name="evaluator", label=_("evaluator"), permissions=frozenset({VIEW}), everywhere=True),
)
