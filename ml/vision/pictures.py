"""Bytes of strangers as a small picture, or a refusal. Imported by the process apart alone.

What it says of its size is checked before anything is decoded. Large pictures are made smaller
while they are read (JPEG) or at once afterwards, so that memory stays within bounds.
"""

from io import BytesIO
from typing import Final

from PIL import Image, ImageOps, UnidentifiedImageError

from domain.images import ImageRefused, Refusal

OF_A_CAMERA: Final = 4_096 * 3_072
OF_A_SCREEN: Final = 4_096 * 2_160
MOST_PIXELS: Final = {
    "JPEG": OF_A_CAMERA,  # made smaller while it is read
    "PNG": OF_A_SCREEN,
    "WEBP": OF_A_SCREEN,  # its decoder holds three copies
    "GIF": OF_A_SCREEN,
}
"""By format, of which there are no others; held in memory at once, so that they bound it."""
SCAN: Final = b"\xff\xda"
MOST_SCANS: Final = 64
"""Passes over all pixels of a JPEG. Ten are usual; one of 27 bytes takes as long as any."""
ENOUGH: Final = 512
"""Pixels of the shorter side that a picture is made smaller to; the network sees 224."""
SIXTEEN_BITS: Final = ("I;16", "I")
SEEN_THROUGH: Final = ("RGBA", "LA")
BACKGROUND: Final = "white"  # the page behind a picture that one can see through


def read_picture(content: bytes) -> Image.Image:
    """The first frame as people see it, in RGB; raises ``ImageRefused``."""
    try:
        return _read(content)
    except ImageRefused:
        raise
    except UnidentifiedImageError as error:
        raise ImageRefused(Refusal.FORMAT) from error
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise ImageRefused(Refusal.PIXELS) from error
    except Exception as error:  # decoders raise whatever broken bytes make them
        raise ImageRefused(Refusal.BROKEN) from error


def _read(content: bytes) -> Image.Image:
    with Image.open(BytesIO(content), formats=list(MOST_PIXELS)) as image:
        if image.width * image.height > MOST_PIXELS[image.format or ""]:
            raise ImageRefused(Refusal.PIXELS)
        if image.format == "JPEG" and content.count(SCAN) > MOST_SCANS:
            raise ImageRefused(Refusal.PIXELS)
        image.draft("RGB", (ENOUGH, ENOUGH))
        image.load()
        return _on_a_page(ImageOps.exif_transpose(_smaller(image)))


def _smaller(image: Image.Image) -> Image.Image:
    plain = _with_eight_bits_a_color(image)
    factor = max(1, min(plain.size) // ENOUGH)
    smaller = plain.reduce(factor)
    smaller.info = image.info  # among it how it is turned
    return smaller


def _with_eight_bits_a_color(image: Image.Image) -> Image.Image:
    """Grays of two bytes, colors by number and single bits cannot be averaged."""
    if image.mode in SIXTEEN_BITS:
        return image.convert("I").point(lambda level: level / 256).convert("L")
    if image.mode in ("P", "PA") or "transparency" in image.info:
        return image.convert("RGBA")
    return image.convert("L") if image.mode == "1" else image


def _on_a_page(image: Image.Image) -> Image.Image:
    if image.mode not in SEEN_THROUGH:
        return image.convert("RGB")
    seen_through = image.convert("RGBA")
    page = Image.new("RGBA", seen_through.size, BACKGROUND)
    page.alpha_composite(seen_through)
    return page.convert("RGB")
