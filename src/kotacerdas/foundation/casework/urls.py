"""Addresses for the cases of all kinds."""

from django.urls import path

from kotacerdas.foundation.casework import searching

app_name = "casework"

urlpatterns = [
    path("desk/cari/", searching.search, name="search"),
    path("desk/tiket/<str:number>/", searching.by_number, name="by_number"),
]
