"""The addresses of the register and the round."""

from django.urls import path

from kotacerdas.programs.gopal.tanks import views

urlpatterns = [
    path("", views.tanks, name="tanks"),
    path("tangki.csv", views.tanks_csv, name="tanks_csv"),
    path("tangki.xlsx", views.tanks_xlsx, name="tanks_xlsx"),
    path("putaran/", views.round_weeks, name="rounds"),
    path("putaran/rencana/", views.round_plan, name="round_plan"),
    path("putaran/pesan/", views.round_order, name="round_order"),
    path("<str:code>/", views.tank, name="tank"),
]
