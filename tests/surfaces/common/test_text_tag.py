"""`{% t %}`: both languages stand in the template; what is filled in is escaped."""

import pytest
from django.template import Context, Template

from firebreak.kernel.text import T, speaking


def drawn(source: str, **values: object) -> str:
    return Template("{% load firebreak_ui %}" + source).render(Context(values))


def test_text_follows_the_readers_language() -> None:
    source = '{% t "指令" "Orders" %}'
    assert drawn(source) == "指令"
    with speaking("en"):
        assert drawn(source) == "Orders"


def test_count_is_filled_with_separators_and_english_singular() -> None:
    source = '{% t "还差 {n} 人" "{n} people left" en1="{n} person left" n=n %}'
    assert drawn(source, n=2771) == "还差 2,771 人"
    with speaking("en"):
        assert drawn(source, n=2771) == "2,771 people left"
        assert drawn(source, n=1) == "1 person left"


def test_filled_name_is_escaped_once() -> None:
    source = '{% t "{who} 接手" "{who} has it" who=who %}'
    assert drawn(source, who="<b>林</b> & 黄") == "&lt;b&gt;林&lt;/b&gt; &amp; 黄 接手"


def test_filled_text_speaks_the_same_language() -> None:
    source = '{% t "交给{who}" "given to {who}" who=who %}'
    with speaking("en"):
        assert drawn(source, who=T("检测专班", "Testing task force")) == "given to Testing task force"


def test_missing_value_is_an_error_and_never_an_empty_place() -> None:
    with pytest.raises(KeyError):
        drawn('{% t "还差 {n} 人" "{n} left" m=1 %}')
