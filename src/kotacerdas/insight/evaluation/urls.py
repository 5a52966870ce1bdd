"""Addresses of the evaluation: the desk's, and the citizen's link to a survey."""

from django.urls import path

from kotacerdas.insight.evaluation import views, views_score
from kotacerdas.insight.evaluation.closing import views as closing
from kotacerdas.insight.evaluation.ground import views as ground
from kotacerdas.insight.evaluation.panel import views as panel
from kotacerdas.insight.evaluation.panel import views_consensus as consensus
from kotacerdas.insight.evaluation.plan import views as plan
from kotacerdas.insight.evaluation.rounds import views as rounds
from kotacerdas.insight.evaluation.rounds import views_item as items
from kotacerdas.insight.evaluation.survey import views as survey

app_name = "evaluation"
DESK = "desk/evaluasi/"
ROUND = f"{DESK}putaran/<str:slug>/"
ITEM = f"{ROUND}butir/<uuid:item_id>/"
urlpatterns = [
    path(DESK, views.home, name="home"),
    path(f"{DESK}putaran/", rounds.rounds, name="rounds"),
    path(ROUND, rounds.round_page, name="round"),
    path(f"{ROUND}langkah/<str:step>/", rounds.round_step, name="round_step"),
    path(ITEM, items.item, name="item"),
    path(f"{ITEM}<str:act>/", items.item_act, name="item_act"),
    path(f"{ITEM}bukti/<uuid:evidence_id>/", items.evidence_file, name="evidence"),
    path(f"{ROUND}panel/", panel.panel, name="panel"),
    path(f"{ROUND}nilai/", panel.scoring, name="scoring"),
    path(f"{ROUND}nilai/<uuid:item_id>/", panel.score_item, name="score_item"),
    path(f"{ROUND}kirim/", panel.ballot, name="ballot"),
    path(f"{ROUND}konsensus/", consensus.consensus, name="consensus"),
    path(f"{ROUND}konsensus/<uuid:item_id>/", consensus.ruling, name="ruling"),
    path(f"{ROUND}hasil/", ground.result, name="result"),
    path(f"{ROUND}hasil/<uuid:item_id>/", ground.ground, name="ground"),
    path(f"{ROUND}paket/", ground.pack, name="pack"),
    path(f"{ROUND}lembar/", ground.spreadsheet, name="spreadsheet"),
    path(f"{DESK}rekomendasi/", closing.recommendations, name="recommendations"),
    path(f"{DESK}rekomendasi/<str:number>/", closing.recommendation, name="recommendation"),
    path(
        f"{DESK}rekomendasi/<str:number>/<str:step>/", closing.recommendation_step, name="recommendation_step"
    ),
    path(f"{DESK}rencana/", plan.plan, name="plan"),
    path(f"{DESK}anggaran/", plan.budgets, name="budgets"),
    path(f"{DESK}survei/", survey.surveys, name="surveys"),
    path(f"{DESK}survei/<uuid:survey_id>/", survey.survey, name="survey"),
    path("survei/<str:token>/", survey.citizen, name="survey_citizen"),
    path(f"{DESK}<int:year>/", views.year, name="year"),
    path(f"{DESK}<int:year>/<str:code>/", views_score.score, name="score"),
    path(f"{DESK}<int:year>/<str:code>/target/", views.target, name="target"),
    path(f"{DESK}<int:year>/<str:code>/periksa/", views_score.check, name="check"),
]
