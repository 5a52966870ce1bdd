"""The addresses of the register. That of one good comes last: it takes every other word."""

from django.urls import path

from kotacerdas.programs.lada.register import (
    act_views,
    asset_views,
    label_views,
    notice_views,
    propose_views,
    views,
)

urlpatterns = [
    path("", views.register, name="register"),
    path("jatuh-tempo/", views.due, name="due"),
    path("pilihan/", propose_views.picked, name="picked"),
    path("usul/<str:kind>/", propose_views.propose, name="propose"),
    path("label/", label_views.label_desk, name="labels"),
    path("label/lembar/", label_views.sheet, name="label_sheet"),
    path("label/pasang/", label_views.bind, name="bind"),
    path("kabar/", notice_views.notices, name="notices"),
    path("kabar/<uuid:notice>/", notice_views.close_notice, name="close_notice"),
    path("berita-acara/<str:number>/", act_views.act, name="act"),
    path("<str:nibar>/", asset_views.asset, name="asset"),
    path("<str:nibar>/berkas/", asset_views.add_file, name="add_file"),
    path("<str:nibar>/surat/<uuid:paper>.pdf", act_views.asset_act, name="asset_act"),
]
