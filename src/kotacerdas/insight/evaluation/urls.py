"""Addresses of the evaluation."""

from django.urls import path

from kotacerdas.insight.evaluation import views, views_score

app_name = "evaluation"
PREFIX = "desk/evaluasi/"
urlpatterns = [
    path("", views.home, name="home"),
    path("<int:year>/", views.year, name="year"),
    path("<int:year>/<str:code>/", views_score.score, name="score"),
    path("<int:year>/<str:code>/target/", views.target, name="target"),
    path("<int:year>/<str:code>/periksa/", views_score.check, name="check"),
]
