"""Addresses of the planner's pages."""

from django.urls import path

from kotacerdas.foundation.dispatch.desk import fleet_views, views

app_name = "dispatch"
urlpatterns = [
    path("desk/rute/", views.today, name="today"),
    path("desk/rute/armada/", fleet_views.fleet, name="fleet"),
    path("desk/rute/<slug:day>/", views.day, name="day"),
    path("desk/rute/<slug:day>/hitung/", views.run, name="run"),
]
