"""The narrowing of firmware sources: what it catches, what it leaves alone."""

import struct
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from narrow_probe import NotNarrow
from tests.tools.narrow import narrow_imports, narrowed


def run(body, **names):
    """Execute narrowed code and return its names."""
    source = f'"""Doc."""\n{body}\n'
    code = narrowed(source)
    assert code.count("\n") == source.count("\n"), "line numbers would be wrong"
    exec(compile(code, "narrowed.py", "exec"), names)
    return names


OPERATORS = ["+", "-", "*", "//", "%", "&", "|", "^"]
wide_ints = st.integers(-(2**40), 2**40)


@given(st.sampled_from(OPERATORS), wide_ints, wide_ints.filter(bool))
def test_a_result_passes_just_when_it_fits_31_bits(operator, a, b):
    truth = eval(f"a {operator} b", {"a": a, "b": b})
    if -(2**30) <= truth < 2**30:
        assert run(f"x = a {operator} b", a=a, b=b)["x"] == truth
        assert run(f"a {operator}= b", a=a, b=b)["a"] == truth
    else:
        with pytest.raises(NotNarrow):
            run(f"x = a {operator} b", a=a, b=b)
        with pytest.raises(NotNarrow):
            run(f"a {operator}= b", a=a, b=b)


def test_intermediate_results_count():
    with pytest.raises(NotNarrow):
        run("x = (a * b) // b", a=2**20, b=2**20)


def test_the_range_is_the_chips():
    assert run("x = -a", a=2**30 - 1)["x"] == 1 - 2**30
    assert run("x = ~a", a=2**30 - 1)["x"] == -(2**30)
    with pytest.raises(NotNarrow):
        run("x = -a", a=-(2**30))
    with pytest.raises(NotNarrow):
        run("x = ~a", a=2**30)


@given(st.floats(allow_nan=False), st.floats(allow_nan=False))
def test_floats_have_single_precision(a, b):
    x = run("x = a * b", a=a, b=b)["x"]
    product = a * b
    if abs(product) >= 2.0**128:
        assert abs(x) == float("inf")
    elif product == product:  # infinity times zero is not a number
        assert x == struct.unpack("f", struct.pack("f", product))[0]


def test_a_comment_lets_one_line_be_wide():
    source = "x = a * a  # wide: a time of day\ny = a - 1\n"
    assert run(source, a=2**25)["x"] == 2**50
    with pytest.raises(NotNarrow):
        run(source + "z = a * a", a=2**25)


def test_a_wide_value_is_caught_where_it_is_used_again():
    with pytest.raises(NotNarrow):
        run("x = a * a  # wide\ny = x + 1", a=2**25)


def test_everything_else_means_what_it_meant():
    body = """
from micropython import const
_C = const(1 << 4)
BIG = 1 << 40
def f(a: "int | None" = 2 - 1, *rest: int, key=3 * 4) -> "int | str":
    return [a - i for i in rest] + [key]
text = "%d of " % n + "three" * 2
nested = {k: -v for k, v in {"a": n + 1}.items()}
row = [1, 2]
row += [3]
row[n - 2] -= n * 2; after = (lambda y: y**2)(n)
if n > -1: n += 1  # comment
shown = f"{n + BIG}"
made = f(5, 1, 2)
"""
    micropython = type(sys)("micropython")
    micropython.const = lambda value: value
    sys.modules["micropython"] = micropython
    try:
        got = run(body, n=3)
    finally:
        del sys.modules["micropython"]
    assert (got["text"], got["nested"]["a"], got["row"]) == ("3 of threethree", -4, [1, -4, 3])
    assert (got["after"], got["n"], got["made"], got["shown"]) == (9, 4, [4, 3, 12], str(4 + 2**40))


def test_multi_line_expressions_and_non_ascii_text_keep_their_places():
    got = run('ä = "µs"; x = (a\n    + b\n    * 2)', a=1, b=2)
    assert (got["x"], got["ä"]) == (5, "µs")


def test_viper_code_is_left_alone():
    source = '"""Doc."""\n@micropython.viper\ndef f(a: int) -> int:\n    return a << 3\n'
    assert narrowed(source) == source


def test_what_cannot_be_narrowed_is_refused():
    with pytest.raises(ValueError, match="docstring"):
        narrowed("x = y + 1\n")
    with pytest.raises(ValueError, match="line 2"):
        narrowed('"""Doc."""\nf().x += 1\n')


def test_narrow_imports_are_checked_and_leave_no_trace():
    import rigcore.motion

    plain = rigcore.motion
    with narrow_imports(also_anew=Path("nowhere")):
        import rigcore.motion

        narrow = rigcore.motion
    import rigcore.motion

    assert rigcore.motion is plain is not narrow
    assert plain.PulseTotal(2**31).feed(2**31 - 1) == -1
    with pytest.raises(Exception, match="does not fit 31 bits"):
        narrow.PulseTotal(2**31).feed(2**31 - 1)
