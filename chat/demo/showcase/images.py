"""What a program can tell about an image from its pixels. Remote images are never fetched."""

import base64
import binascii
import io
import re
from collections import Counter
from collections.abc import Sequence

from PIL import Image, ImageStat, UnidentifiedImageError

from chat.demo.errors import ApiError

MOST_PIXELS = 24_000_000
FORMATS = ("PNG", "JPEG", "WEBP", "GIF")
SAMPLE = (64, 64)  # pixels: enough for colours
DOMINANT = 4  # colours

DATA_ADDRESS = re.compile(r"data:image/[a-z.+-]+;base64,", re.IGNORECASE)

Colour = tuple[int, int, int]

COLOURS: dict[str, Colour] = {
    "black": (0, 0, 0), "dark grey": (70, 70, 70), "grey": (128, 128, 128), "light grey": (200, 200, 200),
    "white": (255, 255, 255), "red": (220, 30, 30), "dark red": (120, 0, 0), "orange": (255, 140, 0),
    "brown": (130, 80, 40), "beige": (235, 220, 190), "yellow": (250, 230, 40), "olive": (120, 120, 0),
    "green": (40, 170, 60), "dark green": (0, 80, 20), "light green": (150, 230, 150), "teal": (0, 128, 128),
    "cyan": (60, 220, 230), "light blue": (160, 205, 240), "blue": (30, 80, 220), "navy": (10, 20, 100),
    "purple": (128, 40, 160), "lavender": (200, 180, 235), "magenta": (230, 40, 200), "pink": (255, 180, 200),
}  # fmt: skip


def describe(address: str) -> str:
    """A paragraph about the image. Raises ApiError for what is no image, or too large a one."""
    prefix = DATA_ADDRESS.match(address)
    if prefix is None:
        if address.startswith("data:"):
            raise refused("is no image in base64")
        return "One image is a remote address. It was **not fetched**: send the image itself instead."
    try:
        content = base64.b64decode(address[prefix.end() :], validate=True)
    except (binascii.Error, ValueError):
        raise refused("is not valid base64") from None
    return sentences(content)


def sentences(content: bytes) -> str:
    try:
        with Image.open(io.BytesIO(content), formats=FORMATS) as image:
            check_size(image.size)
            kind, size = image.format, image.size
            sample = small_copy(image)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise too_many_pixels() from None
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError):
        raise refused(f"cannot be read as {', '.join(FORMATS)}") from None
    width, height = size
    mean = mean_colour(sample)
    return (
        f"A {kind} image of {width} × {height} pixels ({len(content):,} bytes), {shape(width, height)}. "
        f"It is {light(mean)}, and {nearest(mean)} on the whole. Most of it is {dominant(sample)}."
    )


def check_size(size: tuple[int, int]) -> None:
    if size[0] * size[1] > MOST_PIXELS:
        raise too_many_pixels()


def small_copy(image: Image.Image) -> Image.Image:
    """Without transparency: what shines through is white, as on a page."""
    image.draft("RGB", SAMPLE)  # lets JPEG decode at a fraction of the size
    image.thumbnail(SAMPLE)
    opaque = Image.new("RGBA", image.size, "white")
    opaque.alpha_composite(image.convert("RGBA"))
    return opaque.convert("RGB")


def mean_colour(sample: Image.Image) -> Colour:
    red, green, blue = ImageStat.Stat(sample).mean
    return round(red), round(green), round(blue)


def dominant(sample: Image.Image) -> str:
    """The names of the main colours with their parts, the largest first."""
    few = sample.quantize(colors=DOMINANT * 2).convert("RGB").tobytes()
    pixels = [few[at : at + 3] for at in range(0, len(few), 3)]
    parts: Counter[str] = Counter()
    for pixel, count in Counter(pixels).items():
        parts[nearest(pixel)] += count
    return ", ".join(f"{name} ({count / len(pixels):.0%})" for name, count in parts.most_common(DOMINANT))


def nearest(colour: Sequence[int]) -> str:
    return min(
        COLOURS, key=lambda name: sum((a - b) ** 2 for a, b in zip(colour, COLOURS[name], strict=True))
    )


def light(colour: Colour) -> str:
    red, green, blue = colour
    brightness = (0.299 * red + 0.587 * green + 0.114 * blue) / 255
    word = "dark" if brightness < 0.35 else "bright" if brightness > 0.65 else "of medium brightness"
    return f"{word} ({brightness:.0%})"


def shape(width: int, height: int) -> str:
    if width == height:
        return "square"
    long, short = max(width, height), min(width, height)
    return f"{'wide' if width > height else 'tall'} ({long / short:.2f} to 1)"


def refused(why: str) -> ApiError:
    return ApiError(f"An image in `messages` {why}.", param="messages", code="invalid_image")


def too_many_pixels() -> ApiError:
    return refused(f"has more than {MOST_PIXELS // 1_000_000} million pixels")
