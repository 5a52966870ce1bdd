"""A manifest's paper: one in force at a time, and it says what is true."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from pypdf import PdfReader

from kotacerdas.foundation.documents.actions import path_of
from kotacerdas.foundation.documents.models import Document
from kotacerdas.kernel import clock
from kotacerdas.programs.gopal.actions.manifests import load_add
from kotacerdas.programs.gopal.actions.receiving import manifest_receive, manifest_refuse
from kotacerdas.programs.gopal.models import Manifest
from kotacerdas.programs.gopal.plant.papers import manifest_paper
from kotacerdas.programs.gopal.tests import world

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_indonesian")]
NOON = world.at(world.TUESDAY, 12)


@pytest.fixture(autouse=True)
def _world(cast, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    world.ready()
    with clock.frozen(NOON):
        yield


def paper(manifest: Manifest) -> Document:
    return manifest_paper(actor=world.planner(), manifest=manifest)


def words(document: Document) -> str:
    pages = PdfReader(io.BytesIO(path_of(document.sha256).read_bytes())).pages
    return " ".join(pages[0].extract_text().split())


def is_in_force(document: Document) -> bool:
    return Document.objects.get(pk=document.pk).revoked_at is None


def test_a_load_that_comes_after_the_paper_takes_it_out_of_force():
    manifest = world.loaded(1800)
    late = world.emptied("TS-9", 900, slot=world.at(world.TUESDAY, 10))
    manifest = manifest_receive(actor=world.plant_officer(), manifest=manifest, litres=1800)
    first = paper(manifest)
    assert paper(manifest) == first
    at = NOON - timedelta(hours=1)
    load_add(actor=world.operator(), manifest=manifest, order=late, litres=900, at=at)
    assert not is_in_force(first)
    assert "2.700 L" in words(paper(manifest))


def test_of_a_refused_load_only_the_manifest_that_follows_proves_litres():
    manifest = world.loaded(1800)
    first = paper(manifest)
    assert "1.800 L" in words(first)
    refused = manifest_refuse(actor=world.plant_officer(), manifest=manifest, why="Bercampur oli")
    assert not is_in_force(first)
    said = words(paper(refused))
    assert "1.800 L" not in said
    assert refused.followed_by.number in said
    assert "1.800 L" in words(paper(refused.followed_by))


def test_the_paper_of_a_trip_that_is_under_way_ends_when_the_plant_receives_it():
    manifest = world.loaded(1800)
    first = paper(manifest)
    manifest_receive(actor=world.plant_officer(), manifest=manifest, litres=1790)
    assert not is_in_force(first)
