"""What a real installation must not have is named before it serves."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kotacerdas.config.checks import apps_are_fit
from kotacerdas.foundation.workdays import training


def ids() -> set[str]:
    return {found.id for found in apps_are_fit()}


@pytest.mark.django_db
def test_demo_accounts_are_refused(cast):
    assert "parties.E001" not in ids()
    cast.rudi.is_demo = True
    cast.rudi.save()
    assert "parties.E001" in ids()


@pytest.mark.django_db
def test_staff_without_a_second_factor_are_named(cast):
    assert "parties.W001" in ids()


@pytest.mark.django_db
def test_a_moved_clock_is_refused():
    assert "workdays.E001" not in ids()
    training.move(timedelta(days=3))
    assert "workdays.E001" in ids()
    training.reset()


@pytest.mark.django_db
def test_demo_sign_in_is_not_there_in_production(cast, client, settings):
    cast.rudi.is_demo = True
    cast.rudi.save()
    settings.PRODUCTION = True
    assert client.post("/akun/peraga/rudi/").status_code == 404
    assert "/akun/peraga/" not in client.get("/akun/masuk/").content.decode()
