"""What is journaled of pictures: what they are of, and the digest that shows a picture was never changed."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PictureKept:
    """A picture was kept as proof."""

    digest: str
    size_bytes: int


@dataclass(frozen=True, slots=True)
class PicturesErased:
    """Pictures of a response were erased; their digests stay."""

    pictures: int
