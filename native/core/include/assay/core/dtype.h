// Types of elements, and which type two of them have in common.
#pragma once

#include <array>
#include <complex>
#include <cstdint>
#include <string_view>

namespace assay {

// f16 and bf16 are for storage: they are computed in f32.
enum class DType : std::uint8_t { boolean, i8, i16, i32, i64, u8, u16, u32, u64, f16, bf16, f32, f64, c64, c128 };

inline constexpr int DTYPES = 15;

struct DTypeFacts {
  std::string_view name;
  std::int64_t bytes;
  char kind;            // as NumPy has them: b i u f c
  const char* format;   // as Python's struct module has them; null where it has none
  std::uint8_t dlpack;  // DLDataTypeCode
};

inline constexpr std::array<DTypeFacts, DTYPES> DTYPE_FACTS{{
    {"bool", 1, 'b', "?", 6},
    {"int8", 1, 'i', "b", 0},
    {"int16", 2, 'i', "h", 0},
    {"int32", 4, 'i', "i", 0},
    {"int64", 8, 'i', "l", 0},
    {"uint8", 1, 'u', "B", 1},
    {"uint16", 2, 'u', "H", 1},
    {"uint32", 4, 'u', "I", 1},
    {"uint64", 8, 'u', "L", 1},
    {"float16", 2, 'f', "e", 2},
    {"bfloat16", 2, 'f', nullptr, 4},
    {"float32", 4, 'f', "f", 2},
    {"float64", 8, 'f', "d", 2},
    {"complex64", 8, 'c', "Zf", 5},
    {"complex128", 16, 'c', "Zd", 5},
}};

[[nodiscard]] constexpr const DTypeFacts& facts(DType type) noexcept {
  return DTYPE_FACTS[static_cast<std::size_t>(type)];
}
[[nodiscard]] constexpr std::int64_t size_of(DType type) noexcept { return facts(type).bytes; }
[[nodiscard]] constexpr bool is_integer(DType type) noexcept { return type >= DType::i8 && type <= DType::u64; }
[[nodiscard]] constexpr bool is_half(DType type) noexcept { return type == DType::f16 || type == DType::bf16; }
[[nodiscard]] constexpr bool is_complex(DType type) noexcept { return type >= DType::c64; }
[[nodiscard]] constexpr bool is_real_floating(DType type) noexcept { return type >= DType::f16 && type <= DType::f64; }

// The smallest type that holds the values of both, as the array API standard and NumPy have it.
[[nodiscard]] DType promote(DType a, DType b) noexcept;

// The element type of a C++ type.
template <class T>
inline constexpr DType dtype_of = DType{};
template <>
inline constexpr DType dtype_of<bool> = DType::boolean;
template <>
inline constexpr DType dtype_of<std::int8_t> = DType::i8;
template <>
inline constexpr DType dtype_of<std::int16_t> = DType::i16;
template <>
inline constexpr DType dtype_of<std::int32_t> = DType::i32;
template <>
inline constexpr DType dtype_of<std::int64_t> = DType::i64;
template <>
inline constexpr DType dtype_of<std::uint8_t> = DType::u8;
template <>
inline constexpr DType dtype_of<std::uint16_t> = DType::u16;
template <>
inline constexpr DType dtype_of<std::uint32_t> = DType::u32;
template <>
inline constexpr DType dtype_of<std::uint64_t> = DType::u64;
template <>
inline constexpr DType dtype_of<float> = DType::f32;
template <>
inline constexpr DType dtype_of<double> = DType::f64;
template <>
inline constexpr DType dtype_of<std::complex<float>> = DType::c64;
template <>
inline constexpr DType dtype_of<std::complex<double>> = DType::c128;

}  // namespace assay
