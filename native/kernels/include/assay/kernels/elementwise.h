// Functions of one, two or three arrays, element by element.
//
// Inputs are broadcast to the shape of the output, which is never broadcast itself. An output may be one of the inputs
// (the same elements at the same places) but must not overlap one otherwise.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "assay/kernels/registry.h"
#include "assay/kernels/strided.h"

namespace assay {

// Tables laid out by hand: the formatter finds no fixed point for them.
// clang-format off
#define ASSAY_UNARY_OPERATIONS(X)                                                                         \
  X(abs) X(acos) X(acosh) X(asin) X(asinh) X(atan) X(atanh) X(bitwise_invert) X(ceil) X(conj) X(cos)      \
  X(cosh) X(exp) X(expm1) X(floor) X(isfinite) X(isinf) X(isnan) X(log) X(log10) X(log1p) X(log2)         \
  X(logical_not) X(negative) X(reciprocal) X(round) X(sign) X(signbit) X(sin) X(sinh) X(sqrt) X(square)   \
  X(tan) X(tanh) X(trunc)

#define ASSAY_BINARY_OPERATIONS(X)                                                                        \
  X(add) X(atan2) X(bitwise_and) X(bitwise_left_shift) X(bitwise_or) X(bitwise_right_shift)               \
  X(bitwise_xor) X(copysign) X(divide) X(equal) X(floor_divide) X(greater) X(greater_equal) X(hypot)      \
  X(less) X(less_equal) X(logaddexp) X(logical_and) X(logical_or) X(logical_xor) X(maximum) X(minimum)    \
  X(multiply) X(nextafter) X(not_equal) X(pow) X(remainder) X(subtract)
// clang-format on

#define ASSAY_ENUMERATOR(name) name,
enum class Unary : std::uint8_t { ASSAY_UNARY_OPERATIONS(ASSAY_ENUMERATOR) };
enum class Binary : std::uint8_t { ASSAY_BINARY_OPERATIONS(ASSAY_ENUMERATOR) };
#undef ASSAY_ENUMERATOR

// In the order of the enumerations.
[[nodiscard]] std::span<const std::string_view> unary_names() noexcept;
[[nodiscard]] std::span<const std::string_view> binary_names() noexcept;

// A run of elements at constant strides, in bytes.
using UnaryLoop = void (*)(const std::byte* in, std::int64_t in_stride, std::byte* out, std::int64_t out_stride,
                           std::int64_t count);
using BinaryLoop = void (*)(const std::byte* a, std::int64_t a_stride, const std::byte* b, std::int64_t b_stride,
                            std::byte* out, std::int64_t out_stride, std::int64_t count);

// The tables that rungs register. Null where the rung doesn't have the operation for that type.
using UnaryTable = UnaryLoop (*)(Unary operation, DType type);
using BinaryTable = BinaryLoop (*)(Binary operation, DType type);

// The type in which an operation on `type` is done: itself, or fp64 for integers where only fractions make sense, or
// fp32 for halves. Throws Error where the operation has no meaning for the type.
[[nodiscard]] DType computed_in(Unary operation, DType type);
[[nodiscard]] DType computed_in(Binary operation, DType type);

// The type of the result, given the type of the inputs.
[[nodiscard]] DType result_of(Unary operation, DType type);
[[nodiscard]] DType result_of(Binary operation, DType type);

// `in` has the type computed_in() says, or is half; `out` has the type of the result.
void unary(Unary operation, const View& in, const View& out);
void binary(Binary operation, const View& a, const View& b, const View& out);

// out = condition ? a : b; a, b and out of one type.
void where(const View& condition, const View& a, const View& b, const View& out);

// out = in, converted.
void copy(const View& in, const View& out);

// One loop by one rung, for tests. Throws where the rung lacks it.
[[nodiscard]] UnaryLoop loop_of(Unary operation, DType type, Rung rung);
[[nodiscard]] BinaryLoop loop_of(Binary operation, DType type, Rung rung);

}  // namespace assay
