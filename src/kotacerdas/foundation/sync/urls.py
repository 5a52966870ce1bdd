"""Addresses of the field shell, and of the desk's pages of phones and surveys."""

from django.urls import path

from kotacerdas.foundation.sync import pages, survey_pages, views, views_keys

app_name = "sync"
_SHELL, _DESK, _SURVEY = "lapangan/", "desk/ponsel/", "desk/survei/<str:name>/"
urlpatterns = [
    path(_SHELL, views.app, name="app"),
    path(f"{_SHELL}pekerja.js", views.worker, name="worker"),
    path(f"{_SHELL}aplikasi.webmanifest", views.manifest, name="manifest"),
    path(f"{_SHELL}pasang/", views.enrol, name="enrol"),
    path(f"{_SHELL}kode/", views.enrol_by_code, name="enrol_by_code"),
    path(f"{_SHELL}formulir/", views.forms, name="forms"),
    path(f"{_SHELL}tukar/", views.exchange, name="exchange"),
    path(f"{_SHELL}pindai/", views.scan, name="scan"),
    path(f"{_SHELL}keluar/", views.leave, name="leave"),
    path(f"{_SHELL}foto/<uuid:upload_id>/", views.photo, name="photo"),
    path(f"{_SHELL}kunci/", views_keys.keep, name="keep_key"),
    path(f"{_SHELL}kunci/<uuid:phone_id>/", views_keys.release, name="release_key"),
    path(f"{_SHELL}masih/", views_keys.still_in, name="still_in"),
    path(_DESK, pages.phones, name="phones"),
    path(f"{_DESK}kode/", pages.code, name="code"),
    path(f"{_DESK}berkas/", pages.export_file, name="export_file"),
    path(f"{_DESK}<uuid:phone_id>/", pages.phone, name="phone"),
    path(f"{_DESK}<uuid:phone_id>/cabut/", pages.phone_step, name="phone_step"),
    path("desk/survei/", survey_pages.surveys, name="surveys"),
    path(_SURVEY, survey_pages.survey, name="survey"),
    path(f"{_SURVEY}lembar/", survey_pages.sheet, name="survey_sheet"),
    path(f"{_SURVEY}<uuid:record_id>/", survey_pages.record, name="survey_record"),
    path(f"{_SURVEY}<uuid:record_id>/ubah/", survey_pages.change, name="survey_change"),
]
