"""What is left of a name, a number and a phone."""

import pytest

from firebreak.engine.access.masking import mask_name, mask_number, mask_phone


@pytest.mark.parametrize(("name", "masked"), [
    ("张三丰", "张*"), ("张三", "张*"), ("欧阳修文", "欧阳*"), ("欧阳", "欧*"), ("Maria Costa", "M*"), ("李", "李*"),
    ("", ""),
])
def test_name_keeps_its_family_name(name: str, masked: str) -> None:
    assert mask_name(name) == masked


@pytest.mark.parametrize(("last4", "masked"), [("1234", "****1234"), ("", "")])
def test_number_keeps_four(last4: str, masked: str) -> None:
    assert mask_number(last4) == masked


@pytest.mark.parametrize(("phone", "masked"), [
    ("13900001234", "139******34"), ("8812345", "*****45"), ("110", "*10"), ("", ""),
    ("+8613900001234", "+86*********34"),
])
def test_phone_loses_its_middle(phone: str, masked: str) -> None:
    assert mask_phone(phone) == masked
