"""Draws the logos: the curve of σ, and on it the arrow of its gradient.

    python logos/draw.py

writes logo-svg.svg, logo-64x64.png and logo-32x32.png beside this file. One description, two renderings: the SVG says
it in paths, the PNGs are computed from distances to the same lines, with NumPy and zlib alone.
"""

import struct
import zlib
from itertools import pairwise
from pathlib import Path

import numpy as np

SIZE = 64.0
CORNER = 14.0
TOP, BOTTOM = (0x4B, 0x3F, 0xA7), (0x1E, 0x1B, 0x4B)  # the background runs from violet to night
CURVE, ARROW = (0xF4, 0xF4, 0xFB), (0xFF, 0xB4, 0x54)
CURVE_WIDTH, ARROW_WIDTH = 5.0, 4.6
ACROSS, DOWN, MIDDLE = 4.4, 32.0, 37.0  # a unit of t, the height of the curve, and where it crosses one half
AT = 0.9  # where the arrow starts
FINE = 8  # subpixels a side


def on_curve(t: np.ndarray | float) -> np.ndarray:
    """Where σ(t) is drawn."""
    return np.stack([SIZE / 2 + ACROSS * t, MIDDLE - DOWN * (1 / (1 + np.exp(-t)) - 0.5)], axis=-1)


def sigma() -> np.ndarray:
    """The curve, as points from left to right; y grows downwards."""
    t = np.linspace(-5.2, 5.2, 60)
    return on_curve(t)


def arrow() -> tuple[np.ndarray, np.ndarray]:
    """Shaft and head of the tangent at one point."""
    height = 1 / (1 + np.exp(-AT))
    direction = np.array([ACROSS, -DOWN * height * (1 - height)])
    direction /= np.hypot(*direction)
    across = np.array([-direction[1], direction[0]])
    start = on_curve(AT)
    tip = start + 24 * direction
    base = tip - 9 * direction
    return np.stack([start, base]), np.stack([tip, base + 6.4 * across, base - 6.4 * across])


def distance(points: np.ndarray, line: np.ndarray) -> np.ndarray:
    """The distance of each point to a polyline."""
    nearest = np.full(points.shape[:-1], np.inf)
    for a, b in pairwise(line):
        along = np.clip((points - a) @ (b - a) / ((b - a) @ (b - a)), 0, 1)
        nearest = np.minimum(nearest, np.hypot(*np.moveaxis(points - a - along[..., None] * (b - a), -1, 0)))
    return nearest


def inside(points: np.ndarray, triangle: np.ndarray) -> np.ndarray:
    """Whether each point lies in a triangle."""
    sides = []
    for a, b in zip(triangle, np.roll(triangle, -1, axis=0), strict=True):
        edge, to_point = b - a, points - a
        sides.append(edge[0] * to_point[..., 1] - edge[1] * to_point[..., 0] >= 0)
    return np.all(sides, axis=0) | ~np.any(sides, axis=0)


def picture(pixels: int) -> np.ndarray:
    """The logo as RGBA bytes."""
    n = pixels * FINE
    axis = (np.arange(n) + 0.5) * SIZE / n
    points = np.stack(np.meshgrid(axis, axis), axis=-1)
    shade = (points[..., 1] / SIZE)[..., None]
    colour = np.asarray(TOP) * (1 - shade) + np.asarray(BOTTOM) * shade
    colour[distance(points, sigma()) <= CURVE_WIDTH / 2] = CURVE
    shaft, head = arrow()
    colour[(distance(points, shaft) <= ARROW_WIDTH / 2) | inside(points, head)] = ARROW
    to_corner = np.abs(points - SIZE / 2) - (SIZE / 2 - CORNER)
    solid = np.hypot(*np.moveaxis(np.maximum(to_corner, 0), -1, 0)) <= CORNER
    alpha = solid.reshape(pixels, FINE, pixels, FINE).mean(axis=(1, 3))
    summed = (colour * solid[..., None]).reshape(pixels, FINE, pixels, FINE, 3).mean(axis=(1, 3))
    rgb = summed / np.maximum(alpha, 1e-9)[..., None]
    return np.concatenate([rgb, 255 * alpha[..., None]], axis=-1).round().astype(np.uint8)


def png(rgba: np.ndarray) -> bytes:
    """Encode as PNG."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    height, width = rgba.shape[:2]
    rows = b"".join(b"\0" + row.tobytes() for row in rgba)
    header = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows, 9)) + chunk(b"IEND", b"")


def svg() -> str:
    """The same as SVG."""

    def path(points: np.ndarray) -> str:
        return "M" + " L".join(f"{x:.2f} {y:.2f}" for x, y in points)

    def hexed(rgb: tuple[int, int, int]) -> str:
        return "#" + "".join(f"{part:02x}" for part in rgb)

    shaft, head = arrow()
    stroke = 'fill="none" stroke-linecap="round" stroke-linejoin="round"'
    return f"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64" width="64" height="64" role="img">
  <title>fluxrepl: the curve of sigma and the arrow of its gradient</title>
  <defs>
    <linearGradient id="night" x1="0" y1="0" x2="0" y2="1">
      <stop offset="0" stop-color="{hexed(TOP)}"/>
      <stop offset="1" stop-color="{hexed(BOTTOM)}"/>
    </linearGradient>
  </defs>
  <rect width="64" height="64" rx="{CORNER:g}" fill="url(#night)"/>
  <path d="{path(sigma())}" stroke="{hexed(CURVE)}" stroke-width="{CURVE_WIDTH:g}" {stroke}/>
  <path d="{path(shaft)}" stroke="{hexed(ARROW)}" stroke-width="{ARROW_WIDTH:g}" {stroke}/>
  <path d="{path(head)}Z" fill="{hexed(ARROW)}"/>
</svg>
"""


def main() -> None:
    """Write the three files."""
    folder = Path(__file__).parent
    (folder / "logo-svg.svg").write_text(svg(), encoding="utf-8")
    for pixels in (32, 64):
        (folder / f"logo-{pixels}x{pixels}.png").write_bytes(png(picture(pixels)))


if __name__ == "__main__":
    main()
