"""Addresses of the field shell."""

from django.urls import path

from kotacerdas.foundation.sync import views

app_name = "sync"
_SHELL = "lapangan/"
urlpatterns = [
    path(_SHELL, views.app, name="app"),
    path(f"{_SHELL}pekerja.js", views.worker, name="worker"),
    path(f"{_SHELL}aplikasi.webmanifest", views.manifest, name="manifest"),
    path(f"{_SHELL}pasang/", views.enrol, name="enrol"),
    path(f"{_SHELL}kode/", views.enrol_by_code, name="enrol_by_code"),
    path(f"{_SHELL}formulir/", views.forms, name="forms"),
    path(f"{_SHELL}tukar/", views.exchange, name="exchange"),
    path(f"{_SHELL}foto/<uuid:upload_id>/", views.photo, name="photo"),
]
