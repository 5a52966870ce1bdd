"""The codec by properties: round trips, any split of the bytes, and garbage that never crashes."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kotacerdas.foundation.telemetry.mqtt import packets as p
from kotacerdas.foundation.telemetry.mqtt.stream import Stream
from kotacerdas.foundation.telemetry.mqtt.wire import (
    MOST_VARINT,
    PROPERTIES,
    ProtocolError,
    read_varint,
    varint,
)

MOST = 1_000_000
words = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=30)
topics = st.text(st.characters(codec="utf-8", exclude_characters="\x00+#"), max_size=30)
numbers = st.integers(1, 65_535)
_FORMS = {
    "byte": st.integers(0, 255),
    "short": st.integers(0, 65_535),
    "long": st.integers(0, 2**32 - 1),
    "varint": st.lists(st.integers(0, MOST_VARINT), min_size=1, max_size=2),
    "binary": st.binary(max_size=30),
    "text": words,
    "pair": st.lists(st.tuples(words, words), min_size=1, max_size=2),
}
more = st.fixed_dictionaries({}, optional={name: _FORMS[form] for name, form in PROPERTIES.values()})
versions = st.sampled_from([p.V3, p.V5])


@st.composite
def packets(draw):
    """A version and a packet that may be sent in it."""
    version = draw(versions)
    given_ = draw(more) if version == p.V5 else {}
    qos = draw(st.integers(0, 1))
    will = draw(
        st.none()
        | st.builds(p.Will, words, st.binary(max_size=30), st.integers(0, 2), st.booleans(), st.just(given_))
    )
    codes = tuple(draw(st.lists(st.integers(0, 255), max_size=4)))
    filters = tuple(draw(st.lists(st.tuples(words, st.integers(0, 2)), min_size=1, max_size=4)))
    return version, draw(
        st.sampled_from(
            [
                p.Connect(
                    draw(words),
                    version,
                    draw(st.booleans()),
                    draw(st.integers(0, 65_535)),
                    draw(st.none() | words),
                    draw(st.none() | st.binary(max_size=30)),
                    will,
                    given_,
                ),
                p.ConnAck(draw(st.integers(0, 255)), draw(st.booleans()), given_),
                p.Publish(
                    draw(topics),
                    draw(st.binary(max_size=300)),
                    qos,
                    draw(numbers) if qos else 0,
                    draw(st.booleans()),
                    draw(st.booleans()),
                    given_,
                ),
                p.PubAck(draw(numbers), draw(st.integers(0, 255)) if version == p.V5 else 0, given_),
                p.Subscribe(draw(numbers), filters, given_),
                p.SubAck(draw(numbers), codes, given_),
                p.Unsubscribe(draw(numbers), tuple(name for name, _ in filters), given_),
                p.UnsubAck(draw(numbers), codes if version == p.V5 else (), given_),
                p.PingReq(),
                p.PingResp(),
                p.Disconnect(draw(st.integers(0, 255)) if version == p.V5 else 0, given_),
            ]
        )
    )


@given(packets())
def test_what_is_written_is_read_again(made):
    version, packet = made
    stream = Stream(MOST, version)
    stream.feed(p.encode(packet, version))
    assert list(stream.packets()) == [packet]
    assert stream.waiting == 0


@given(st.lists(packets().filter(lambda made: made[0] == p.V5), min_size=1, max_size=4), st.data())
def test_any_split_of_the_bytes_gives_the_same_packets(made, data):
    raw = b"".join(p.encode(packet, p.V5) for _version, packet in made)
    stream, found, at = Stream(MOST, p.V5), [], 0
    while at < len(raw):
        size = data.draw(st.integers(1, len(raw) - at))
        stream.feed(raw[at : at + size])
        found += stream.packets()
        at += size
    assert found == [packet for _version, packet in made]


@settings(max_examples=400)
@given(st.binary(max_size=200), versions)
def test_garbage_is_a_protocol_error_and_nothing_else(raw, version):
    stream = Stream(MOST, version)
    stream.feed(raw)
    found, wrong = [], None
    try:
        found += stream.packets()
    except ProtocolError as error:
        wrong = error.code
    assert all(isinstance(packet, tuple(p._WRITERS)) for packet in found)
    assert wrong is None or 0x80 <= wrong <= 0xFF


@given(packets(), st.data())
def test_a_packet_with_a_changed_byte_never_crashes(made, data):
    version, packet = made
    raw = bytearray(p.encode(packet, version))
    raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    stream = Stream(MOST, version)
    stream.feed(bytes(raw))
    with contextlib.suppress(ProtocolError):
        list(stream.packets())


@given(st.integers(0, MOST_VARINT))
def test_a_length_is_read_as_it_was_written(value):
    raw = varint(value)
    assert read_varint(raw, 0) == (value, len(raw))
    assert read_varint(raw[:-1], 0) is None or len(raw) == 1


def test_an_oversize_packet_is_refused_before_it_has_come():
    stream = Stream(1000)
    stream.feed(b"\x30\xff\xff\x7f")
    with pytest.raises(ProtocolError) as error:
        list(stream.packets())
    assert error.value.code == 0x95


@pytest.mark.parametrize("level", [0, 3, 6, 255])
def test_another_protocol_level_is_refused(level):
    raw = bytearray(p.encode(p.Connect("x"), p.V3))
    raw[8] = level
    stream = Stream(1000)
    stream.feed(bytes(raw))
    with pytest.raises(ProtocolError) as error:
        list(stream.packets())
    assert error.value.code == p.UNSUPPORTED_VERSION
