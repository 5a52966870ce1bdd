"""Importing tables: the list, one table, one file on its way in."""

from django.urls import path

from kotacerdas.foundation.tables import views, views_upload

app_name = "tables"
_SHEET = "desk/tabel/<str:sheet>/"
_UPLOAD = f"{_SHEET}<uuid:upload>/"
urlpatterns = [
    path("desk/tabel/", views.index, name="index"),
    path(_SHEET, views.sheet_page, name="sheet"),
    path(f"{_SHEET}contoh.xlsx", views.blank, name="blank"),
    path(_UPLOAD, views_upload.upload_page, name="upload"),
    path(f"{_UPLOAD}kolom/", views_upload.columns_page, name="columns"),
    path(f"{_UPLOAD}ambil/", views_upload.take, name="take"),
    path(f"{_UPLOAD}batal/", views_upload.cancel, name="cancel"),
    path(f"{_UPLOAD}salah/", views_upload.mark, name="mark"),
    path(f"{_UPLOAD}salah.xlsx", views_upload.wrong_rows, name="wrong"),
]
