"""Decodes one image in a process of its own, so that a hostile one can break nothing else.

Arguments: media type, most pixels, most megabytes of memory, most seconds. The image comes on standard input. The answer
on standard output is one line of JSON (`width`, `height`, `color`, `cleaned` and `thumbnails` as lengths), then the image
without metadata, then the thumbnails.
"""

import io
import json
import resource
import sys
import warnings

from PIL import Image, ImageOps

from plugins.files.backend.metadata import without_metadata

WIDTHS = (320, 960)
QUALITY = 72
FORMATS = {"image/png": "PNG", "image/jpeg": "JPEG", "image/gif": "GIF", "image/webp": "WEBP", "image/avif": "AVIF"}
ORIENTATION = 0x0112


def main(kind: str, max_pixels: int, memory_mb: int, time_limit_s: int) -> None:
    memory = memory_mb * 2**20
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (time_limit_s, time_limit_s))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    Image.MAX_IMAGE_PIXELS = max_pixels
    warnings.simplefilter("error", Image.DecompressionBombWarning)  # it only warns up to twice the limit
    data = sys.stdin.buffer.read()
    image = Image.open(io.BytesIO(data), formats=[FORMATS[kind]])
    orientation = image.getexif().get(ORIENTATION, 1)
    orientation = orientation if orientation in range(1, 9) else 1
    width, height = image.size if orientation < 5 else image.size[::-1]
    image.draft("RGB", (max(WIDTHS) * 2, max(WIDTHS) * 2))
    upright = _upright(image)
    thumbnails = {size: _thumbnail(upright, size) for size in WIDTHS}
    cleaned = without_metadata(data, kind, orientation)
    head = {
        "width": width,
        "height": height,
        "color": _average(upright),
        "cleaned": len(cleaned),
        "thumbnails": {size: len(body) for size, body in thumbnails.items()},
    }
    out = sys.stdout.buffer
    out.write(json.dumps(head).encode() + b"\n" + cleaned + b"".join(thumbnails.values()))
    out.flush()


def _upright(image: Image.Image) -> Image.Image:
    """Return the first frame as people see it: turned, in 8 bits, in RGB with or without transparency."""
    image.seek(0)
    turned = ImageOps.exif_transpose(image)
    if turned.mode.startswith(("I", "F")):
        turned = turned.point(lambda value: value / 256).convert("L")
    if turned.mode == "CMYK":
        turned.info.pop("icc_profile", None)  # it speaks of four inks
    has_alpha = "A" in turned.getbands() or "transparency" in turned.info
    return turned.convert("RGBA" if has_alpha else "RGB")


def _thumbnail(image: Image.Image, size: int) -> bytes:
    small = image.copy()
    small.thumbnail((size, size * 2), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    small.save(out, "WEBP", quality=QUALITY, method=4)
    return out.getvalue()


def _average(image: Image.Image) -> str:
    red, green, blue = image.convert("RGB").resize((1, 1), Image.Resampling.BOX).getpixel((0, 0))  # type: ignore[misc]  # three bands
    return f"#{int(red):02x}{int(green):02x}{int(blue):02x}"


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))
