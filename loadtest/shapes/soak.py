"""Does it stay as it is for hours? Steady, measured for `--measure-s` in phases of ten minutes that can be compared."""

from collections.abc import Iterator

from loadtest.shapes import Step, View, drain, gather, stay

PART_S = 600.0


def soak(view: View) -> Iterator[Step]:
    people, options = view.options.people, view.options
    yield from gather(view, people, options.arrive_per_s)
    yield from stay(people, "warm-up", options.warm_s)
    parts = max(1, round(options.measure_s / PART_S))
    for part in range(parts):
        yield from stay(people, f"measure {part + 1} of {parts}", options.measure_s / parts)
    yield from drain(view, people)
