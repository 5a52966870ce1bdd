"""The phone desk's addresses; included by the app's own urls.py before the desk's `<number>/`."""

from django.urls import path

from kotacerdas.programs.iceta.phone import views

urlpatterns = [
    path("desk/iceta/telepon/", views.phone, name="phone"),
    path("desk/iceta/telepon/catat/", views.phone_note, name="phone_note"),
    path("desk/iceta/telepon/balik/", views.phone_back, name="phone_back"),
    path("desk/iceta/telepon/penelepon/", views.phone_caller, name="phone_caller"),
    path("desk/iceta/telepon/jenis/", views.phone_kinds, name="phone_kinds"),
    path("desk/iceta/telepon/tempat/", views.phone_places, name="phone_places"),
    path("desk/iceta/telepon/akibat/", views.phone_outcome, name="phone_outcome"),
    path("desk/iceta/telepon/regu/", views.phone_shift, name="phone_shift"),
    path("desk/iceta/telepon/tersimpan/<str:number>/", views.phone_stored, name="phone_stored"),
]
