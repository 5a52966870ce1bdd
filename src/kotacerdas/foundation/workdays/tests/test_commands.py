"""`./run clock` as somebody types it."""

from argparse import ArgumentParser
from datetime import timedelta

import pytest

from kotacerdas.foundation.workdays import commands, training

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fresh():
    yield
    training._cached = (0.0, timedelta())


def typed(*words):
    parser = ArgumentParser()
    commands.add_arguments(parser)
    return commands.run(parser.parse_args(words))


def test_the_clock_is_moved_shown_and_reset(capsys, in_indonesian):
    assert typed("move", "+3d") == 0
    assert training.stored() == timedelta(days=3)
    assert typed("show") == 0
    assert "digeser +3d" in capsys.readouterr().out
    assert typed("reset") == 0
    assert "waktu sebenarnya" in capsys.readouterr().out
