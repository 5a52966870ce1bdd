"""The addresses of the register."""

from django.urls import path

from kotacerdas.programs.lada.register import views

urlpatterns = [
    path("", views.register, name="register"),
    path("<str:nibar>/", views.asset, name="asset"),
]
