"""Distances on the globe."""

import math

_DIAMETER_KM = 12742
KM_PER_DEGREE = _DIAMETER_KM * math.pi / 360


def kilometres(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Return the great-circle distance of two points (latitude, longitude in degrees), in kilometres."""
    la1, lo1 = math.radians(a[0]), math.radians(a[1])
    la2, lo2 = math.radians(b[0]), math.radians(b[1])
    h = math.sin((la2 - la1) / 2) ** 2 + math.cos(la1) * math.cos(la2) * math.sin((lo2 - lo1) / 2) ** 2
    return _DIAMETER_KM * math.asin(min(1.0, math.sqrt(h)))
