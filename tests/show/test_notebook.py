"""What a notebook shows."""

from stance.measure.trial import Trial
from stance.show.notebook import picture, table

ROW = Trial("cc", "合作", 0.1, 0.123456, 0.0, 0.5, 2.6e-7, 50, 10, "paragraphs")


def test_a_table_is_markdown_rounded_for_people() -> None:
    shown = table([ROW], ["label", "change", "width"])

    assert shown._repr_markdown_() == (
        "| label | change | width |\n| --- | --- | --- |\n| 合作 | 0.123 | 3e-07 |"
    )
    assert shown._repr_png_() is None


def test_a_row_may_be_a_mapping() -> None:
    assert repr(table([{"a": 1}])) == "| a |\n| --- |\n| 1 |"


def test_no_record_makes_an_empty_table() -> None:
    assert table([], ["label"]).text == "| label |\n| --- |"


def test_a_picture_has_a_sentence_in_its_place() -> None:
    shown = picture(lambda ax: ax, "An empty figure.", size=(1, 1))

    assert repr(shown) == "An empty figure."
    assert (shown._repr_png_() or b"")[:4] == b"\x89PNG"
    assert shown._repr_markdown_() is None


def test_a_picture_has_the_same_bytes_each_time() -> None:
    first, second = (picture(lambda ax: ax, "", size=(1, 1)) for _ in range(2))

    assert first == second
