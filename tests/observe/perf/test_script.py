from __future__ import annotations

from assay.observe.perf.script import NativeSample, read_script

LIBPYTHON, LIBC = "/opt/lib/libpython3.11.so.1.0", "/usr/lib/libc.so.6"
TEXT = f"""
 3359/3360  13203.974334153:\x20
\t          16d9fd __memmove_avx_unaligned ({LIBC})
\t          1837b5 list_ass_slice ({LIBPYTHON})
\t          183d78 list_pop ({LIBPYTHON})
\tffffffffffffffff [unknown] ([unknown])

 3359/3359  13203.000000001:\x20
\t          100575 _PyEval_EvalFrameDefault ({LIBPYTHON})
\t          158b48 PyObject_CallOneArg ({LIBPYTHON})

 3359/3359  13204.105034372:\x20
\tffffffff8156bde5 clear_page ([kernel.kallsyms])
\tffffffff8156f740 handle_mm_fault ([kernel.kallsyms])
\t            7f1a operator()(int; char) const (/opt/my app (2)/lib.so)
\t          100575 _PyEval_EvalFrameDefault ({LIBPYTHON})
\t          158b48 PyObject_CallOneArg ({LIBPYTHON})

 3359/3359  13204.2:\x20
\t          100575 _PyEval_EvalFrameDefault ({LIBPYTHON})

 3359/3359  13205.000000000:\x20
\t            beef [unknown] (/opt/stripped)
\t            100 main (/opt/stripped)

 3359/3359  13206.000000000:\x20
\t            beef cut_off (/opt/strip"""


def test_a_sample_is_its_leaf_and_the_callers_up_to_the_interpreter() -> None:
    samples = list(read_script(TEXT.splitlines(keepends=True)))
    assert samples == [
        NativeSample(13203_974334153, 3359, 3360, "__memmove_avx_unaligned", LIBC, "list_ass_slice;list_pop"),
        NativeSample(13203_000000001, 3359, 3359, "_PyEval_EvalFrameDefault", LIBPYTHON, None),
        NativeSample(
            13204_105034372,
            3359,
            3359,
            "clear_page",
            "[kernel]",
            "handle_mm_fault;operator()(int: char) const;_PyEval_EvalFrameDefault",
        ),
        NativeSample(13205_000000000, 3359, 3359, "[0xbeef]", "/opt/stripped", "main"),
    ]


def test_of_the_kernels_callers_the_nearest_and_its_way_in_are_kept() -> None:
    kernel = [f"\tffffffff8156bde{number:x} inner_{number} ([kernel.kallsyms])" for number in range(10)]
    entry = "\tffffffff82000b22 asm_exc_page_fault ([kernel.kallsyms])"
    text = [" 1/1  5.000000000: ", *kernel, entry, f"\t 1 memmove ({LIBC})", f"\t 2 concat ({LIBPYTHON})", ""]
    [sample] = read_script(text)
    assert sample.symbol == "inner_0"
    assert sample.callers == "inner_1;inner_2;inner_3;asm_exc_page_fault;memmove;concat"


def test_callers_beyond_one_without_a_name_are_not_believed() -> None:
    text = f" 1/1  5.000000000: \n\t 1 leaf ({LIBC})\n\t 2 [unknown] ({LIBC})\n\t 3 main ({LIBC})\n\n"
    assert next(read_script(text.splitlines())).callers is None


def test_text_of_another_kind_gives_nothing() -> None:
    assert list(read_script(["", "perf: warning", "\t beef main (/x)", "", "x/y 1.5:"])) == []


def test_addresses_of_the_kernel_are_named_where_perf_was_told_not_to() -> None:
    text = " 1/1  13203.000000001:\n\tffffffff8156bde5 [unknown] ([kernel.kallsyms])\n\t  10 [unknown] (/opt/own)\n\n"
    [sample] = read_script(text.splitlines(keepends=True), lambda address: f"at {address & 0xFFF:x}")
    assert (sample.symbol, sample.library, sample.callers) == ("at de5", "[kernel]", None)
    [sample] = read_script(text.splitlines(keepends=True))
    assert sample.symbol == "[0xffffffff8156bde5]"
