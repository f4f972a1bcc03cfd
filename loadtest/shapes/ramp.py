"""How many people fit? More at each step, until a promise is broken: finds the knee, and compares nothing."""

from collections.abc import Iterator

from loadtest.shapes import Step, View, drain, gather, stay


def ramp(view: View) -> Iterator[Step]:
    options, people = view.options, view.options.people
    while people <= options.max_people and not view.is_over:
        yield from gather(view, people, options.arrive_per_s)
        yield from stay(people, f"warm-up {people}", options.warm_s)
        yield from stay(people, f"measure {people}", options.measure_s)
        people += options.people_per_step
    yield from drain(view, people - options.people_per_step)
