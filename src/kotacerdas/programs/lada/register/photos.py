"""Photos and papers of goods, behind signed addresses that are good for an hour."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.utils.translation import gettext as _

from kotacerdas.foundation.files.queries import thumb_size
from kotacerdas.foundation.files.urls import signed
from kotacerdas.foundation.ui.shapes import Photo
from kotacerdas.programs.lada.models import Asset, AssetFile

PHOTO = "photo"


def first_photos(goods: Iterable[Asset]) -> dict[UUID, Photo]:
    """The newest photo of each good that has one."""
    named = {one.id: one for one in goods if one.has_photo}
    files = AssetFile.objects.filter(asset__in=named, kind=PHOTO).select_related("file")
    newest = files.order_by("asset_id", "-added_at").distinct("asset_id")
    return {one.asset_id: photo_of(named[one.asset_id], one) for one in newest}


def photo_of(asset: Asset, kept: AssetFile) -> Photo:
    """A photo with its thumbnail."""
    width, height = thumb_size(kept.file)
    alt = _("Photo: %(name)s") % {"name": asset.name}
    return Photo(
        url=signed(kept.file, "thumb"), large_url=signed(kept.file), width=width, height=height, alt=alt
    )
