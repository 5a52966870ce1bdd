"""The addresses of a plant's desk, and of manifests."""

from django.urls import path

from kotacerdas.programs.gopal.plant import manifests, views

urlpatterns = [
    path("iplt/", views.plant, name="plant"),
    path("iplt/pindai/", views.scan, name="plant_scan"),
    path("iplt/terima/<str:number>/", views.receive, name="receive"),
    path("iplt/tolak/<str:number>/", views.refuse, name="refuse"),
    path("iplt/buku/", views.logbook, name="logbook"),
    path("iplt/spm.xlsx", views.month_sheet, name="plant_month"),
    path("sedot/manifes/", manifests.manifests, name="manifests"),
    path("sedot/manifes/<str:number>/", manifests.manifest, name="manifest"),
    path("sedot/manifes/<str:number>/jejak.csv", manifests.trace_csv, name="manifest_trace"),
    path("sedot/manifes/<str:number>/surat/", manifests.paper_issue, name="manifest_issue"),
    path("sedot/manifes/<str:number>/surat/<uuid:paper>.pdf", manifests.paper, name="manifest_paper"),
]
