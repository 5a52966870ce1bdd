"""The addresses of the citizens' doors; included by the app's own urls.py (namespace "iceta")."""

from django.urls import path
from django.views.decorators.cache import never_cache

from kotacerdas.programs.iceta.public import views_join, views_report

urlpatterns = [
    path("lapor/", views_report.report_photo, name="report_photo"),
    path("lapor/tempat/", views_report.report_place, name="report_place"),
    path("lapor/cerita/", never_cache(views_report.report_words_or_number), name="report_words"),
    path("lapor/anda/", views_report.report_you, name="report_you"),
    path("lapor/periksa/", views_report.report_check, name="report_check"),
    path("lapor/foto/", views_report.report_photo_add, name="report_photo_add"),
    path("lapor/tempat/cari/", views_report.report_places, name="report_places"),
    path("lapor/saran/", views_report.report_suggest, name="report_suggest"),
    path("lapor/ikut/<str:number>/", views_join.report_follow_along, name="report_join"),
]
