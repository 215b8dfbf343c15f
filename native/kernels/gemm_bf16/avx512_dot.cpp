#include "../gemm_tiles/avx512_fetch.h"
#include "../gemm_tiles/avx512_pack.h"
#include "../gemm_tiles/avx512_words.h"

#define ASSAY_LOAD_A "vbroadcastss"
#define ASSAY_STEP "4"
#define ASSAY_FMA(A, B, SUM) "vdpbf16ps %%zmm" #A ", %%zmm" #B ", %%zmm" #SUM "\n\t"
#define ASSAY_ADD "vaddps"
#define ASSAY_MUL "vmulps"
#define ASSAY_MOVE "vmovups"
#define ASSAY_SPREAD "vbroadcastss"
#define ASSAY_BEGIN(ROWS) ASSAY_EACH_##ROWS(ASSAY_CLEAR)
#include "../gemm_tiles/avx512_tile.h"

namespace assay::gemm_tiles {
namespace {

constexpr std::int64_t DEPTH = 2;
constexpr std::int64_t COLUMNS = 32;
using Scale = float;

ASSAY_TILES

// The instruction takes denormal operands for zeros and makes denormal sums zero. A product of two bf16 is a multiple
// of 2^-14 of its leading power of two, and so are sums: nothing is lost where the exponents of the smallest operands,
// biased, add up to this. Elsewhere elements are widened to fp32.
constexpr std::int32_t LEAST_EXPONENTS = 2 * 127 - 126 + 14;
constexpr std::int64_t HEADER = 64;  // of a panel of B: its smallest exponent; of A, at the end of each row

// Follows the smallest element other than zero through memory.
class LeastExponent {
 public:
  void see(__m512i elements) {
    const __m512i bits = _mm512_and_si512(elements, _mm512_set1_epi16(0x7fff));
    least_ = _mm512_min_epu16(least_, _mm512_sub_epi16(bits, _mm512_set1_epi16(1)));  // zeros become the largest
  }

  // Biased; so small that no sum reaches the limit for a denormal.
  [[nodiscard]] std::int32_t value() const {
    __m128i lanes[4];
    _mm512_storeu_si512(lanes, least_);
    const __m128i all = _mm_min_epu16(_mm_min_epu16(lanes[0], lanes[1]), _mm_min_epu16(lanes[2], lanes[3]));
    const auto smallest = static_cast<std::uint32_t>(_mm_cvtsi128_si32(_mm_minpos_epu16(all))) & 0xffffU;
    if (smallest == 0xffffU) {
      return LEAST_EXPONENTS;  // nothing but zeros
    }
    const auto exponent = static_cast<std::int32_t>((smallest + 1) >> 7U);
    return exponent == 0 ? -2 * LEAST_EXPONENTS : exponent;
  }

 private:
  __m512i least_ = _mm512_set1_epi16(-1);
};

std::int32_t least_exponent(const std::byte* packed, std::int64_t bytes) {
  LeastExponent least;
  for (std::int64_t at = 0; at < bytes; at += 64) {
    least.see(_mm512_maskz_loadu_epi8(byte_mask(bytes - at), packed + at));
  }
  return least.value();
}

std::int32_t word_at(const std::byte* from) {
  std::int32_t word;
  __builtin_memcpy(&word, from, sizeof word);
  return word;
}

void note_exponent(std::int32_t exponent, std::byte* to) { __builtin_memcpy(to, &exponent, sizeof exponent); }

bool exact(const TileCall& call) {
  const std::int32_t b = word_at(call.b);
  std::int32_t a = LEAST_EXPONENTS;
  for (std::int64_t row = 0; row < call.rows; ++row) {
    const std::int32_t of_row = word_at(call.a + row * ROW_STRIDE + STEPS_BYTES);
    a = of_row < a ? of_row : a;
  }
  return a + b >= LEAST_EXPONENTS;
}

__m512 even(__m512i pairs) { return _mm512_castsi512_ps(_mm512_maskz_slli_epi32(0xffff, pairs, 16)); }
__m512 odd(__m512i pairs) {
  return _mm512_castsi512_ps(_mm512_and_si512(pairs, _mm512_set1_epi32(static_cast<int>(0xffff0000U))));
}

// One vector of one row, widened.
void multiply_widened(const TileCall& call, std::int64_t row, std::int64_t half, __mmask16 mask) {
  __m512 sum = _mm512_setzero_ps();
  const std::byte* const a = call.a + row * ROW_STRIDE;
  const std::byte* const b = call.b + HEADER + half * 64;
  for (std::int64_t step = 0; step < call.steps; ++step) {
    const __m512i from_a = _mm512_set1_epi32(word_at(a + step * 4));
    const __m512i from_b = _mm512_loadu_si512(b + step * 128);
    sum = _mm512_fmadd_ps(even(from_a), even(from_b), sum);
    sum = _mm512_fmadd_ps(odd(from_a), odd(from_b), sum);
  }
  auto* const c = reinterpret_cast<float*>(call.c + row * call.c_row_bytes + half * 64);
  sum = _mm512_mul_ps(sum, _mm512_set1_ps(static_cast<float>(call.alpha)));
  const __m512 before = _mm512_maskz_loadu_ps(call.accumulate ? mask : __mmask16{0}, c);
  _mm512_mask_storeu_ps(c, mask, _mm512_add_ps(sum, before));
}

void tile(const TileCall& call) {
  TileWords<Scale> words = packed_words_of<Scale>(call);
  if (exact(call)) {
    words.b += HEADER;
    return TILE_OF_ROWS[call.rows - 1](&words);
  }
  for (std::int64_t row = 0; row < call.rows; ++row) {
    multiply_widened(call, row, 0, static_cast<__mmask16>(words.low));
    multiply_widened(call, row, 1, static_cast<__mmask16>(words.high));
  }
}

std::int64_t steps_of(const PackCall& call) { return round_up((call.k + DEPTH - 1) / DEPTH, UNROLLED); }

// A row whose elements are adjacent, then zeros up to `padded` bytes, then its exponent.
void pack_row(const std::byte* from, std::int64_t bytes, std::int64_t padded, std::byte* to) {
  LeastExponent least;
  std::int64_t at = 0;
  for (; at + 64 <= bytes; at += 64) {
    const __m512i elements = _mm512_loadu_si512(from + at);
    least.see(elements);
    _mm512_storeu_si512(to + at, elements);
  }
  for (; at < padded; at += 64) {
    const __m512i elements = _mm512_maskz_loadu_epi8(byte_mask(bytes - at), from + at);
    least.see(elements);
    _mm512_storeu_si512(to + at, elements);
  }
  note_exponent(least.value(), to + STEPS_BYTES);
}

void pack_a(const PackCall& call) {
  const std::int64_t steps = steps_of(call);
  if (call.inner_bytes == 2) {
    for (std::int64_t row = 0; row < call.outer; ++row) {
      const std::byte* const from = call.data + row * call.outer_bytes;
      fetch(from + ROWS_AHEAD * call.outer_bytes);
      pack_row(from, call.k * 2, steps * 4, call.out + row * ROW_STRIDE);
    }
    return;
  }
  pack_strided(call,
               {.steps = steps, .depth = DEPTH, .word = 2, .outer = ROW_STRIDE, .inner = 4, .padded = call.outer});
  for (std::int64_t row = 0; row < call.outer; ++row) {
    std::byte* const packed = call.out + row * ROW_STRIDE;
    note_exponent(least_exponent(packed, steps * 4), packed + STEPS_BYTES);
  }
}

// Two rows of 32 columns become 32 pairs.
void pair_rows(__m512i even, __m512i odd, std::byte* out) {
  const __m512i low = _mm512_unpacklo_epi16(even, odd);
  const __m512i high = _mm512_unpackhi_epi16(even, odd);
  const __m512i first = _mm512_setr_epi64(0, 1, 8, 9, 2, 3, 10, 11);
  const __m512i second = _mm512_setr_epi64(4, 5, 12, 13, 6, 7, 14, 15);
  _mm512_storeu_si512(out, _mm512_permutex2var_epi64(low, first, high));
  _mm512_storeu_si512(out + 64, _mm512_permutex2var_epi64(low, second, high));
}

void pack_body(const PackCall& call, std::int64_t steps) {
  if (call.outer_bytes == 2) {
    const __mmask64 mask = byte_mask(call.outer * 2);
    for (std::int64_t k = 0; k < steps * DEPTH; k += DEPTH) {
      const std::byte* const from = call.data + k * call.inner_bytes;
      fetch(from + BYTES_AHEAD);
      fetch(from + BYTES_AHEAD + call.inner_bytes);
      const __m512i even = _mm512_maskz_loadu_epi8(k < call.k ? mask : __mmask64{0}, from);
      const __m512i odd = _mm512_maskz_loadu_epi8(k + 1 < call.k ? mask : __mmask64{0}, from + call.inner_bytes);
      pair_rows(even, odd, call.out + k / DEPTH * 128);
    }
  } else if (call.inner_bytes == 2) {
    fetch_next_columns(call, call.k * 2);
    turn<4>({.data = call.data,
             .row_bytes = call.outer_bytes,
             .rows = call.outer,
             .row_length = call.k * 2,
             .padded_rows = COLUMNS,
             .padded_length = steps * 4,
             .out = call.out,
             .out_bytes = 128});
  } else {
    pack_strided(call, {.steps = steps, .depth = DEPTH, .word = 2, .outer = 4, .inner = 128, .padded = COLUMNS});
  }
}

void pack_b(const PackCall& call) {
  const std::int64_t steps = steps_of(call);
  PackCall body = call;
  body.out = call.out + HEADER;
  pack_body(body, steps);
  note_exponent(least_exponent(body.out, steps * 128), call.out);
}

constexpr TileSet TILES{
    .rows = MOST_ROWS,
    .narrow_rows = 0,
    .columns = 32,
    .depth = DEPTH,
    .step_bytes = 4,
    .element_bytes = 2,
    .result_bytes = 4,
    .header_bytes = HEADER,
    .carries = false,
    .tile = tile,
    .direct = nullptr,
    .pack_a = pack_a,
    .pack_b = pack_b,
};

void multiply_bf16(const GemmCall& call) {
  is_brief(TILES, call) ? multiply_brief(TILES, call) : multiply_blocked(TILES, call);
}
std::int64_t pack_bf16(const PackB& call) { return pack_panels(TILES, call); }

ASSAY_KERNEL(gemm, multiply_bf16, avx512_dot, &multiply_bf16);
ASSAY_KERNEL(gemm, pack_bf16, avx512_dot, &pack_bf16);

}  // namespace
}  // namespace assay::gemm_tiles
