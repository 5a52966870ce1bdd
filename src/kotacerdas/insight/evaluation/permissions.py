"""Who sees scores, runs rounds, fills items in, scores, rules, and enters citizens' answers."""

from django.utils.translation import gettext_lazy as _

from kotacerdas.foundation.parties.roles import Permission, Role

VIEW = "evaluation.view_score"
SET_TARGET = "evaluation.set_target"
RUN = "evaluation.run_round"
FILL = "evaluation.fill_item"
SCORE = "evaluation.score_item"
RULE = "evaluation.rule_item"
SURVEY = "evaluation.enter_answer"
CHAIR, MEMBER = "panel_chair", "panel_member"  # roles given to an assessor for the time of a round

PERMISSIONS = (
    Permission(name=VIEW, label=_("see scores and the rows behind them")),
    Permission(name=SET_TARGET, label=_("enter targets, weights and budgets")),
    Permission(name=RUN, label=_("open a round, verify its items, seat its panel, close it")),
    Permission(name=FILL, label=_("fill in the agency's items of a round, with evidence")),
    Permission(name=SCORE, label=_("score the items of a round as its assessor")),
    Permission(name=RULE, label=_("rule as the panel's chair where scores differ")),
    Permission(name=SURVEY, label=_("enter citizens' answers given by telephone or at the counter")),
)

ROLES = (
    Role(
        name="planner",
        label=_("programme team"),
        permissions=frozenset({VIEW, SET_TARGET, RUN, SURVEY}),
        everywhere=True,
    ),
    Role(name="evaluator", label=_("evaluator"), permissions=frozenset({VIEW}), everywhere=True),
    Role(name=CHAIR, label=_("chair of the panel"), permissions=frozenset({SCORE, RULE}), everywhere=True),
    Role(name=MEMBER, label=_("member of the panel"), permissions=frozenset({SCORE}), everywhere=True),
    Role(name="head", label=_("head of an agency"), permissions=frozenset({FILL})),
    Role(name="liaison", label=_("liaison"), permissions=frozenset({FILL})),
    Role(name="officer", label=_("officer"), permissions=frozenset({FILL})),
    Role(name="phone_agent", label=_("phone agent"), permissions=frozenset({SURVEY})),
)
