"""The addresses of the books."""

from django.urls import path

from kotacerdas.programs.lada.books import views

urlpatterns = [
    path("", views.books, name="books"),
    path("tabel/<str:form>/", views.openings, name="openings"),
    path("laporan/<str:kind>/<str:form>/", views.report, name="report"),
    path("kunci/", views.locking, name="locking"),
    path("<int:year>-<int:half>/", views.period, name="semester"),
    path("<int:year>-<int:half>/kunci/", views.lock, name="lock"),
    path("<int:year>-<int:half>/<str:nibar>/", views.figure, name="figure"),
]
