"""Words are found by their stems, whole phrases alone."""

from kotacerdas.kernel.stems import phrases_in, stems


def test_words_of_one_stem_are_one():
    assert stems("Jalannya") == stems("jalan")
    assert stems("12 !") == ()


def test_a_phrase_is_found_with_its_number_of_words():
    told = stems("Ada pohon tumbang di jalan")
    assert list(phrases_in(told, ["pohon tumbang", "jalan", "lampu"])) == [("pohon tumbang", 2), ("jalan", 1)]


def test_a_part_of_a_word_or_a_phrase_torn_apart_is_not_found():
    assert list(phrases_in(stems("perjalanan"), ["jal"])) == []
    assert list(phrases_in(stems("pohon besar tumbang"), ["pohon tumbang"])) == []
    assert list(phrases_in(stems("apa saja"), ["..."])) == []
