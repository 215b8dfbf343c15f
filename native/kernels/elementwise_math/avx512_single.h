// Functions of fp32 with sixteen numbers in a register, to within a unit in the last place. Lanes that a formula
// doesn't cover (`odd`) are computed eight at a time in fp64, as all the other functions are.
#pragma once

#include "table.h"

namespace assay::elementwise {
namespace {

using S = __m512;

struct SingleResult {
  S value;
  __mmask16 odd;
};

inline S single(float value) { return _mm512_set1_ps(value); }
inline S fma(S a, S b, S c) { return _mm512_fmadd_ps(a, b, c); }
inline S fma(S a, float b, S c) { return fma(a, single(b), c); }
inline S fma(S a, S b, float c) { return fma(a, b, single(c)); }
inline S scaled(S a, S n) { return _mm512_maskz_scalef_ps(0xffff, a, n); }
inline S chosen(__mmask16 mask, S yes, S no) { return _mm512_mask_blend_ps(mask, no, yes); }
inline S size_of_all(S a) { return _mm512_abs_ps(a); }
inline S signed_as(S a, S sign) {
  const __m512i bits = _mm512_and_si512(_mm512_castps_si512(sign), _mm512_set1_epi32(INT32_MIN));
  return _mm512_castsi512_ps(_mm512_or_si512(_mm512_castps_si512(size_of_all(a)), bits));
}

template <int COMPARISON>
__mmask16 compared(S a, S b) {
  return _mm512_cmp_ps_mask(a, b, COMPARISON);
}
inline __mmask16 is_less(S a, S b) { return compared<_CMP_LT_OQ>(a, b); }

// NaN stays NaN: where one is, these instructions give the second operand.
inline S at_most(S x, float limit) { return _mm512_maskz_min_ps(0xffff, single(limit), x); }
inline S at_least(S x, float limit) { return _mm512_maskz_max_ps(0xffff, single(limit), x); }

template <std::size_t COUNT>
inline S polynomial(const float (&c)[COUNT], S x) {
  S sum = single(c[COUNT - 1]);
  for (std::size_t i = COUNT - 1; i-- > 0;) {
    sum = fma(sum, x, c[i]);
  }
  return sum;
}

constexpr float SINGLE_ROUNDER = 0x1.8p23F;
constexpr float SINGLE_LN2_HIGH = 0.693145751953125F;  // exact times any exponent
constexpr float SINGLE_LN2_LOW = 1.42860682e-6F;

// (e^r - 1 - r) / r^2; errors of 3e-9 of e^r, and of 3e-10 of r.
constexpr float SINGLE_EXP[] = {0.5F, 0.16666514F, 0.04166619F, 0.00836957F, 0.00139517F};
constexpr float SINGLE_EXPM1[] = {0.5F, 0.16666667F, 0.041666344F, 0.008333274F, 0.0013941994F, 0.00019913848F};
// (log(1 + f) - f + f^2 / 2) / f^3 for f from sqrt(1/2) - 1 to sqrt(2) - 1; an error of 7e-10 of the logarithm.
constexpr float SINGLE_LOG[] = {0.33333313F,  -0.25000009F, 0.20002118F,  -0.16667986F, 0.14219567F,
                                -0.12405746F, 0.11888171F,  -0.11674602F, 0.067453012F};
// (sin r / r - 1) / r^2 and (cos r - 1 + r^2 / 2) / r^4 in r^2 up to pi/4; errors of 4e-9 and 1e-10.
constexpr float SINGLE_SIN[] = {-0.16666655F, 0.0083321733F, -0.00019516666F};
constexpr float SINGLE_COS[] = {0.041666646F, -0.0013887365F, 2.4438079e-05F};
// (tanh x / x - 1) / x^2 in x^2 up to 0.62 squared; an error of 4e-9.
constexpr float SINGLE_TANH[] = {-0.33333287F, 0.13331597F, -0.053752821F, 0.020682883F, -0.0057551297F};

struct SingleReduced {
  S n;
  S r;
  S r_low;
};

inline SingleReduced reduce_single(S x) {
  const S n = _mm512_sub_ps(fma(x, 1.44269504F, single(SINGLE_ROUNDER)), single(SINGLE_ROUNDER));
  const S high = fma(n, -SINGLE_LN2_HIGH, x);
  const S r = fma(n, -SINGLE_LN2_LOW, high);
  return {n, r, fma(n, -SINGLE_LN2_LOW, _mm512_sub_ps(high, r))};
}

// |x| at most some hundreds.
inline S exponential_of(S x) {
  const SingleReduced at = reduce_single(x);
  const S tail = fma(_mm512_mul_ps(at.r, at.r), polynomial(SINGLE_EXP, at.r), at.r);
  return scaled(_mm512_add_ps(single(1.0F), tail), at.n);
}

struct SingleExp {
  static SingleResult of(S x) { return {exponential_of(at_least(at_most(x, 200.0F), -200.0F)), 0}; }
};

struct SingleExpm1 {
  static SingleResult of(S x) {
    const SingleReduced at = reduce_single(at_least(x, -30.0F));
    const S small = fma(_mm512_mul_ps(at.r, at.r), polynomial(SINGLE_EXPM1, at.r), at.r_low);
    const S power = scaled(single(1.0F), at.n);
    const S most = _mm512_sub_ps(power, single(1.0F));
    const S high = fma(power, at.r, most);
    const S lost = fma(power, at.r, _mm512_sub_ps(most, high));
    const S value = _mm512_add_ps(high, fma(power, small, lost));
    return {signed_as(value, x), compared<_CMP_GT_OQ>(x, single(88.0F))};
  }
};

// 1 - 2 / (e^2x + 1), or a polynomial where that would cancel.
struct SingleTanh {
  static SingleResult of(S x) {
    const S size = at_most(size_of_all(x), 20.0F);
    const S below = _mm512_add_ps(exponential_of(_mm512_add_ps(size, size)), single(1.0F));
    const S near = _mm512_maskz_rcp14_ps(0xffff, below);
    const S inverse = fma(fma(_mm512_sub_ps(_mm512_setzero_ps(), near), below, 1.0F), near, near);
    const S large = fma(inverse, -2.0F, single(1.0F));
    const S square = _mm512_mul_ps(size, size);
    const S small = fma(_mm512_mul_ps(size, square), polynomial(SINGLE_TANH, square), size);
    return {signed_as(chosen(is_less(size, single(0.6F)), small, large), x), 0};
  }
};

// x = 2^n (1 + f) with 1 + f from sqrt(1/2) to sqrt(2); `low` is what f^2 and above add to f in log(1 + f).
struct SingleLog {
  S n;
  S f;
  S low;

  explicit SingleLog(S x) {
    const S significand = _mm512_maskz_getmant_ps(0xffff, x, _MM_MANT_NORM_1_2, _MM_MANT_SIGN_zero);
    const __mmask16 large = compared<_CMP_GT_OQ>(significand, single(1.41421356F));
    const S exponent = _mm512_maskz_getexp_ps(0xffff, x);
    n = _mm512_mask_add_ps(exponent, large, exponent, single(1.0F));
    f = _mm512_sub_ps(_mm512_mask_mul_ps(significand, large, significand, single(0.5F)), single(1.0F));
  }

  void add_curve(S extra) {
    const S square = _mm512_mul_ps(f, f);
    const S cube = fma(_mm512_mul_ps(square, f), polynomial(SINGLE_LOG, f), extra);
    low = fma(square, -0.5F, cube);
  }
};

inline __mmask16 no_logarithm(S x) {
  return static_cast<__mmask16>(~(compared<_CMP_GT_OQ>(x, _mm512_setzero_ps()) & is_less(x, single(__builtin_inff()))));
}

struct SingleLn {
  static SingleResult of(S x) {
    SingleLog log(x);
    log.add_curve(_mm512_mul_ps(log.n, single(SINGLE_LN2_LOW)));
    return {fma(log.n, SINGLE_LN2_HIGH, _mm512_add_ps(log.f, log.low)), no_logarithm(x)};
  }
};

// log(u + lost) = log u + lost / u with u = 1 + x.
struct SingleLog1p {
  static SingleResult of(S x) {
    const S one = single(1.0F);
    const S u = _mm512_add_ps(one, x);
    const S part = _mm512_sub_ps(u, one);
    const S lost = _mm512_add_ps(_mm512_sub_ps(one, _mm512_sub_ps(u, part)), _mm512_sub_ps(x, part));
    SingleLog log(u);
    const __mmask16 near = compared<_CMP_EQ_OQ>(log.n, _mm512_setzero_ps());
    const S correction = _mm512_mul_ps(lost, _mm512_maskz_rcp14_ps(static_cast<__mmask16>(~near), u));
    log.f = chosen(near, x, log.f);
    log.add_curve(fma(log.n, SINGLE_LN2_LOW, correction));
    const S value = fma(log.n, SINGLE_LN2_HIGH, _mm512_add_ps(log.f, log.low));
    const __mmask16 covered = compared<_CMP_GT_OQ>(x, single(-1.0F)) & is_less(x, single(0x1p126F));
    return {signed_as(value, x), static_cast<__mmask16>(~covered)};
  }
};

// The logarithm of `two` in that base, and what one natural unit is in it, both in two parts; n times the first is
// exact.
struct Base {
  float two_high;
  float two_low;
  float unit_high;
  float unit_low;
};

constexpr Base BASE_2 = {1.0F, 0.0F, 1.44269502F, 1.92596299e-8F};
constexpr Base BASE_10 = {0.301025390625F, 4.60503898e-6F, 0.434294492F, -1.01006e-8F};

template <const Base& base>
struct SingleLogTo {
  static SingleResult of(S x) {
    SingleLog log(x);
    log.add_curve(_mm512_setzero_ps());
    const S product = _mm512_mul_ps(log.f, single(base.unit_high));
    const S rounded = fma(log.f, base.unit_high, _mm512_sub_ps(_mm512_setzero_ps(), product));
    const S rest = fma(log.low, base.unit_high, fma(log.f, base.unit_low, rounded));
    const S whole = _mm512_mul_ps(log.n, single(base.two_high));
    const S sum = _mm512_add_ps(whole, product);
    const S lost = _mm512_add_ps(_mm512_sub_ps(whole, sum), product);
    return {_mm512_add_ps(sum, _mm512_add_ps(lost, fma(log.n, base.two_low, rest))), no_logarithm(x)};
  }
};

// x = n pi/2 + r + r_low. For |x| below 2^16 n times the first part of pi/2 is exact, and so is the first difference.
struct SingleAngle {
  __m512i quadrant;
  S r;
  S r_low;

  explicit SingleAngle(S x) {
    const S shifted = fma(x, 0.636619772F, single(SINGLE_ROUNDER));
    const S n = _mm512_sub_ps(shifted, single(SINGLE_ROUNDER));
    quadrant = _mm512_castps_si512(shifted);
    constexpr double HALF = 1.5707963267948966;
    constexpr float FIRST = 1.570770263671875F;  // sixteen bits
    constexpr auto SECOND = static_cast<float>(HALF - FIRST);
    constexpr auto THIRD = static_cast<float>((HALF - FIRST) - SECOND + 6.123233995736766e-17);
    const S first = fma(n, -FIRST, x);
    const S product = _mm512_mul_ps(n, single(SECOND));
    const S second = _mm512_sub_ps(first, product);
    const S moved = _mm512_sub_ps(second, first);
    const S lost = _mm512_sub_ps(_mm512_sub_ps(first, _mm512_sub_ps(second, moved)), _mm512_add_ps(product, moved));
    const S rounded = fma(n, SECOND, _mm512_sub_ps(_mm512_setzero_ps(), product));
    const S rest = fma(n, -THIRD, _mm512_sub_ps(lost, rounded));
    r = _mm512_add_ps(second, rest);
    r_low = _mm512_add_ps(_mm512_sub_ps(second, r), rest);
  }

  // Both, and which is wanted: that of this quadrant, or of the one `ahead`.
  [[nodiscard]] S sine(int ahead) const {
    const __m512i turned = _mm512_add_epi32(quadrant, _mm512_set1_epi32(ahead));
    const S z = _mm512_mul_ps(r, r);
    const S sin = _mm512_add_ps(r, fma(_mm512_mul_ps(r, z), polynomial(SINGLE_SIN, z), r_low));
    const S half = _mm512_mul_ps(z, single(0.5F));
    const S most = _mm512_sub_ps(single(1.0F), half);
    const S lost = _mm512_sub_ps(_mm512_sub_ps(single(1.0F), most), half);
    const S curve = fma(_mm512_mul_ps(z, z), polynomial(SINGLE_COS, z), lost);
    const S cos = _mm512_add_ps(most, _mm512_sub_ps(curve, _mm512_mul_ps(r, r_low)));
    const S value = chosen(_mm512_test_epi32_mask(turned, _mm512_set1_epi32(1)), cos, sin);
    const __m512i sign = _mm512_slli_epi32(_mm512_and_si512(turned, _mm512_set1_epi32(2)), 30);
    return _mm512_castsi512_ps(_mm512_xor_si512(_mm512_castps_si512(value), sign));
  }
};

inline __mmask16 far_away(S x) { return static_cast<__mmask16>(~is_less(size_of_all(x), single(0x1p16F))); }

struct SingleSin {
  static SingleResult of(S x) {
    const S value = SingleAngle(x).sine(0);
    return {chosen(compared<_CMP_EQ_OQ>(x, _mm512_setzero_ps()), x, value), far_away(x)};
  }
};

struct SingleCos {
  static SingleResult of(S x) { return {SingleAngle(x).sine(1), far_away(x)}; }
};

inline F lower_half(S a) { return _mm512_maskz_cvtps_pd(0xff, _mm512_castps512_ps256(a)); }
inline F upper_half(S a) { return _mm512_maskz_cvtps_pd(0xff, _mm512_maskz_extractf32x8_ps(0xff, a, 1)); }
inline S joined(F low, F high) {
  const S both = _mm512_castps256_ps512(_mm512_maskz_cvtpd_ps(0xff, low));
  return _mm512_maskz_insertf32x8(0xffff, both, _mm512_maskz_cvtpd_ps(0xff, high), 1);
}

template <class Operation, class... Operand>
[[gnu::noinline]] S with_odd_singles(S values, __mmask16 odd, Operand... operands) {
  const S others =
      joined(computed<Operation, float>(lower_half(operands)...), computed<Operation, float>(upper_half(operands)...));
  return chosen(odd, others, values);
}

// Log2 of the middle of each sixteenth of [1, 1.5) and each thirty-second of [0.75, 1), as -log2 of its rounded
// inverse; beside 1 both are exact, since an exponent may multiply the error by billions.
alignas(64) constexpr double INVERSES[] = {1.0,         0.9140625,   0.865234375, 0.8203125,   0.78125,    0.744140625,
                                           0.7109375,   0.681640625, 1.306640625, 1.255859375, 1.20703125, 1.1640625,
                                           1.123046875, 1.083984375, 1.048828125, 1.0};
alignas(64) constexpr double LOGARITHMS[] = {0.0,
                                             0.12963528041659547,
                                             0.20883711144498168,
                                             0.28575448233387735,
                                             0.3561438102252753,
                                             0.42635281250667795,
                                             0.49220535980130375,
                                             0.5529167737903478,
                                             -0.38586240064146093,
                                             -0.32867492732794734,
                                             -0.27146302790437454,
                                             -0.21916852046216156,
                                             -0.16741814583173756,
                                             -0.1163439612374683,
                                             -0.06877827798541261,
                                             0.0};
// log2(1 + f) / f from -1/31 to 1/16, to 1e-12; 2^t from -1/2 to 1/2, to 2e-9.
constexpr double LOG2_NEAR[] = {1.4426950408900467,  -0.7213475203063794, 0.48089833328819875, -0.3606742016710876,
                                0.28856865480268457, -0.2403307294189947, 0.18849251807627393};
constexpr double EXP2[] = {0.9999999999204686,   0.6931472069983824,    0.2402265149526272,    0.055503265869901924,
                           0.009617995518792359, 0.0013400686103859135, 0.00015477765830647816};

inline F looked_up(const double (&table)[16], __m512i place) {
  return _mm512_permutex2var_pd(_mm512_load_pd(table), place, _mm512_load_pd(table + 8));
}

// Of positive numbers that came from fp32.
inline F power_of_single(F base, F exponent) {
  const F m = _mm512_maskz_getmant_pd(0xff, base, _MM_MANT_NORM_p75_1p5, _MM_MANT_SIGN_zero);
  const F n = _mm512_maskz_getexp_pd(0xff, base * (4.0 / 3.0));
  const __m512i place = _mm512_maskz_srli_epi64(0xff, _mm512_castpd_si512(m), 48);
  const F f = fma(m, looked_up(INVERSES, place), -1.0);
  const F log = fma(f, polynomial(LOG2_NEAR, f), n + looked_up(LOGARITHMS, place));
  const F product =
      _mm512_maskz_min_pd(0xff, _mm512_maskz_max_pd(0xff, log * exponent, Lanes::of(-1000.0)), Lanes::of(1000.0));
  const F steps = (product + ROUNDER) - ROUNDER;
  return Lanes::scale(polynomial(EXP2, product - steps), steps);
}

inline S rounded_to_whole(S x) {
  return _mm512_maskz_roundscale_ps(0xffff, x, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
}

struct SinglePow {
  static SingleResult of(S x, S y) {
    const S base = size_of_all(x);
    S value =
        joined(power_of_single(lower_half(base), lower_half(y)), power_of_single(upper_half(base), upper_half(y)));
    const __mmask16 usual = is_less(_mm512_setzero_ps(), base) & is_less(base, single(__builtin_inff())) &
                            is_less(size_of_all(y), single(__builtin_inff()));
    const __mmask16 negative = is_less(x, _mm512_setzero_ps());
    if (negative == 0) {
      return {value, static_cast<__mmask16>(~usual)};
    }
    const S half = _mm512_mul_ps(y, single(0.5F));
    const __mmask16 whole = compared<_CMP_EQ_OQ>(rounded_to_whole(y), y);
    const __mmask16 is_odd = whole & compared<_CMP_NEQ_OQ>(rounded_to_whole(half), half);
    value = _mm512_mask_xor_ps(value, negative & is_odd, value, single(-0.0F));
    return {value, static_cast<__mmask16>(~(usual & (~negative | whole)))};
  }
};

constexpr std::int64_t SINGLES = 16;

inline __mmask16 first_singles(std::int64_t count) {
  return count >= SINGLES ? __mmask16{0xffff} : static_cast<__mmask16>((1U << count) - 1);
}

// Sixteen numbers wherever they lie; ones behind the last. What surrounds a number never changes its result.
inline S gathered_singles(const std::byte* from, std::int64_t stride, std::int64_t count) {
  if (stride == sizeof(float)) {
    return _mm512_mask_loadu_ps(single(1.0F), first_singles(count), from);
  }
  alignas(64) float values[SINGLES];
  for (std::int64_t i = 0; i < SINGLES; ++i) {
    values[i] = i < count ? *reinterpret_cast<const float*>(from + i * stride) : 1.0F;
  }
  return _mm512_load_ps(values);
}

inline void scattered_singles(S values, std::byte* to, std::int64_t stride, std::int64_t count) {
  if (stride == sizeof(float)) {
    return _mm512_mask_storeu_ps(to, first_singles(count), values);
  }
  alignas(64) float stored[SINGLES];
  _mm512_store_ps(stored, values);
  for (std::int64_t i = 0; i < (count < SINGLES ? count : SINGLES); ++i) {
    *reinterpret_cast<float*>(to + i * stride) = stored[i];
  }
}

template <class Operation, class Single, class... Operand>
S computed_singles(Operand... operands) {
  const SingleResult result = Single::of(operands...);
  return result.odd == 0 ? result.value : with_odd_singles<Operation>(result.value, result.odd, operands...);
}

template <class Operation, class Single>
void single_unary(const std::byte* in, std::int64_t in_stride, std::byte* out, std::int64_t out_stride,
                  std::int64_t count) {
  for (; count > 0; count -= SINGLES) {
    const S values = gathered_singles(in, in_stride, count);
    scattered_singles(computed_singles<Operation, Single>(values), out, out_stride, count);
    in += SINGLES * in_stride;
    out += SINGLES * out_stride;
  }
}

void single_pow(const std::byte* a, std::int64_t a_stride, const std::byte* b, std::int64_t b_stride, std::byte* out,
                std::int64_t out_stride, std::int64_t count) {
  for (; count > 0; count -= SINGLES) {
    const S base = gathered_singles(a, a_stride, count);
    const S exponent = gathered_singles(b, b_stride, count);
    scattered_singles(computed_singles<Math_pow, SinglePow>(base, exponent), out, out_stride, count);
    a += SINGLES * a_stride;
    b += SINGLES * b_stride;
    out += SINGLES * out_stride;
  }
}

UnaryLoop single_unary_of(Unary operation) {
  switch (operation) {
    case Unary::exp:
      return &single_unary<Math_exp, SingleExp>;
    case Unary::expm1:
      return &single_unary<Math_expm1, SingleExpm1>;
    case Unary::log:
      return &single_unary<Math_log, SingleLn>;
    case Unary::log1p:
      return &single_unary<Math_log1p, SingleLog1p>;
    case Unary::log2:
      return &single_unary<Math_log2, SingleLogTo<BASE_2>>;
    case Unary::log10:
      return &single_unary<Math_log10, SingleLogTo<BASE_10>>;
    case Unary::sin:
      return &single_unary<Math_sin, SingleSin>;
    case Unary::cos:
      return &single_unary<Math_cos, SingleCos>;
    case Unary::tanh:
      return &single_unary<Math_tanh, SingleTanh>;
    default:
      return nullptr;
  }
}

UnaryLoop wide_unary_table(Unary operation, DType type) {
  UnaryLoop const single = type == DType::f32 ? single_unary_of(operation) : nullptr;
  return single != nullptr ? single : math_unary_table(operation, type);
}

BinaryLoop wide_binary_table(Binary operation, DType type) {
  return operation == Binary::pow && type == DType::f32 ? &pow_loop<float, &single_pow>
                                                        : math_binary_table(operation, type);
}

}  // namespace
}  // namespace assay::elementwise
