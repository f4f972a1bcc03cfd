"""What if everybody comes at once? Half are there and chat; the other half arrives in the same second."""

from collections.abc import Iterator

from loadtest.shapes import Step, View, drain, gather, stay


def spike(view: View) -> Iterator[Step]:
    people, options = view.options.people, view.options
    yield from gather(view, people // 2, options.arrive_per_s)
    yield from stay(people // 2, "warm-up", options.warm_s)
    yield from stay(people // 2, "measure before", options.measure_s / 2)
    for step in gather(view, people, people):
        yield Step(step.people, step.per_s, "measure spike")
    yield from stay(people, "measure after", options.measure_s / 2)
    yield from drain(view, people)
