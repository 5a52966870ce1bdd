"""The officer's addresses, under /desk/iceta/."""

from django.urls import path

from kotacerdas.programs.iceta.desk import views_case, views_queue, views_step

urlpatterns = [
    path("", views_queue.queue, name="queue"),
    path("cari/", views_queue.search, name="search"),
    path("dinas/", views_queue.agency, name="agency"),
    path("langkah/<slug:name>/", views_step.bulk, name="bulk"),
    path("<str:number>/", views_case.case, name="case"),
    path("<str:number>/cetak/", views_case.print_sheet, name="print"),
    path("<str:number>/bukti.json", views_case.evidence_pack, name="evidence"),
    path("<str:number>/langkah/<slug:name>/", views_step.step, name="step"),
    path("<str:number>/pelapor/<uuid:party_id>/", views_step.reveal, name="reveal"),
]
