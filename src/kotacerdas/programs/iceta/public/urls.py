"""The addresses of the citizens' doors; included by the app's own urls.py (namespace "iceta")."""

from django.urls import path

from kotacerdas.programs.iceta.public import views_follow, views_join, views_number, views_report

urlpatterns = [
    path("lapor/", views_report.report_photo, name="report_photo"),
    path("lapor/tempat/", views_report.report_place, name="report_place"),
    path("lapor/cerita/", views_number.report_words, name="report_words"),
    path("lapor/periksa/", views_report.report_check, name="report_check"),
    path("lapor/foto/", views_report.report_photo_add, name="report_photo_add"),
    path("lapor/tempat/cari/", views_report.report_places, name="report_places"),
    path("lapor/saran/", views_report.report_suggest, name="report_suggest"),
    path("lapor/ikut/<str:number>/", views_join.report_follow_along, name="report_join"),
    path("laporan-saya/", views_follow.my_reports, name="my_reports"),
    path("tautan-baru/", views_number.link_again, name="link_again"),
    path("l/<str:token>/", views_follow.follow, name="follow"),
    path("l/<str:token>/terkirim/", views_follow.report_sent, name="report_sent"),
    path("l/<str:token>/jawab/", views_follow.follow_answer, name="follow_answer"),
    path("l/<str:token>/nilai/", views_follow.follow_rate, name="follow_rate"),
    path("l/<str:token>/buka-lagi/", views_follow.follow_reopen, name="follow_reopen"),
]
