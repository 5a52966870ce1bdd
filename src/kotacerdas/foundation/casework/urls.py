"""Addresses for the cases of all kinds."""

from django.urls import path

from kotacerdas.foundation.casework import searching, views_subject

app_name = "casework"

urlpatterns = [
    path("desk/cari/", searching.search, name="search"),
    path("desk/tiket/<str:number>/", searching.by_number, name="by_number"),
    path("desk/riwayat/<str:kind>/<uuid:key>/", views_subject.history, name="history"),
    path("desk/riwayat/<str:kind>/<uuid:key>/bukti.json", views_subject.evidence_pack, name="history_pack"),
]
