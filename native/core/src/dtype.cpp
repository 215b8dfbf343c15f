#include "assay/core/dtype.h"

#include <algorithm>

namespace assay {
namespace {

// Widest first bytes that the kinds need: an integer of n bytes fits the significand of the next wider float.
DType float_for(DType floating, std::int64_t integer_bytes) {
  if (integer_bytes == 1) {
    return floating;
  }
  const DType needed = integer_bytes == 2 ? DType::f32 : DType::f64;
  return std::max(floating, needed);
}

DType promote_integers(DType a, DType b) {
  if (facts(a).kind == facts(b).kind) {
    return std::max(a, b);
  }
  const DType is_signed = facts(a).kind == 'i' ? a : b;
  const DType is_unsigned = facts(a).kind == 'i' ? b : a;
  if (size_of(is_signed) > size_of(is_unsigned)) {
    return is_signed;
  }
  switch (is_unsigned) {
    case DType::u8:
      return DType::i16;
    case DType::u16:
      return DType::i32;
    case DType::u32:
      return DType::i64;
    default:
      return DType::f64;
  }
}

DType promote_floats(DType a, DType b) {
  if (is_half(a) && is_half(b)) {
    return DType::f32;
  }
  return std::max(a, b);
}

DType complex_for(DType type) {
  const bool wide = type == DType::f64 || type == DType::c128 || (is_integer(type) && size_of(type) > 2);
  return wide ? DType::c128 : DType::c64;
}

}  // namespace

DType promote(DType a, DType b) noexcept {
  if (a == b || b == DType::boolean) {
    return a;
  }
  if (a == DType::boolean) {
    return b;
  }
  if (is_complex(a) || is_complex(b)) {
    return std::max(complex_for(a), complex_for(b));
  }
  if (is_integer(a) && is_integer(b)) {
    return promote_integers(a, b);
  }
  if (is_integer(a)) {
    return float_for(b, size_of(a));
  }
  return is_integer(b) ? float_for(a, size_of(b)) : promote_floats(a, b);
}

}  // namespace assay
