"""The arrays of a model folder: read with nothing in them trusted."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: The members of ``arrays.npz`` and their types, little-endian.
MEMBERS = {
    "idf": "<f8",
    "n_texts": "<u8",
    "coef": "<f8",
    "intercept": "<f8",
    "calibration": "<f8",
    "seen": "<u8",
}


def read_arrays(data: bytes) -> dict[str, NDArray[np.float64]]:
    """Read an .npz: members stored, each once, no object, no more than is there."""
    arrays: dict[str, NDArray[np.float64]] = {}
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = archive.infolist()
        if sorted(m.filename for m in members) != sorted(f"{n}.npy" for n in MEMBERS):
            raise ValueError("its members are not those of a model")
        for member in members:
            if member.compress_type != zipfile.ZIP_STORED or member.file_size > len(
                data
            ):
                raise ValueError(f"{member.filename} is compressed")
            raw = archive.read(member)
            stream = io.BytesIO(raw)
            if np.lib.format.read_magic(stream) != (1, 0):
                raise ValueError(f"{member.filename} has an unknown version")
            shape, fortran, dtype = np.lib.format.read_array_header_1_0(stream)
            name = member.filename.removesuffix(".npy")
            body = raw[stream.tell() :]
            count = len(body) // 8
            if dtype.str != MEMBERS[name] or fortran or len(body) % 8:
                raise ValueError(f"{name} has type {dtype.str}")
            array = np.frombuffer(body, dtype=dtype)
            if any(size < 0 or size > count for size in shape):
                raise ValueError(f"{name} has shape {shape} for {count} numbers")
            arrays[name] = array.reshape(shape)
    return arrays


def check_shapes(arrays: dict[str, NDArray[np.float64]], total: int, n: int) -> None:
    """Raise unless every array has the shape of so many terms and labels."""
    shapes = {
        "idf": (total,),
        "n_texts": (total,),
        "coef": (n, total),
        "intercept": (n,),
        "calibration": (1, 1) if arrays["calibration"].size == 1 else (n, 2),
    }
    for name, shape in shapes.items():
        if arrays[name].shape != shape or not np.isfinite(arrays[name]).all():
            raise ValueError(f"{name} has shape {arrays[name].shape}, or is not finite")
    if arrays["seen"].ndim != 1:
        raise ValueError(f"seen has shape {arrays['seen'].shape}")
