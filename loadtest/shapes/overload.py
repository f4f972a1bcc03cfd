"""What if more is said than fits? Everybody says `--overload` times as much for a while, and then as before again."""

from collections.abc import Iterator

from loadtest.shapes import Step, View, drain, gather, stay

OVERLOAD_PHASE, AGAIN_PHASE = "measure overload", "measure again"


def overload(view: View) -> Iterator[Step]:
    people, options = view.options.people, view.options
    yield from gather(view, people, options.arrive_per_s)
    yield from stay(people, "warm-up", options.warm_s)
    yield from stay(people, "measure before", options.measure_s / 2)
    yield from stay(people, OVERLOAD_PHASE, options.measure_s)
    yield from stay(people, "calm down", options.warm_s / 2)
    yield from stay(people, AGAIN_PHASE, options.measure_s / 2)
    yield from drain(view, people)
