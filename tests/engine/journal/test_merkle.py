"""The tree hash agrees with its definition."""

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firebreak.engine.journal.merkle import leaf_hash, node_hash, root_by_definition, root_of


def test_empty_tree_is_the_hash_of_nothing() -> None:
    assert root_of([]) == sha256(b"").digest()


@pytest.mark.one_database
@given(st.lists(st.binary(min_size=32, max_size=32), max_size=70))
def test_one_pass_equals_the_recursive_definition(leaves: list[bytes]) -> None:
    assert root_of(leaves) == root_by_definition(leaves)


def test_a_leaf_never_equals_a_node() -> None:
    left, right = leaf_hash(b"a"), leaf_hash(b"b")
    assert leaf_hash(left + right) != node_hash(left, right)
