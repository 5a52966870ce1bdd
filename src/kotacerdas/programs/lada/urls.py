"""Every address of goods. Three desks stand in one program: each has a namespace of its own."""

from django.urls import include, path

from kotacerdas.foundation.casework.addresses import desk_urls
from kotacerdas.programs.lada.desks import CHANGE_DESK, FINDING_DESK
from kotacerdas.programs.lada.public.map import public_map
from kotacerdas.programs.lada.public.views import label
from kotacerdas.programs.lada.tracking.desk import ALARM_DESK

app_name = "lada"

urlpatterns = [
    path("b/<str:token>/", label, name="label"),
    path("aset/", public_map, name="public_map"),
    path("desk/barang/perubahan/", include((desk_urls(CHANGE_DESK), "changes"))),
    path("desk/barang/temuan/", include((desk_urls(FINDING_DESK), "findings"))),
    path("desk/barang/alarm/", include((desk_urls(ALARM_DESK), "alarms"))),
    path("desk/barang/lacak/", include("kotacerdas.programs.lada.tracking.urls")),
    path("desk/barang/buku/", include("kotacerdas.programs.lada.books.urls")),
    path("desk/barang/inventarisasi/", include("kotacerdas.programs.lada.stocktake.urls")),
    path("desk/barang/", include("kotacerdas.programs.lada.register.urls")),
]
