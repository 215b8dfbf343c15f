"""The brace scanner finds functions as a reader does, and names the long ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.checks.planting import found_by, plant, the_only
from tools.cpp_sizes import functions, violations

BODY = "".join(f"  x += {number};\n" for number in range(60))
LONG = f"int long_one(int x) {{\n{BODY}  return x;\n}}\n"
SHORT = "int short_one(int x) { return x; }\n"

TRICKY = r"""
#define OPEN {
namespace assay { namespace {
// a comment with { and "
/* another { */
const char* text = "{ \" {";
const char* raw = R"x({ " )y" )x";
constexpr char brace = '{';
constexpr long grouped = 1'000'000;
template <class T, int N = (1 > 0)>
class alignas(64) Box : public Base<T> {
 public:
  Box(int a) : a_{a}, b_{a + 1} {
    if (a) { b_ = 2; }
  }
  int get() const noexcept { return a_; }
  struct Inner { int x{3}; };
 private:
  int a_{0}, b_;
};
enum class Color : int { red, green };
template <typename T> requires std::integral<T>
auto twice(T x) -> T {
  auto lambda = [](int y) { return y; };
  return lambda(x) * 2;
}
constexpr int table[] = {1, 2, 3};
}  // namespace
extern "C" {
int visible(void) { return 1; }
}
}
"""


def test_functions_are_found_among_what_looks_like_them() -> None:
    assert [function.name for function in functions(TRICKY)] == ["Box", "get", "twice", "visible"]


def test_a_function_ends_where_its_body_ends() -> None:
    lines = {function.name: function.lines for function in functions(TRICKY)}
    assert lines == {"Box": 3, "get": 1, "twice": 4, "visible": 1}


def test_short_functions_pass(tmp_path: Path) -> None:
    plant(tmp_path, {"native/core/short.cpp": SHORT * 40})
    assert found_by(violations, tmp_path) == set()


@pytest.mark.parametrize("file", ["native/core/long.cpp", "native/core/long.hpp", "native/kernels/gemm/reference.cpp"])
def test_a_long_function_is_named(tmp_path: Path, file: str) -> None:
    plant(tmp_path, {file: SHORT + LONG})
    assert the_only(found_by(violations, tmp_path)).startswith(f"{file}:2: long_one has 63 lines")


@pytest.mark.parametrize(
    "head",
    [
        "const auto planted = [](int x) {",
        "const auto planted = [] {",
        "auto planted = [&](int x) mutable noexcept -> int {",
        "struct Box {\n  std::function<void()> planted = [this] {",
        "inline constexpr auto planted = []<class T>(T x) {",
    ],
)
def test_a_long_lambda_outside_functions_is_named(tmp_path: Path, head: str) -> None:
    end = "};\n};\n" if head.startswith("struct") else "};\n"
    plant(tmp_path, {"native/core/planted.hpp": f"{head}\n{BODY}{end}"})
    assert "has 62 lines" in the_only(found_by(violations, tmp_path))


def test_a_long_lambda_makes_the_function_around_it_long(tmp_path: Path) -> None:
    plant(tmp_path, {"native/core/planted.cpp": f"int around() {{\n  auto f = [] {{\n{BODY}  }};\n  return f();\n}}\n"})
    assert "around has" in the_only(found_by(violations, tmp_path))


def test_a_long_macro_is_named(tmp_path: Path) -> None:
    plant(tmp_path, {"native/core/planted.hpp": "#define PLANTED(x) \\\n" + BODY.replace(";\n", "; \\\n") + "  x\n"})
    assert "macro PLANTED has 62 lines" in the_only(found_by(violations, tmp_path))


@pytest.mark.parametrize("file", ["bench/pool/planted.cpp", "native/core/planted.cu", "native/build/planted.c"])
def test_a_long_function_is_named_wherever_it_stands(tmp_path: Path, file: str) -> None:
    plant(tmp_path, {file: LONG})
    assert "long_one has 63 lines" in the_only(found_by(violations, tmp_path))


def test_a_scheduled_kernel_may_be_long_alone(tmp_path: Path) -> None:
    plant(tmp_path, {"native/kernels/gemm/avx2.cpp": LONG})
    assert found_by(violations, tmp_path) == set()


def test_two_long_kernels_in_one_file_are_named(tmp_path: Path) -> None:
    plant(tmp_path, {"native/kernels/gemm/avx2.cpp": LONG + LONG.replace("long_one", "long_two")})
    assert len(found_by(violations, tmp_path)) == 2
