"""Distances on the globe."""

import math

_EARTH_DIAMETER_KM = 12742
KM_PER_DEGREE = _EARTH_DIAMETER_KM * math.pi / 360
"""Length of one degree of latitude, kilometres."""


def kilometres(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Return the great-circle distance between two points in kilometres.

    The haversine formula: it takes the earth for a sphere, which is wrong by about half a per cent.

    Args:
        a: latitude and longitude in degrees.
        b: latitude and longitude in degrees.
    """
    latitude_a, longitude_a = math.radians(a[0]), math.radians(a[1])
    latitude_b, longitude_b = math.radians(b[0]), math.radians(b[1])
    haversine = (
        math.sin((latitude_b - latitude_a) / 2) ** 2
        + math.cos(latitude_a) * math.cos(latitude_b) * math.sin((longitude_b - longitude_a) / 2) ** 2
    )
    return _EARTH_DIAMETER_KM * math.asin(min(1.0, math.sqrt(haversine)))
