"""Ids that must not stand twice, in memory that a hundred million of them bear."""

from hashlib import blake2b

#: Bytes of a digest: that two of a billion ids share one has odds of 1 in 2 million.
KEY = 10
#: Bytes of a place. Later lines are known to be later, not which.
PLACE = 4
ENTRY = KEY + PLACE
#: Ids a bucket, on average, before the buckets are split.
FULL = 64


class Ids:
    """The ids that were met and where, in about 17 bytes each.

    Of an id a digest of 80 bits is kept, in one of as many buckets of bytes as it takes
    to find it at once.

    Examples
    --------
    >>> ids = Ids()
    >>> [ids.add(id, line) for line, id in enumerate(["a", "合", "a"], start=1)]
    [0, 0, 1]
    """

    def __init__(self) -> None:
        self.n = 0
        self._buckets = [bytearray()]

    def add(self, id: str, line: int) -> int:
        """Note an id; return the line where it stood already, 0 where it is new."""
        key = blake2b(id.encode(), digest_size=KEY).digest()
        bucket = self._buckets[self._place(key)]
        at = bucket.find(key)
        while at % ENTRY and at >= 0:  # across two entries
            at = bucket.find(key, at + 1)
        if at >= 0:
            return int.from_bytes(bucket[at + KEY : at + ENTRY], "little")
        last = 2 ** (8 * PLACE) - 1
        bucket += key + min(line, last).to_bytes(PLACE, "little")
        self.n += 1
        if self.n > FULL * len(self._buckets):
            self._split()
        return 0

    def _place(self, key: bytes) -> int:
        return int.from_bytes(key[:4], "little") % len(self._buckets)

    def _split(self) -> None:
        """Double the buckets; the entries of each go to one of two."""
        old = self._buckets
        self._buckets = [bytearray() for _ in range(2 * len(old))]
        for at, bucket in enumerate(old):
            old[at] = bytearray()
            for start in range(0, len(bucket), ENTRY):
                entry = bucket[start : start + ENTRY]
                self._buckets[self._place(bytes(entry[:KEY]))] += entry
