"""Strangers' bytes become a small picture or are refused, with a reason and nothing else."""

import random

import pytest
from PIL import Image

from domain.images import ImageRefused, Refusal
from ml.vision.pictures import ENOUGH, OF_A_CAMERA, read_picture
from tests.hostile_pictures import (
    HTML,
    SVG,
    bomb,
    claiming,
    drawing,
    encoded,
    scanned,
    wide_canvas,
)


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP", "GIF"])
def test_the_usual_formats_are_read(form: str) -> None:
    picture = read_picture(drawing(form))
    assert (picture.mode, picture.size) == ("RGB", (640, 480))


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", Refusal.FORMAT),
        (SVG, Refusal.FORMAT),
        (HTML, Refusal.FORMAT),
        (b"%PDF-1.7", Refusal.FORMAT),
        (drawing("BMP"), Refusal.FORMAT),
        (drawing("TIFF"), Refusal.FORMAT),
        (drawing("ICO"), Refusal.FORMAT),
        (b"\x89PNG\r\n\x1a\n", Refusal.FORMAT),
        (drawing()[:2_000], Refusal.BROKEN),
        (drawing("JPEG")[:6_000], Refusal.BROKEN),
        (drawing("WEBP")[:1_000], Refusal.BROKEN),
        (drawing("GIF")[:2_000], Refusal.BROKEN),
        (bomb(5_000, 5_000), Refusal.PIXELS),
        (bomb(11_000, 11_000), Refusal.PIXELS),  # Pillow warns
        (bomb(30_000, 30_000), Refusal.PIXELS),  # Pillow refuses
        (claiming(2_000_000_000, 2_000_000_000), Refusal.PIXELS),
        (claiming(100, 100), Refusal.BROKEN),
        (wide_canvas(), Refusal.PIXELS),
        (scanned(250_000), Refusal.PIXELS),  # twenty minutes, were they spent
    ],
)
def test_what_cannot_be_looked_at_is_refused(content: bytes, reason: Refusal) -> None:
    with pytest.raises(ImageRefused) as refused:
        read_picture(content)
    assert refused.value.reason is reason


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP", "GIF"])
def test_damaged_pictures_are_read_or_refused(form: str) -> None:
    draw = random.Random(form)
    for _ in range(60):
        content = bytearray(drawing(form))
        for _ in range(draw.randint(1, 20)):
            content[draw.randrange(len(content))] = draw.randrange(256)
        try:
            picture = read_picture(bytes(content))
        except ImageRefused:
            continue
        assert picture.mode == "RGB"
        assert picture.width * picture.height <= OF_A_CAMERA


def test_of_a_moving_picture_the_first_frame_is_seen() -> None:
    frames = [Image.new("RGB", (20, 10), color) for color in ("red", "blue")]
    moving = encoded(frames[0], "GIF", save_all=True, append_images=frames[1:])
    assert read_picture(moving).getpixel((0, 0)) == (255, 0, 0)


@pytest.mark.parametrize("mode", ["RGBA", "LA"])
def test_what_cannot_be_seen_does_not_count(mode: str) -> None:
    clear = Image.new(mode, (20, 10), 0)
    assert read_picture(encoded(clear)).getpixel((0, 0)) == (255, 255, 255)


def test_grays_of_two_bytes_keep_their_levels() -> None:
    gray = Image.new("I;16", (20, 10), 128 * 256)
    assert read_picture(encoded(gray)).getpixel((0, 0)) == (128, 128, 128)


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP"])
def test_large_pictures_are_made_smaller(form: str) -> None:
    large = Image.new("RGB", (4_000, 2_000), "green")
    picture = read_picture(encoded(large, form))
    assert ENOUGH <= min(picture.size) < 2 * ENOUGH


def test_the_largest_pictures_are_read_in_the_format_of_cameras_alone() -> None:
    large = Image.new("RGB", (4_096, 3_072), "green")
    assert min(read_picture(encoded(large, "JPEG")).size) >= ENOUGH
    for form in ("PNG", "WEBP", "GIF"):
        with pytest.raises(ImageRefused, match="pixels"):
            read_picture(encoded(large, form))


def test_a_turned_picture_is_seen_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # a quarter to the right
    turned = encoded(Image.new("RGB", (60, 40)), "JPEG", exif=exif)
    assert read_picture(turned).size == (40, 60)
