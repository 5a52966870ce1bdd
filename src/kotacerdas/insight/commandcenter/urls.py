"""Addresses of the command center."""

from django.urls import path

from kotacerdas.insight.commandcenter import views

app_name = "commandcenter"
urlpatterns = [path("dinding/", views.wall, name="wall")]
