#include "assay/kernels/elementwise.h"

#include <doctest/doctest.h>

#include <bit>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <random>
#include <vector>

namespace assay {
namespace {

constexpr DType REALS[] = {DType::boolean, DType::i8,  DType::i16, DType::i32, DType::i64, DType::u8,
                           DType::u16,     DType::u32, DType::u64, DType::f32, DType::f64};
constexpr Rung RUNGS[] = {Rung::avx2, Rung::avx512};
constexpr std::int64_t COUNT = 133;

// Bytes of any pattern are numbers of every type but bool.
std::vector<double> noise(DType type, unsigned seed) {
  std::mt19937_64 generator(seed);
  std::vector<double> memory(2 * COUNT);
  for (double& word : memory) {
    const std::uint64_t bits = type == DType::boolean ? generator() & 0x0101010101010101U : generator();
    word = std::bit_cast<double>(bits);
  }
  return memory;
}

const std::byte* bytes_of(const std::vector<double>& memory) {
  return reinterpret_cast<const std::byte*>(memory.data());
}

bool runs_here(Rung rung) { return needs(rung) <= detected_isa(); }

// How many numbers of its type lie between two; NaN may carry any payload.
template <class T, class Bits>
std::int64_t apart(const std::byte* a, const std::byte* b) {
  T x = 0;
  T y = 0;
  std::memcpy(&x, a, sizeof x);
  std::memcpy(&y, b, sizeof y);
  if (std::memcmp(a, b, sizeof x) == 0 || (x != x && y != y)) {
    return 0;
  }
  const auto distance =
      static_cast<std::int64_t>(std::bit_cast<Bits>(x)) - static_cast<std::int64_t>(std::bit_cast<Bits>(y));
  return x != x || y != y || std::signbit(x) != std::signbit(y) ? INT64_MAX : std::abs(distance);
}

bool same(const std::byte* a, const std::byte* b, DType type, std::int64_t tolerance) {
  if (type == DType::f32) {
    return apart<float, std::uint32_t>(a, b) <= tolerance;
  }
  if (type == DType::f64) {
    return apart<double, std::uint64_t>(a, b) <= tolerance;
  }
  return std::memcmp(a, b, static_cast<std::size_t>(size_of(type))) == 0;
}

void check_same(const std::vector<double>& a, const std::vector<double>& b, DType type, std::int64_t stride,
                std::int64_t tolerance) {
  for (std::int64_t i = 0; i < COUNT; ++i) {
    REQUIRE(same(bytes_of(a) + i * stride, bytes_of(b) + i * stride, type, tolerance));
  }
}

// What the C library computes is a unit or two in the last place away from the truth, as vectors may be.
template <class Table, class Operation>
std::int64_t tolerance_of(Operation operation, DType type, const char* name, Rung rung) {
  return function_of<Table>(kernel_at("elementwise", name, rung))(operation, type) == nullptr ? 0 : 3;
}

void check_unary(Unary operation, DType type, Rung rung) {
  const UnaryLoop reference = loop_of(operation, type, Rung::reference);
  const UnaryLoop fast = loop_of(operation, type, rung);
  REQUIRE((reference == nullptr) == (fast == nullptr));
  if (reference == nullptr) {
    return;
  }
  const DType result = result_of(operation, type);
  const std::vector<double> in = noise(type, 1);
  for (const std::int64_t gap : {1, 2}) {
    std::vector<double> expected(2 * COUNT);
    std::vector<double> found(2 * COUNT);
    auto* const to = reinterpret_cast<std::byte*>(expected.data());
    auto* const into = reinterpret_cast<std::byte*>(found.data());
    reference(bytes_of(in), gap * size_of(type), to, gap * size_of(result), COUNT);
    fast(bytes_of(in), gap * size_of(type), into, gap * size_of(result), COUNT);
    check_same(expected, found, result, gap * size_of(result),
               tolerance_of<UnaryTable>(operation, type, "math_unary", rung));
  }
}

void check_binary(Binary operation, DType type, Rung rung) {
  const BinaryLoop reference = loop_of(operation, type, Rung::reference);
  const BinaryLoop fast = loop_of(operation, type, rung);
  REQUIRE((reference == nullptr) == (fast == nullptr));
  if (reference == nullptr) {
    return;
  }
  const DType result = result_of(operation, type);
  const std::int64_t size = size_of(type);
  const std::vector<double> a = noise(type, 1);
  const std::vector<double> b = noise(type, 2);
  const std::pair<std::int64_t, std::int64_t> strides[] = {
      {size, size}, {size, 0}, {0, size}, {0, 0}, {2 * size, size}};
  for (const auto& [a_stride, b_stride] : strides) {
    std::vector<double> expected(2 * COUNT);
    std::vector<double> found(2 * COUNT);
    auto* const to = reinterpret_cast<std::byte*>(expected.data());
    auto* const into = reinterpret_cast<std::byte*>(found.data());
    reference(bytes_of(a), a_stride, bytes_of(b), b_stride, to, size_of(result), COUNT);
    fast(bytes_of(a), a_stride, bytes_of(b), b_stride, into, size_of(result), COUNT);
    check_same(expected, found, result, size_of(result),
               tolerance_of<BinaryTable>(operation, type, "math_binary", rung));
  }
}

TEST_CASE("every rung of a function of one array agrees with the reference: in every bit, or in all but the last two") {
  for (const Rung rung : RUNGS) {
    for (std::size_t operation = 0; runs_here(rung) && operation < unary_names().size(); ++operation) {
      for (const DType type : REALS) {
        CAPTURE(unary_names()[operation]);
        CAPTURE(facts(type).name);
        check_unary(static_cast<Unary>(operation), type, rung);
      }
    }
  }
}

TEST_CASE(
    "every rung of a function of two arrays agrees with the reference: in every bit, or in all but the last two") {
  for (const Rung rung : RUNGS) {
    for (std::size_t operation = 0; runs_here(rung) && operation < binary_names().size(); ++operation) {
      for (const DType type : REALS) {
        CAPTURE(binary_names()[operation]);
        CAPTURE(facts(type).name);
        check_binary(static_cast<Binary>(operation), type, rung);
      }
    }
  }
}

TEST_CASE("an output may be one of the inputs") {
  std::vector<float> values(1000, 1.5F);
  const std::int64_t shape = 1000;
  const std::int64_t stride = sizeof(float);
  const View view{reinterpret_cast<std::byte*>(values.data()), DType::f32, 1, &shape, &stride};
  binary(Binary::add, view, view, view);
  unary(Unary::negative, view, view);
  CHECK(values == std::vector<float>(1000, -3.0F));
}

TEST_CASE("of no elements nothing is touched") {
  const std::int64_t shape[] = {0, 3};
  const std::int64_t strides[] = {24, 8};
  const View view{nullptr, DType::f64, 2, shape, strides};
  CHECK_NOTHROW(binary(Binary::add, view, view, view));
  CHECK_NOTHROW(unary(Unary::exp, view, view));
  CHECK_NOTHROW(copy(view, view));
}

TEST_CASE("types that an operation has no meaning for are refused") {
  CHECK_THROWS_WITH(static_cast<void>(computed_in(Binary::bitwise_and, DType::f32)),
                    doctest::Contains("bitwise_and: not defined for elements of type float32"));
  CHECK(computed_in(Binary::divide, DType::i8) == DType::f64);
  CHECK(computed_in(Unary::exp, DType::bf16) == DType::f32);
}

}  // namespace
}  // namespace assay
