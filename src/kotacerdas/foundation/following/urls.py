"""The addresses of those who follow a case, whichever program has it."""

from django.urls import path

from kotacerdas.foundation.following import views

app_name = "following"

urlpatterns = [
    path("laporan-saya/", views.my_cases, name="my_cases"),
    path("tautan-baru/", views.link_again, name="link_again"),
    path("l/<str:token>/", views.follow, name="follow"),
    path("l/<str:token>/terkirim/", views.sent, name="sent"),
    path("l/<str:token>/surat/<uuid:paper>.pdf", views.paper, name="paper"),
    path("l/<str:token>/<str:slug>/", views.act, name="act"),
]
