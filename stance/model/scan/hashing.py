"""Strings as 64-bit numbers, and look-up by them, for a whole batch at once in numpy.

A token is never made a Python string here: its key is read from the codes of the
batch, eight bytes at a time. Keys and places in a table depend on multipliers that are
drawn anew in each process, so that nobody can write a text whose tokens collide. No
result depends on them.
"""

import os
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.signedinteger]
Keys = NDArray[np.uint64]
#: The key of a longer stretch is taken by `hashlib`, one at a time.
MAX_KEYED = 64
_MASKS = np.array([(1 << 8 * n) - 1 for n in range(9)], np.uint64)
_SECRET = os.urandom(16)
_ODD = [np.uint64(int.from_bytes(os.urandom(8), "little") | 1) for _ in range(4)]


def mix(key: Keys, more: Keys | np.uint64) -> Keys:
    """Return keys of pairs, from a key of each part.

    Examples
    --------
    >>> one, two = np.array([1, 2], np.uint64), np.array([2, 1], np.uint64)
    >>> bool((mix(one, two) == mix(two, one)).any())
    False
    """
    spread = key * _ODD[0]
    return ((spread ^ (spread >> np.uint64(29))) * _ODD[1]) ^ more


def keys_of(codes: NDArray[np.unsignedinteger], start: Ints, size: Ints) -> Keys:
    """Return a 64-bit key of each stretch of a batch's codes.

    Parameters
    ----------
    codes : ndarray of uint8 or uint32, shape (n,)
        Padded at the end with eight bytes or more that belong to no stretch.
    start, size : ndarray, shape (n_stretches,)
        In characters, size above 0.

    Returns
    -------
    ndarray of uint64
        Up to eight bytes (eight or two characters) the key is the stretch itself;
        longer ones are mixed, and differ but for one chance in 2**60 or so a pair.
    """
    width = codes.itemsize
    step = 8 // width
    block = np.ndarray(
        len(codes) - step + 1, np.dtype("<u8"), codes, strides=(width,)
    )  # every eight bytes, wherever they begin
    key = block.take(start)
    key &= _MASKS.take(np.minimum(size, step) * width)
    more = np.flatnonzero(size > step)
    at = step
    while len(more) and at < MAX_KEYED:
        left = size[more] - at
        tail = block[start[more] + at] & _MASKS[np.minimum(left, step) * width]
        key[more] = mix(key[more], tail)
        more = more[left > step]
        at += step
    for i in more.tolist():
        raw = codes[start[i] : start[i] + size[i]].tobytes()
        key[i] = int.from_bytes(blake2b(raw, digest_size=8, key=_SECRET).digest())
    return key


class Table:
    """A hash table in two arrays: from 64-bit keys to numbers, by open addressing.

    The key 0 marks a free slot; no stretch of text has it.

    Parameters
    ----------
    n : int
        How many keys are expected; the table grows beyond.

    Examples
    --------
    >>> table = Table(2)
    >>> table.add(np.array([5, 7], np.uint64), np.array([0, 1]))
    >>> table.find(np.array([7, 6], np.uint64)).tolist()
    [1, -1]
    """

    def __init__(self, n: int) -> None:
        self.n = 0
        self._clear(n)

    def _clear(self, n: int) -> None:
        self.bits = max(8, int(4 * n).bit_length())
        self.keys = np.zeros(1 << self.bits, np.uint64)
        self.values = np.full(1 << self.bits, -1, np.int32)

    def _slot(self, keys: Keys) -> Ints:
        slots: Ints = (keys * _ODD[2] >> np.uint64(64 - self.bits)).view(np.int64)
        return slots

    def add(self, keys: Keys, values: Ints) -> None:
        """Add distinct keys that are not in the table."""
        if 4 * (self.n + len(keys)) > len(self.keys):
            old, at = self.keys, self.values
            self._clear(2 * (self.n + len(keys)))
            full = np.flatnonzero(old)
            self._insert(old[full], at[full])
        self.n += len(keys)
        self._insert(keys, values)

    def _insert(self, keys: Keys, values: Ints) -> None:
        slot = self._slot(keys)
        while len(keys):
            free = self.keys[slot] == 0
            self.keys[slot[free]] = keys[free]
            won = free & (self.keys[slot] == keys)
            self.values[slot[won]] = values[won]
            keys, values = keys[~won], values[~won]
            slot = (slot[~won] + 1) & (len(self.keys) - 1)

    def find(self, keys: Keys) -> NDArray[np.int32]:
        """Return the value of each key, -1 for one that is not there."""
        hit, values = self.hits(keys)
        if len(hit) == len(keys):
            return values
        found = np.full(len(keys), -1, np.int32)
        found[hit] = values
        return found

    def hits(self, keys: Keys) -> tuple[Ints, NDArray[np.int32]]:
        """Return which keys are there, in order, and their values."""
        slot = self._slot(keys)
        seen = self.keys.take(slot)
        same = seen == keys
        todo = np.flatnonzero((seen != 0) > same)  # another key lies there
        while len(todo):
            slot[todo] = next_ = (slot.take(todo) + 1) & (len(self.keys) - 1)
            seen = self.keys.take(next_)
            same[todo] = is_it = seen == keys.take(todo)
            todo = todo.take(np.flatnonzero((seen != 0) > is_it))
        hit = np.flatnonzero(same)
        return hit, self.values.take(slot.take(hit))


def first_equal(keys: Keys) -> Ints:
    """Return for each key the place of a key equal to it, the same for all of them.

    Keys are thrown into a small table and fetched again: where another one lies there,
    they are thrown once more by another multiplier. No sort is needed.

    Examples
    --------
    >>> at = first_equal(np.array([4, 9, 4, 4], np.uint64))
    >>> bool(at[0] == at[2] == at[3] != at[1])
    True
    """
    n = len(keys)
    shift = np.uint64(64 - max(8, int(2 * n).bit_length()))
    slots = np.empty(1 << (64 - int(shift)), np.int32)
    places = np.arange(n, dtype=np.int32)
    slot = (keys * _ODD[3] >> shift).view(np.int64)
    slots[slot] = places
    found: Ints = slots.take(slot).astype(np.int64)
    todo = np.flatnonzero(keys.take(found) != keys)
    throw = 3
    while len(todo):
        left = keys.take(todo)
        odd = np.uint64(int(_ODD[3]) * throw % 2**64)
        slot = (left * odd >> shift).view(np.int64)
        slots[slot] = places.take(todo)
        found[todo] = there = slots.take(slot)
        todo = todo.take(np.flatnonzero(keys.take(there) != left))
        throw += 2
    return found
