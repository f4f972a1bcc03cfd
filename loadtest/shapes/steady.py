"""Do so many people fit? Fixed people, a fixed time: compares two builds, and is what the verdict is about."""

from collections.abc import Iterator

from loadtest.shapes import Step, View, drain, gather, stay


def steady(view: View) -> Iterator[Step]:
    people, options = view.options.people, view.options
    yield from gather(view, people, options.arrive_per_s)
    yield from stay(people, "warm-up", options.warm_s)
    yield from stay(people, "measure", options.measure_s)
    yield from drain(view, people)
