"""Whoever measures the answer learns nothing of whose number it is."""

from __future__ import annotations

import statistics
import time

import pytest

from kotacerdas.foundation.following.actions import link_send
from kotacerdas.foundation.notify.models import Message


@pytest.mark.django_db
def test_a_right_and_a_wrong_pair_take_the_same_time_at_link_again(cast):
    filed, took = cast.report(), {"0812-3456-7890": [], "0813-9999-0000": []}
    before = Message.objects.count()
    for _time in range(5):
        for phone, seconds in took.items():
            began = time.monotonic()
            link_send(number=filed.case.number, phone=phone)
            seconds.append(time.monotonic() - began)
    right, wrong = (statistics.median(seconds) for seconds in took.values())
    assert Message.objects.count() == before + 5
    assert min(right, wrong) >= 0.3
    assert abs(right - wrong) < 0.01
