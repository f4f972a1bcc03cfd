"""Images as others see them: upright, small, and without what they should not tell."""

import io

import pytest
from PIL import Image

from plugins.files.tests.conftest import House

ORIENTATION, MAKE, GPS = 0x0112, 0x010F, 0x8825


def jpeg(size: tuple[int, int] = (60, 40), orientation: int = 1) -> bytes:
    image = Image.new("RGB", size, (200, 100, 50))
    exif = image.getexif()
    exif[MAKE] = "SecretCamera"
    exif[ORIENTATION] = orientation
    exif.get_ifd(GPS)[1] = "N"
    return encoded(image, "JPEG", exif=exif)


def encoded(image: Image.Image, kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


@pytest.mark.parametrize("orientation", range(1, 9))
async def test_size_and_thumbnail_are_those_of_the_upright_image(house: House, orientation: int) -> None:
    file, _ = await house.sent(jpeg((60, 40), orientation), "p.jpg")
    assert (file["width"], file["height"]) == ((60, 40) if orientation < 5 else (40, 60))
    answer = await house.raw("GET", f"/api/files/{file['id']}/thumbnail", house.bob, {})
    thumbnail = Image.open(io.BytesIO(answer.body))
    assert (thumbnail.format, thumbnail.size) == ("WEBP", (file["width"], file["height"]))
    assert file["color"].startswith("#")


async def test_metadata_is_taken_out_and_pixels_are_not_touched(house: House) -> None:
    original = jpeg((60, 40), 6)
    file, _ = await house.sent(original, "p.jpg")
    shown = (await house.download(file["id"])).body
    assert b"SecretCamera" in original
    assert b"SecretCamera" not in shown
    image = Image.open(io.BytesIO(shown))
    assert dict(image.getexif()) == {ORIENTATION: 6}
    assert image.tobytes() == Image.open(io.BytesIO(original)).tobytes()


AWKWARD = {
    "grey 16 bit": encoded(Image.new("I;16", (50, 40), 30_000), "PNG"),
    "palette": encoded(Image.new("P", (50, 40)), "PNG", transparency=0),
    "one bit": encoded(Image.new("1", (50, 40)), "PNG"),
    "cmyk": encoded(Image.new("CMYK", (50, 40)), "JPEG"),
    "animated": encoded(Image.new("P", (50, 40)), "GIF", save_all=True, append_images=[Image.new("P", (50, 40), 1)]),
    "alpha": encoded(Image.new("RGBA", (50, 40)), "WEBP"),
    "avif": encoded(Image.new("RGB", (50, 40)), "AVIF"),
}


@pytest.mark.parametrize("kind", AWKWARD)
async def test_awkward_images_have_thumbnails(house: House, kind: str) -> None:
    file = await house.uploaded(AWKWARD[kind])
    assert (file["width"], file["height"]) == (50, 40)


BROKEN = {
    "truncated": jpeg()[:300],
    "bomb": encoded(Image.new("1", (30_000, 30_000)), "PNG"),
    "only a signature": b"\x89PNG\r\n\x1a\n",
    "heic": b"\x00\x00\x00\x18ftypheic" + bytes(50),
}


@pytest.mark.parametrize("kind", BROKEN)
async def test_images_that_cannot_be_shown_are_kept_as_downloads(house: House, kind: str) -> None:
    file, _ = await house.sent(BROKEN[kind])
    assert "width" not in file
    assert (await house.raw("GET", f"/api/files/{file['id']}/thumbnail", house.bob, {})).status == 404
    assert (await house.download(file["id"])).body == BROKEN[kind]


@pytest.mark.parametrize("body", [b"<svg onload=alert(1)>", b"<!doctype html><script>1</script>", b"GIF8<script>"])
async def test_what_could_run_is_a_download(house: House, body: bytes) -> None:
    file, _ = await house.sent(body, "x.svg")
    answer = await house.download(file["id"])
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Content-Disposition"].startswith("attachment")
