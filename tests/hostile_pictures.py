"""Pictures for tests, made here: harmless, doubtful, and made to do harm."""

import struct
import zlib
from io import BytesIO

from PIL import Image, ImageDraw

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><image href="http://169.254.169.254/"/></svg>'
HTML = b"<!doctype html><script>fetch('http://169.254.169.254/')</script>"
SKIN = (180, 140, 135)


def encoded(image: Image.Image, form: str = "PNG", **options: object) -> bytes:
    content = BytesIO()
    image.save(content, form, **options)
    return content.getvalue()


def drawing(form: str = "PNG") -> bytes:
    """A house under a sun: as harmless as pictures get."""
    image = Image.new("RGB", (640, 480), (120, 180, 240))
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 300, 640, 480), fill=(60, 140, 60))
    draw.ellipse((450, 40, 540, 130), fill=(250, 220, 60))
    draw.polygon([(150, 300), (250, 180), (350, 300)], fill=(150, 60, 40))
    draw.rectangle((170, 300, 330, 400), fill=(220, 200, 170))
    return encoded(image, form)


def doubtful() -> bytes:
    """Nothing but a color of skin, of which the network is unsure."""
    return encoded(Image.new("RGB", (64, 64), SKIN))


def bomb(width: int, height: int) -> bytes:
    """A small PNG of very many pixels."""
    rows = zlib.compress(bytes((width + 7) // 8 + 1) * height, 9)
    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    chunks = (_chunk(b"IHDR", head), _chunk(b"IDAT", rows), _chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def scanned(times: int) -> bytes:
    """A JPEG that goes over its pixels again and again: 27 bytes each time, milliseconds."""
    content = encoded(Image.new("RGB", (4_096, 3_072), "teal"), "JPEG", progressive=True)
    scan = content[content.rindex(b"\xff\xda") : -2]
    return content[:-2] + scan * times + content[-2:]


def claiming(width: int, height: int) -> bytes:
    """A PNG whose head promises pixels that it does not have."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", b"")


def wide_canvas() -> bytes:
    """A moving WebP of a few pixels on a canvas for which two gigabytes would be set aside."""
    frames = [Image.new("RGB", (10, 10), color) for color in ("red", "blue")]
    content = bytearray(encoded(frames[0], "WEBP", save_all=True, append_images=frames[1:]))
    size = content.index(b"VP8X") + 12
    content[size : size + 6] = (16_382).to_bytes(3, "little") * 2
    return bytes(content)


def _chunk(name: bytes, content: bytes) -> bytes:
    checksum = struct.pack(">I", zlib.crc32(name + content))
    return struct.pack(">I", len(content)) + name + content + checksum
