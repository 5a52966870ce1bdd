"""Tables of the evaluation: reference data, instruments, the plan, rounds, the panel, the survey."""

from kotacerdas.insight.evaluation.models.instruments import (
    Instrument,
    Level,
    Measure,
    MeasureWeight,
    ScoreClass,
)
from kotacerdas.insight.evaluation.models.panel import Ruling, Score, Seat
from kotacerdas.insight.evaluation.models.plan import Budget, Plan, PlanIndicator, PlanTarget, SubDimension
from kotacerdas.insight.evaluation.models.reference import (
    DatedQuerySet,
    Dimension,
    IndicatorSheet,
    Label,
    Programme,
    ProgrammeDimension,
    PublishedFigure,
    Target,
    TwoNames,
)
from kotacerdas.insight.evaluation.models.rounds import (
    Evidence,
    FrozenFigure,
    InterviewNote,
    Item,
    ItemFigure,
    Recommendation,
    Round,
)
from kotacerdas.insight.evaluation.models.sums import SummedUpTo, YearSum
from kotacerdas.insight.evaluation.models.survey import Answer, Invitation, Survey

__all__ = [
    "Answer",
    "Budget",
    "DatedQuerySet",
    "Dimension",
    "Evidence",
    "FrozenFigure",
    "IndicatorSheet",
    "Instrument",
    "InterviewNote",
    "Invitation",
    "Item",
    "ItemFigure",
    "Label",
    "Level",
    "Measure",
    "MeasureWeight",
    "Plan",
    "PlanIndicator",
    "PlanTarget",
    "Programme",
    "ProgrammeDimension",
    "PublishedFigure",
    "Recommendation",
    "Round",
    "Ruling",
    "Score",
    "ScoreClass",
    "Seat",
    "SubDimension",
    "SummedUpTo",
    "Survey",
    "Target",
    "TwoNames",
    "YearSum",
]
