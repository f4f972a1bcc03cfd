"""Files that break chats, each made on the spot, with what becomes of it."""

import io
import struct
import zipfile
import zlib
from dataclasses import dataclass

from PIL import Image, ImageCms, PngImagePlugin

DOWNLOAD = "application/octet-stream"
SECRET = b"SECRET-48.8584N"
HTML = b"<!doctype html><script>fetch('/ran')</script>" + SECRET
ORIENTATION, MAKE, GPS = 0x0112, 0x010F, 0x8825
SIZE = (60, 40)
PICTURE = Image.linear_gradient("L").resize(SIZE).convert("RGB")


@dataclass(frozen=True)
class Awkward:
    """A file, and how others see it."""

    body: bytes
    type: str
    """By its content."""
    is_inline: bool = False
    """A page may show it; else it is a download."""
    size: tuple[int, int] | None = None
    """Of the upright picture, where there are thumbnails."""
    name: str = "file.bin"


def encoded(image: Image.Image, kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def exif(orientation: int = 1) -> Image.Exif:
    tags = Image.Exif()
    tags[MAKE] = SECRET.decode()
    tags[ORIENTATION] = orientation
    tags.get_ifd(GPS)[1] = "N"
    return tags


def frames(mode: str = "P") -> dict[str, object]:
    return {"save_all": True, "append_images": [Image.new(mode, SIZE, 1), Image.new(mode, SIZE, 2)], "duration": 50}


def picture(kind: str, body: bytes, size: tuple[int, int] = SIZE, name: str = "file.bin") -> Awkward:
    return Awkward(body, f"image/{kind}", is_inline=True, size=size, name=name)


def undecoded(kind: str, body: bytes) -> Awkward:
    """An image by its first bytes, of which there is no picture: a download, kept as it came."""
    return Awkward(body, f"image/{kind}")


def png_chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png_text() -> PngImagePlugin.PngInfo:
    info = PngImagePlugin.PngInfo()
    info.add_text("Comment", SECRET.decode())
    info.add_itxt("XML:com.adobe.xmp", SECRET.decode())
    return info


def with_private_chunk(png: bytes) -> bytes:
    return png[:33] + png_chunk(b"prVt", HTML) + png[33:]


def raw_png(width: int, height: int, pixels: bytes, *, is_interlaced: bool = False) -> bytes:
    """Return a grey PNG that says to have so many pixels, whatever it holds."""
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, is_interlaced)
    chunks = png_chunk(b"IHDR", header) + png_chunk(b"IDAT", zlib.compress(pixels)) + png_chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + chunks


def interlaced_png() -> bytes:
    """Return 8 x 8 pixels in the seven passes of Adam7, each row behind the number of its filter."""
    passes = [(1, 1), (1, 1), (2, 1), (2, 2), (4, 2), (4, 4), (8, 4)]
    rows = (b"\x00" + b"\x7f" * width for width, height in passes for _ in range(height))
    return raw_png(8, 8, b"".join(rows), is_interlaced=True)


def zipped(name: str, body: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(name, body)
    return out.getvalue()


JPEG = encoded(PICTURE, "JPEG")
PNG = encoded(PICTURE, "PNG")
PROFILE = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
PDF = b"%PDF-1.7\n1 0 obj<</OpenAction<</S/JavaScript/JS(app.alert(1))>>>>endobj\n"
ISO_BOX = b"\x00\x00\x00\x18ftyp%s\x00\x00\x00\x00%s\x00\x00\x00\x00"

AWKWARD: dict[str, Awkward] = {
    **{
        f"JPEG turned by EXIF {turn}": picture(
            "jpeg", encoded(PICTURE, "JPEG", exif=exif(turn)), SIZE if turn < 5 else SIZE[::-1]
        )
        for turn in range(1, 9)
    },
    "CMYK JPEG": picture("jpeg", encoded(Image.new("CMYK", SIZE, (10, 200, 30, 40)), "JPEG")),
    "grey JPEG": picture("jpeg", encoded(PICTURE.convert("L"), "JPEG")),
    "progressive JPEG with a comment": picture(
        "jpeg", encoded(PICTURE, "JPEG", progressive=True, comment=SECRET, exif=exif())
    ),
    "JPEG with a colour profile": picture("jpeg", encoded(PICTURE, "JPEG", icc_profile=PROFILE, exif=exif())),
    "JPEG with XMP": picture("jpeg", encoded(PICTURE, "JPEG", xmp=b"<x:xmpmeta>" + SECRET)),
    "MPO of two pictures": picture(
        "jpeg", encoded(PICTURE, "MPO", save_all=True, append_images=[PICTURE.rotate(180)], exif=exif())
    ),
    "JPEG and ZIP in one": picture("jpeg", JPEG + zipped("a.class", SECRET), name="gifar.jpg"),
    "JPEG cut off": undecoded("jpeg", JPEG[: len(JPEG) // 2]),
    "JPEG of one byte more than its mark": undecoded("jpeg", b"\xff\xd8\xff\xe0"),
    "16 bit PNG": picture("png", encoded(Image.new("I;16", SIZE, 30_000), "PNG")),
    "1 bit PNG": picture("png", encoded(Image.new("1", SIZE), "PNG")),
    "palette with transparency": picture("png", encoded(Image.new("P", SIZE), "PNG", transparency=0)),
    "PNG with alpha": picture("png", encoded(Image.new("RGBA", SIZE, (1, 2, 3, 4)), "PNG")),
    "PNG with position and text": picture("png", encoded(PICTURE, "PNG", pnginfo=png_text(), exif=exif())),
    "PNG with HTML in a chunk": picture("png", with_private_chunk(PNG), name="page.html"),
    "PNG with HTML behind it": picture("png", PNG + HTML),
    "PNG of one pixel": picture("png", encoded(Image.new("RGB", (1, 1)), "PNG"), (1, 1)),
    "PNG as narrow as can be": picture("png", encoded(Image.new("L", (2, 4000)), "PNG"), (2, 4000)),
    "animated PNG": picture("png", encoded(Image.new("P", SIZE), "PNG", **frames())),
    "interlaced PNG": picture("png", interlaced_png(), (8, 8)),
    "bomb of 900 megapixels": undecoded("png", encoded(Image.new("1", (30_000, 30_000)), "PNG")),
    "PNG that says 2 billion pixels wide": undecoded("png", raw_png(2**31 - 1, 2**31 - 1, b"")),
    "PNG without its pixels": undecoded("png", raw_png(600, 400, b"")),
    "PNG of nothing but its mark": undecoded("png", b"\x89PNG\r\n\x1a\n"),
    "HTML that begins as PNG": undecoded("png", b"\x89PNG\r\n\x1a\n" + HTML),
    "animated GIF": picture("gif", encoded(Image.new("P", SIZE), "GIF", **frames())),
    "GIF with a comment": picture("gif", encoded(PICTURE.convert("P"), "GIF", comment=SECRET)),
    "GIF and ZIP in one": picture("gif", encoded(PICTURE.convert("P"), "GIF") + zipped("a.class", SECRET)),
    "GIF and script in one": undecoded("gif", b"GIF89a=1;fetch('/ran')//"),
    "animated WebP": picture("webp", encoded(Image.new("RGB", SIZE), "WEBP", **frames("RGB"))),
    "WebP with position": picture("webp", encoded(PICTURE, "WEBP", exif=exif(), xmp=SECRET)),
    "WebP with something behind it": picture("webp", encoded(PICTURE, "WEBP", lossless=True) + HTML),
    "AVIF": picture("avif", encoded(PICTURE, "AVIF")),
    "AVIF with position": picture("avif", encoded(PICTURE, "AVIF", exif=exif(), xmp=SECRET)),
    "AVIF that is none": undecoded("avif", ISO_BOX % (b"avif", b"avif")),
    "HEIC": undecoded("heic", ISO_BOX % (b"heic", b"heic")),
    "TIFF of two pages": Awkward(encoded(PICTURE, "TIFF", save_all=True, append_images=[PICTURE]), DOWNLOAD),
    "BMP": Awkward(encoded(PICTURE, "BMP"), DOWNLOAD),
    "ICO": Awkward(encoded(PICTURE, "ICO"), DOWNLOAD),
    "SVG that runs": Awkward(b"<svg xmlns='http://www.w3.org/2000/svg' onload='fetch(1)'/>", "text/plain", name="a.svg"),
    "HTML named PNG": Awkward(HTML, "text/plain", name="cat.png"),
    "XHTML": Awkward(b"<?xml version='1.0'?><html xmlns='http://www.w3.org/1999/xhtml'/>", "text/plain"),
    "PDF that runs": Awkward(PDF, "application/pdf"),
    "PDF and HTML in one": Awkward(PDF + HTML, "application/pdf"),
    "ZIP": Awkward(zipped("a.txt", b"a"), "application/zip"),
    "program for Windows": Awkward(b"MZ\x90\x00" + bytes(60) + b"PE\x00\x00", DOWNLOAD, name="cat.jpg.exe"),
    "program for Linux": Awkward(b"\x7fELF\x02\x01\x01" + bytes(9), DOWNLOAD),
    "text in UTF-16": Awkward("고슴도치".encode("utf-16"), DOWNLOAD),
    "text cut within a letter": Awkward("a고".encode() * 1024 + "고".encode()[:1], "text/plain"),
    "nothing": Awkward(b"", DOWNLOAD),
    "one byte": Awkward(b"\xff", DOWNLOAD),
    "MP4": Awkward(ISO_BOX % (b"isom", b"mp42"), "video/mp4", is_inline=True),
    "QuickTime": Awkward(ISO_BOX % (b"qt  ", b"qt  "), "video/quicktime"),
    "WebM": Awkward(b"\x1aE\xdf\xa3\x9fB\x86\x81\x01", "video/webm", is_inline=True),
    "MP3": Awkward(b"ID3\x04\x00\x00\x00\x00\x00\x00", "audio/mpeg", is_inline=True),
    "WAV": Awkward(b"RIFF\x24\x00\x00\x00WAVEfmt ", "audio/wav", is_inline=True),
}  # fmt: skip
