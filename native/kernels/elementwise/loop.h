// Loops that call a library for every element.
#pragma once

#include <cstdint>

#include "assay/kernels/elementwise.h"

namespace assay::elementwise {

template <auto function, class T>
void unary_calls(const std::byte* in, std::int64_t in_stride, std::byte* out, std::int64_t out_stride,
                 std::int64_t count) {
  using Result = decltype(function(T{}));
  for (std::int64_t i = 0; i < count; ++i) {
    *reinterpret_cast<Result*>(out + i * out_stride) = function(*reinterpret_cast<const T*>(in + i * in_stride));
  }
}

template <auto function, class T>
void binary_calls(const std::byte* a, std::int64_t a_stride, const std::byte* b, std::int64_t b_stride, std::byte* out,
                  std::int64_t out_stride, std::int64_t count) {
  using Result = decltype(function(T{}, T{}));
  for (std::int64_t i = 0; i < count; ++i) {
    *reinterpret_cast<Result*>(out + i * out_stride) =
        function(*reinterpret_cast<const T*>(a + i * a_stride), *reinterpret_cast<const T*>(b + i * b_stride));
  }
}

template <class... T>
struct TypeList {};

template <auto function, class... T>
UnaryLoop unary_among(DType type, TypeList<T...>) {
  UnaryLoop found = nullptr;
  ((type == dtype_of<T> ? void(found = &unary_calls<function, T>) : void()), ...);
  return found;
}

template <auto function, class... T>
BinaryLoop binary_among(DType type, TypeList<T...>) {
  BinaryLoop found = nullptr;
  ((type == dtype_of<T> ? void(found = &binary_calls<function, T>) : void()), ...);
  return found;
}

using RealFloats = TypeList<float, double>;
using AllIntegers = TypeList<std::int8_t, std::int16_t, std::int32_t, std::int64_t, std::uint8_t, std::uint16_t,
                             std::uint32_t, std::uint64_t>;
using AllReals = TypeList<std::int8_t, std::int16_t, std::int32_t, std::int64_t, std::uint8_t, std::uint16_t,
                          std::uint32_t, std::uint64_t, float, double>;

}  // namespace assay::elementwise
