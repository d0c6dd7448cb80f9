"""Merkle tree hash as in RFC 6962, section 2.1: leaves and nodes are hashed with different prefixes.

Pure; used when sealing and when verifying the files without a database.
"""

from collections.abc import Iterable, Sequence
from hashlib import sha256


def leaf_hash(content: bytes) -> bytes:
    """Hash of one leaf."""
    return sha256(b"\x00" + content).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash of an inner node."""
    return sha256(b"\x01" + left + right).digest()


def root_of(leaves: Iterable[bytes]) -> bytes:
    """Root over leaf hashes, kept as a stack of full subtrees; an empty tree is the hash of nothing.

    Equal to the recursive definition (split at the largest power of two below n) in one pass.
    """
    stack: list[tuple[int, bytes]] = []
    for leaf in leaves:
        size, digest = 1, leaf
        while stack and stack[-1][0] == size:
            left_size, left = stack.pop()
            size, digest = size + left_size, node_hash(left, digest)
        stack.append((size, digest))
    if not stack:
        return sha256(b"").digest()
    _, root = stack.pop()
    while stack:
        _, left = stack.pop()
        root = node_hash(left, root)
    return root


def root_by_definition(leaves: Sequence[bytes]) -> bytes:
    """The recursive definition of the RFC; tests compare `root_of` with it."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    split = 1 << ((len(leaves) - 1).bit_length() - 1)
    return node_hash(root_by_definition(leaves[:split]), root_by_definition(leaves[split:]))
