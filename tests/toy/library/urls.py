"""Every address of the library."""

from django.urls import include, path
from toy.library.desks import LOAN_DESK
from toy.library.public import BORROW

from kotacerdas.foundation.casework.addresses import desk_urls
from kotacerdas.foundation.forms.views import page_view

app_name = "library"

urlpatterns = [
    path("pustaka/pinjam/", page_view(BORROW, "book"), name="borrow_book"),
    path("pustaka/pinjam/periksa/", page_view(BORROW, "check"), name="borrow_check"),
    path("desk/pustaka/", include(desk_urls(LOAN_DESK))),
]
