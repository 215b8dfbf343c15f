#include <complex>
#include <type_traits>

#include "half.h"
#include "loop.h"
#include "tables.h"

namespace assay::elementwise {
namespace {

template <class T>
inline constexpr bool IS_COMPLEX = false;
template <class T>
inline constexpr bool IS_COMPLEX<std::complex<T>> = true;
template <class T>
inline constexpr bool IS_HALF = std::is_same_v<T, Float16> || std::is_same_v<T, BFloat16>;

// Of a complex number the real part is kept; what is not zero is true; fractions are cut off.
template <class To, class From>
To converted(From value) {
  if constexpr (IS_HALF<From>) {
    return converted<To>(widened(value));
  } else if constexpr (std::is_same_v<To, bool>) {
    return value != From(0);
  } else if constexpr (IS_COMPLEX<From> && !IS_COMPLEX<To>) {
    return converted<To>(value.real());
  } else if constexpr (std::is_same_v<To, Float16>) {
    return float16_of(static_cast<float>(value));
  } else if constexpr (std::is_same_v<To, BFloat16>) {
    return bfloat16_of(static_cast<float>(value));
  } else if constexpr (IS_COMPLEX<To> && !IS_COMPLEX<From>) {
    return To(static_cast<typename To::value_type>(value));
  } else {
    return static_cast<To>(value);
  }
}

template <class To, class From>
void convert(const std::byte* in, std::int64_t in_stride, std::byte* out, std::int64_t out_stride, std::int64_t count) {
  if (in_stride == sizeof(From) && out_stride == sizeof(To)) {
    const From* const from = reinterpret_cast<const From*>(in);
    To* const to = reinterpret_cast<To*>(out);
    for (std::int64_t i = 0; i < count; ++i) {
      to[i] = converted<To>(from[i]);
    }
    return;
  }
  for (std::int64_t i = 0; i < count; ++i) {
    *reinterpret_cast<To*>(out + i * out_stride) = converted<To>(*reinterpret_cast<const From*>(in + i * in_stride));
  }
}

// In the order of DType.
template <class To>
constexpr UnaryLoop FROM[DTYPES] = {
    &convert<To, bool>,
    &convert<To, std::int8_t>,
    &convert<To, std::int16_t>,
    &convert<To, std::int32_t>,
    &convert<To, std::int64_t>,
    &convert<To, std::uint8_t>,
    &convert<To, std::uint16_t>,
    &convert<To, std::uint32_t>,
    &convert<To, std::uint64_t>,
    &convert<To, Float16>,
    &convert<To, BFloat16>,
    &convert<To, float>,
    &convert<To, double>,
    &convert<To, std::complex<float>>,
    &convert<To, std::complex<double>>,
};

constexpr const UnaryLoop* TO[DTYPES] = {
    FROM<bool>,         FROM<std::int8_t>,   FROM<std::int16_t>,  FROM<std::int32_t>,        FROM<std::int64_t>,
    FROM<std::uint8_t>, FROM<std::uint16_t>, FROM<std::uint32_t>, FROM<std::uint64_t>,       FROM<Float16>,
    FROM<BFloat16>,     FROM<float>,         FROM<double>,        FROM<std::complex<float>>, FROM<std::complex<double>>,
};

}  // namespace

UnaryLoop conversion(DType from, DType to) { return TO[static_cast<std::size_t>(to)][static_cast<std::size_t>(from)]; }

}  // namespace assay::elementwise
