"""Line charts as SVG, small enough to be read in the page's source."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 760, 232, 60, 130, 26, 28
BAND_COLOUR, MAX_SHADE = "#d29922", 0.45
COLOURS = ("#1f6feb", "#d1242f", "#1a7f37", "#9a6700", "#8250df", "#0a7d86", "#bf3989", "#57606a")


@dataclass(frozen=True)
class Band:
    """A stretch of time in which something held, shown as a shade that is the darker the larger `share` is, up to 1."""

    name: str
    first: float
    last: float
    share: float


@dataclass(frozen=True)
class Series:
    """A line; where a value is `NaN` it has a gap."""

    name: str
    points: Sequence[tuple[float, float]]


def chart(
    title: str,
    unit: str,
    series: Sequence[Series],
    *,
    limit: float | None = None,
    x: str = "s",
    bands: Sequence[Band] = (),
) -> str:
    """Return a figure with all series over one axis, a dashed line at the limit, and what held meanwhile behind them."""
    known = [value for line in series for _, value in line.points if not math.isnan(value)]
    if not known:
        return f"<figure><figcaption>{escape(title)}</figcaption><p>No data.</p></figure>"
    top = nice(max([*known, limit or 0.0]) * 1.05)
    xs = [at for line in series for at, _ in line.points]
    frame = _Frame(min(xs), max(xs), top)
    parts = [*frame.bands(bands), frame.axes(unit, x)]
    for number, line in enumerate(series):
        colour = COLOURS[number % len(COLOURS)]
        parts += [f'<polyline fill="none" stroke="{colour}" points="{run}"/>' for run in frame.runs(line)]
        label_y = TOP + 10 + 16 * number
        left = WIDTH - RIGHT + 8
        parts.append(f'<rect x="{left}" y="{label_y - 6}" width="10" height="3" fill="{colour}"/>')
        parts.append(f'<text x="{left + 14}" y="{label_y}">{escape(line.name)}</text>')
    if limit is not None:
        y = frame.y(limit)
        parts.append(
            f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}" stroke="#d1242f" stroke-dasharray="5 4"/>'
        )
    body = "".join(parts)
    return (
        f"<figure><figcaption>{escape(title)}</figcaption>"
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(title)}">'
        f"{body}</svg></figure>"
    )


def nice(value: float) -> float:
    """Return a round number that is at least `value`."""
    if value <= 0:
        return 1.0
    magnitude: float = 10 ** math.floor(math.log10(value))
    return next(step * magnitude for step in (1, 2, 2.5, 5, 10) if step * magnitude >= value)


@dataclass(frozen=True)
class _Frame:
    """Where a point lies on the page."""

    first: float
    last: float
    top: float

    def x(self, at: float) -> float:
        return LEFT + (at - self.first) / max(1e-9, self.last - self.first) * (WIDTH - LEFT - RIGHT)

    def y(self, value: float) -> float:
        return HEIGHT - BOTTOM - min(1.0, value / self.top) * (HEIGHT - TOP - BOTTOM)

    def bands(self, bands: Sequence[Band]) -> Iterator[str]:
        for band in bands:
            left, right = self.x(max(self.first, band.first)), self.x(min(self.last, band.last))
            yield _shade(left, TOP, max(0.0, right - left), HEIGHT - TOP - BOTTOM, band.share)
        names = sorted({(band.share, band.name) for band in bands})
        for number, (share, name) in enumerate(names):
            y = HEIGHT - BOTTOM - 10 - 16 * number
            yield _shade(WIDTH - RIGHT + 8, y - 9, 10, 10, share)
            yield f'<text x="{WIDTH - RIGHT + 22}" y="{y}">{escape(name)}</text>'

    def runs(self, line: Series) -> list[str]:
        runs: list[list[str]] = [[]]
        for at, value in line.points:
            if math.isnan(value):
                runs.append([])
            else:
                runs[-1].append(f"{self.x(at):.1f},{self.y(value):.1f}")
        return [" ".join(run) for run in runs if run]

    def axes(self, unit: str, x: str) -> str:
        parts = []
        for step in range(5):
            value = self.top * step / 4
            y = self.y(value)
            parts.append(f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}" stroke="#8884"/>')
            parts.append(f'<text x="{LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{_told(value)}</text>')
            at = self.first + (self.last - self.first) * step / 4
            parts.append(f'<text x="{self.x(at):.1f}" y="{HEIGHT - 8}" text-anchor="middle">{at:,.0f}</text>')
        parts.append(f'<text x="{LEFT - 6}" y="{TOP - 14}" text-anchor="end">{escape(unit)}</text>')
        parts.append(f'<text x="{WIDTH - RIGHT + 22}" y="{HEIGHT - 8}">{escape(x)}</text>')
        return "".join(parts)


def _told(value: float) -> str:
    return f"{value:,.0f}" if value >= 1000 else f"{value:.4g}"


def _shade(x: float, y: float, width: float, height: float, share: float) -> str:
    colour = f'fill="{BAND_COLOUR}" fill-opacity="{share * MAX_SHADE:.2f}"'
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" {colour}/>'
