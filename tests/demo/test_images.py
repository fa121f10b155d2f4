import base64
import io
import zlib

import pytest
from PIL import Image

from chat.demo.errors import ApiError
from chat.demo.showcase.images import MOST_PIXELS, describe
from tests.demo.conftest import Client


def address(image: Image.Image, kind: str = "PNG") -> str:
    file = io.BytesIO()
    image.save(file, kind)
    return data(file.getvalue(), kind)


def data(content: bytes, kind: str = "png") -> str:
    return f"data:image/{kind.lower()};base64,{base64.b64encode(content).decode()}"


def bomb(width: int, height: int) -> bytes:
    """A PNG of a few bytes that claims this size."""
    head = b"IHDR" + width.to_bytes(4) + height.to_bytes(4) + b"\x08\x02\x00\x00\x00"
    chunks = [head, b"IDAT" + zlib.compress(b""), b"IEND"]
    framed = (len(c[4:]).to_bytes(4) + c + zlib.crc32(c).to_bytes(4) for c in chunks)
    return b"\x89PNG\r\n\x1a\n" + b"".join(framed)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF"])
def test_size_and_format_are_told(kind: str) -> None:
    said = describe(address(Image.new("RGB", (300, 200), "navy"), kind))
    assert f"A {kind} image of 300 × 200 pixels" in said
    assert "wide (1.50 to 1)" in said


@pytest.mark.parametrize(
    ("colour", "name", "light"),
    [
        ((220, 30, 30), "red", "dark"),
        ((255, 255, 255), "white", "bright (100%)"),
        ((0, 0, 0), "black", "dark (0%)"),
        ((30, 80, 220), "blue", "dark"),
        ((128, 128, 128), "grey", "of medium brightness (50%)"),
    ],
)
def test_the_mean_colour_and_brightness_are_told(colour: tuple[int, int, int], name: str, light: str) -> None:
    said = describe(address(Image.new("RGB", (9, 9), colour)))
    assert f"{name} on the whole" in said
    assert light in said
    assert "square" in said


def test_dominant_colours_are_told_with_their_parts() -> None:
    image = Image.new("RGB", (40, 40), (220, 30, 30))
    image.paste((30, 80, 220), (0, 0, 40, 10))
    assert describe(address(image)).endswith("Most of it is red (75%), blue (25%).")


def test_transparency_is_white() -> None:
    assert "white (100%)" in describe(address(Image.new("RGBA", (5, 5), (0, 0, 0, 0))))


@pytest.mark.parametrize("mode", ["1", "L", "P", "LA", "I;16", "CMYK"])
def test_every_kind_of_pixel_is_read(mode: str) -> None:
    kind = "JPEG" if mode == "CMYK" else "PNG"
    assert "pixels" in describe(address(Image.new(mode, (8, 4)), kind))


def test_a_remote_image_is_not_fetched(client: Client) -> None:
    parts = [{"type": "image_url", "image_url": {"url": "https://example.org/a.png"}}]
    response = client.show(messages=[{"role": "user", "content": parts}])
    assert "**not fetched**" in response.json()["choices"][0]["message"]["content"]


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ("data:text/html;base64,AAAA", "no image"),
        ("data:image/png,AAAA", "no image"),
        ("data:image/png;base64,!!!!", "base64"),
        ("data:image/png;base64,é", "base64"),
        (data(b"no image"), "cannot be read"),
        (data(b""), "cannot be read"),
        (data(bomb(5, 5)), "cannot be read"),
        (data(bomb(MOST_PIXELS // 1000 + 1, 1000)), "million pixels"),
        (data(bomb(10_000, 10_000)), "million pixels"),
        (data(bomb(60_000, 60_000)), "million pixels"),
    ],
)
def test_what_is_no_image_or_too_large_a_one_is_refused(wrong: str, why: str) -> None:
    with pytest.raises(ApiError, match=why) as refused:
        describe(wrong)
    assert refused.value.status == 400
    assert refused.value.param == "messages"


def test_too_many_images_are_refused(client: Client) -> None:
    parts = [{"type": "image_url", "image_url": "https://example.org/a.png"}] * 9
    assert client.show(messages=[{"role": "user", "content": parts}]).status_code == 400
