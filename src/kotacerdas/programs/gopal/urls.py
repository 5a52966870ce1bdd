"""Every address of desludging. Two desks stand in one program: each has a namespace of its own."""

from django.urls import include, path

from kotacerdas.foundation.casework.addresses import desk_urls
from kotacerdas.foundation.forms.places import places_view
from kotacerdas.foundation.forms.views import page_view
from kotacerdas.programs.gopal import counter
from kotacerdas.programs.gopal.desks import DIFFERENCE_DESK, ORDER_DESK
from kotacerdas.programs.gopal.public.order_form import ORDER_FORM

app_name = "gopal"

urlpatterns = [
    path("sedot/pesan/", page_view(ORDER_FORM, "place"), name="order_place"),
    path("sedot/pesan/tangki/", page_view(ORDER_FORM, "tank"), name="order_tank"),
    path("sedot/pesan/periksa/", page_view(ORDER_FORM, "check"), name="order_check"),
    path("sedot/pesan/tempat/", places_view(ORDER_FORM), name="order_places"),
    path("desk/sedot/loket/", counter.counter, name="counter"),
    path("desk/sedot/loket/harga/", counter.offer, name="counter_offer"),
    path("desk/sedot/pesanan/", include((desk_urls(ORDER_DESK), "orders"))),
    path("desk/sedot/selisih/", include((desk_urls(DIFFERENCE_DESK), "differences"))),
    path("desk/", include("kotacerdas.programs.gopal.plant.urls")),
    path("desk/sedot/kas/", include("kotacerdas.programs.gopal.treasury.urls")),
    path("desk/sedot/tangki/", include("kotacerdas.programs.gopal.tanks.urls")),
]
