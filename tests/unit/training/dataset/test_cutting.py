from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from earshot.audio.framing import num_patches
from training.dataset.cutting import Span, cut, is_kept

PATCH, HOP = 15_600, 15_360
LONG = 100 * HOP + 240


def test_a_long_stretch_is_cut_into_segments_of_whole_patches() -> None:
    segments = cut([Span(HOP, HOP + 25 * HOP + 7_000, ("a",))], LONG, 10)
    assert segments == [
        Span(HOP, 11 * HOP + 240, ("a",)),
        Span(11 * HOP, 21 * HOP + 240, ("a",)),
        Span(21 * HOP, 26 * HOP + 240, ("a",)),
    ]


def test_the_last_patch_ends_with_the_stretch_when_half_a_patch_is_left() -> None:
    end = 3 * HOP + 240 + HOP // 2
    whole = Span(0, 3 * HOP + 240, ("a",))
    assert cut([Span(0, end, ("a",))], LONG, 10) == [whole, Span(end - PATCH, end, ("a",))]
    assert cut([Span(0, end - 1, ("a",))], LONG, 10) == [whole]


def test_what_is_heard_only_at_the_end_has_its_label_or_is_not_kept() -> None:
    def labelled(left_samples: int) -> tuple[list[Span], Span]:
        end = 3 * HOP + 240 + left_samples
        bell = Span(end - 5_000, end, ("bell",))
        return cut([Span(0, end, ("speech",)), bell], LONG, 10), bell

    segments, bell = labelled(HOP // 2)
    assert [each.labels for each in segments] == [("speech",), ("bell", "speech")]
    assert is_kept(bell, segments)
    segments, bell = labelled(HOP // 2 - 1)
    assert [each.labels for each in segments] == [("speech",)]
    assert not is_kept(bell, segments)


def test_a_short_stretch_is_widened_by_the_sound_around_it() -> None:
    assert cut([Span(50_000, 50_600, ("a",))], LONG, 10) == [Span(42_500, 58_100, ("a",))]
    assert cut([Span(0, 600, ("a",))], LONG, 10) == [Span(0, PATCH, ("a",))]
    assert cut([Span(LONG - 600, LONG, ("a",))], LONG, 10) == [Span(LONG - PATCH, LONG, ("a",))]


def test_a_recording_shorter_than_a_patch_is_one_segment() -> None:
    assert cut([Span(100, 500, ("a",))], 8_000, 10) == [Span(0, 8_000, ("a",))]


def test_stretches_that_overlap_are_one_segment_with_all_labels() -> None:
    spans = [Span(0, 4 * HOP, ("b",)), Span(3 * HOP, 6 * HOP + 240, ("a", "c"))]
    assert cut(spans, LONG, 10) == [Span(0, 6 * HOP + 240, ("a", "b", "c"))]


def test_stretches_that_touch_stay_apart() -> None:
    spans = [Span(0, 2 * HOP, ("a",)), Span(2 * HOP, 4 * HOP + 240, ("b",))]
    assert cut(spans, LONG, 10) == [
        Span(0, PATCH, ("a",)),
        Span(2 * HOP - PATCH, 2 * HOP, ("a",)),
        Span(2 * HOP, 4 * HOP + 240, ("b",)),
    ]


def test_a_segment_has_the_labels_heard_in_it_alone() -> None:
    speech, bell = Span(0, 30 * HOP + 240, ("speech",)), Span(12 * HOP, 12 * HOP + 4_000, ("bell",))
    labels = [each.labels for each in cut([speech, bell], LONG, 10)]
    assert labels == [("speech",), ("bell", "speech"), ("speech",)]


def test_background_has_no_labels() -> None:
    assert cut([Span(0, 2 * HOP + 240, ())], LONG, 10) == [Span(0, 2 * HOP + 240, ())]


SPANS = st.lists(
    st.tuples(st.integers(0, LONG - 1), st.integers(1, 12 * HOP), st.sampled_from("abc")).map(
        lambda each: Span(each[0], min(each[0] + each[1], LONG), (each[2],))
    ),
    min_size=1,
    max_size=6,
)


def contains(segment: Span, span: Span) -> bool:
    is_begun = segment.start_sample <= span.start_sample
    return is_begun and span.end_sample <= segment.end_sample


@given(SPANS, st.integers(1, 12))
def test_every_segment_has_a_label_and_whole_patches_inside_the_recording(
    spans: list[Span], patches_per_segment: int
) -> None:
    segments = cut(spans, LONG, patches_per_segment)
    for segment in segments:
        length = segment.end_sample - segment.start_sample
        assert segment.labels
        assert 0 <= segment.start_sample < segment.end_sample <= LONG
        assert 1 <= num_patches(length) <= patches_per_segment
        assert length == num_patches(length) * HOP + 240
    assert {label for each in spans for label in each.labels} >= {
        label for each in segments for label in each.labels
    }
    for span in spans:
        if not is_kept(span, segments):
            assert span.end_sample - span.start_sample < HOP
            assert not any(contains(each, span) for each in segments)
