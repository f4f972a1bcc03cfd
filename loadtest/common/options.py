"""The options of a run, on Locust's command line and in `make loadtest` alike."""

import argparse

SHAPES = ("steady", "ramp", "spike", "restart", "soak", "overload")
CORPORA = ("mixed", "english", "korean")


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare what a run is made of; Locust hands the values on to its workers."""
    add = parser.add_argument
    add("--shape", choices=SHAPES, default="steady", help="the question that is asked: see loadtest/README.md")
    add("--people", type=int, default=200, help="how many are connected; the first step of a ramp")
    add("--people-per-step", type=int, default=100, help="how many a ramp adds at each step")
    add("--max-people", type=int, default=10_000, help="where a ramp ends at the latest")
    add("--arrive-per-s", type=float, default=40.0, help="how many connect in a second; a spike has them all at once")
    add("--warm-s", type=float, default=15.0, help="seconds of chat before the measurement, or a step of it")
    add("--measure-s", type=float, default=60.0, help="seconds that are measured, for each step of a ramp")
    add("--room-of", type=int, default=20, help="people in a room")
    add("--messages-per-minute", type=float, default=6.0, help="of each chatter")
    add("--overload", type=float, default=1.3, help="how many times as much is said while there is an overload")
    add("--tasks", default="typing", help="plugins whose tasks are done, by commas; `all` or `none`")
    add("--mix", default="chatter", help="who the people are, such as `chatter:8,lurker:1,phone:1`")
    add("--corpus", default="mixed", help=f"what is said: {', '.join(CORPORA)}, or a file with a text a line")
    add("--seed", type=int, default=1, help="of all that is random")
    add("--p99-ms", type=float, default=1000.0, help="the latency that 99 %% of deliveries must be below")
    add("--record", default="", help="file for one line of figures a second")
    add("--elsewhere", action="store_true", help="pretend an address elsewhere, where no link is emulated")
