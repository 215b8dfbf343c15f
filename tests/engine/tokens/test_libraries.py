from __future__ import annotations

import pytest

from assay.engine.tokens.chat import render
from assay.engine.tokens.library import guarded, load
from assay.errors import ModelError, UsageError
from tests.engine.files.mutations import assert_one_line

pytest.importorskip("jinja2", reason="jinja2 is not installed; pip install 'assay[llm]'")


def test_templates_have_what_they_count_on() -> None:
    template = (
        "{% generation %}{{ messages | tojson }}{% endgeneration %}{% for n in range(9) %}"
        "{% if n == 2 %}{% break %}{% endif %}{{ n }}{% endfor %}{{ strftime_now('%Y')[:2] }}"
    )
    assert render(template, [{"content": "<é>"}], {}, "x") == '[{"content": "<é>"}]0120'


@pytest.mark.parametrize(
    ("template", "what"),
    [
        ("{{ raise_exception('roles must alternate') }}", "roles must alternate"),
        ("{{ ''.__class__.__mro__ }}", "unsafe"),
        ("{{ messages.append(1) }}", "is unsafe"),
        ("{% for n in range(10**9) %}{% endfor %}", "range"),
        ("{{ 'x' * 10**12 }}", "a value would be too large"),
        ("{{ 9 ** 99999 }}", "a value would be too large"),
        ("{% if %}", "the chat template fails"),
        ("x" * 2_000_000, "is none"),
    ],
)
def test_templates_can_do_no_harm(template: str, what: str) -> None:
    with pytest.raises(ModelError) as caught:
        render(template, [], {}, "tokenizer_config.json")
    assert what in str(caught.value)
    assert_one_line(str(caught.value))


def test_a_panic_of_a_library_is_an_error_of_ours() -> None:
    class PanicException(BaseException):
        pass

    def fail() -> None:
        raise PanicException("index\nout of bounds")

    with pytest.raises(ModelError, match=r"x: not a tokenizer: index out of bounds; download"):
        guarded(fail, "x", "not a tokenizer")
    with pytest.raises(UsageError, match="choose one of: templating, tokenizing"):
        load("x")
