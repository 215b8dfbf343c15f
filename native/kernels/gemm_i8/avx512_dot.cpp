#include "../gemm_tiles/avx512_fetch.h"
#include "../gemm_tiles/avx512_pack.h"
#include "../gemm_tiles/avx512_words.h"

// The instruction multiplies unsigned by signed bytes: A is shifted by 128, and the accumulators start from -128 times
// the sums of B's columns, which a panel of B carries ahead of itself.
#define ASSAY_LOAD_A "vpbroadcastd"
#define ASSAY_STEP "4"
#define ASSAY_FMA(A, B, SUM) "vpdpbusd %%zmm" #B ", %%zmm" #A ", %%zmm" #SUM "\n\t"
#define ASSAY_ADD "vpaddd"
#define ASSAY_MUL "vpmulld"
#define ASSAY_MOVE "vmovdqu32"
#define ASSAY_SPREAD "vpbroadcastd"
#define ASSAY_BEGIN(ROWS) ASSAY_EACH_##ROWS(ASSAY_START) "add $128, %%r10\n\t"
#include "../gemm_tiles/avx512_tile.h"

namespace assay::gemm_tiles {
namespace {

constexpr std::int64_t DEPTH = 4;
constexpr std::int64_t COLUMNS = 32;
constexpr std::int64_t HEADER = COLUMNS * 4;
using Scale = std::int32_t;

ASSAY_TILES

void tile(const TileCall& call) {
  const TileWords<Scale> words = packed_words_of<Scale>(call);
  TILE_OF_ROWS[call.rows - 1](&words);
}

std::int64_t steps_of(const PackCall& call) { return round_up((call.k + DEPTH - 1) / DEPTH, UNROLLED); }

// `count` bytes, then zeros up to `padded`, all of them shifted by 128.
void shift_row(const std::byte* from, std::int64_t count, std::int64_t padded, std::byte* to) {
  const __m512i shift = _mm512_set1_epi8(static_cast<char>(128));
  std::int64_t at = 0;
  for (; at + 64 <= count; at += 64) {
    _mm512_storeu_si512(to + at, _mm512_xor_si512(_mm512_loadu_si512(from + at), shift));
  }
  for (; at < padded; at += 64) {
    const __m512i bytes = _mm512_maskz_loadu_epi8(byte_mask(count - at), from + at);
    _mm512_storeu_si512(to + at, _mm512_xor_si512(bytes, shift));
  }
}

void pack_a(const PackCall& call) {
  const std::int64_t steps = steps_of(call);
  const bool adjacent = call.inner_bytes == 1;
  if (!adjacent) {
    pack_strided(call,
                 {.steps = steps, .depth = DEPTH, .word = 1, .outer = ROW_STRIDE, .inner = 4, .padded = call.outer});
  }
  for (std::int64_t row = 0; row < call.outer; ++row) {
    std::byte* const packed = call.out + row * ROW_STRIDE;
    const std::byte* const from = adjacent ? call.data + row * call.outer_bytes : packed;
    fetch(from + ROWS_AHEAD * call.outer_bytes);
    shift_row(from, adjacent ? call.k : steps * 4, steps * 4, packed);
  }
}

// Four rows of 32 columns become 32 groups of four.
void group_rows(const __m256i (&row)[4], std::byte* out) {
  const __m256i low01 = _mm256_unpacklo_epi8(row[0], row[1]);
  const __m256i high01 = _mm256_unpackhi_epi8(row[0], row[1]);
  const __m256i low23 = _mm256_unpacklo_epi8(row[2], row[3]);
  const __m256i high23 = _mm256_unpackhi_epi8(row[2], row[3]);
  const __m256i part[4] = {_mm256_unpacklo_epi16(low01, low23), _mm256_unpackhi_epi16(low01, low23),
                           _mm256_unpacklo_epi16(high01, high23), _mm256_unpackhi_epi16(high01, high23)};
  for (int half = 0; half < 2; ++half) {  // columns 0 to 15 lie in the low lanes
    for (int i = 0; i < 4; ++i) {
      const __m128i lane = half == 0 ? _mm256_castsi256_si128(part[i]) : _mm256_extracti128_si256(part[i], 1);
      _mm_storeu_si128(reinterpret_cast<__m128i*>(out + half * 64 + i * 16), lane);
    }
  }
}

void pack_rows_of_b(const PackCall& call, std::int64_t steps, std::byte* out) {
  const auto mask = static_cast<__mmask32>(byte_mask(call.outer));
  for (std::int64_t step = 0; step < steps; ++step) {
    __m256i row[4];
    for (std::int64_t i = 0; i < DEPTH; ++i) {
      const std::int64_t k = step * DEPTH + i;
      fetch(call.data + k * call.inner_bytes + BYTES_AHEAD);
      row[i] = _mm256_maskz_loadu_epi8(k < call.k ? mask : __mmask32{0}, call.data + k * call.inner_bytes);
    }
    group_rows(row, out + step * 128);
  }
}

void write_header(std::int64_t steps, std::byte* panel) {
  const __m512i ones = _mm512_set1_epi8(1);
  __m512i low = _mm512_setzero_si512();
  __m512i high = low;
  for (std::int64_t step = 0; step < steps; ++step) {
    const std::byte* const at = panel + HEADER + step * 128;
    low = _mm512_dpbusd_epi32(low, ones, _mm512_loadu_si512(at));
    high = _mm512_dpbusd_epi32(high, ones, _mm512_loadu_si512(at + 64));
  }
  const __m512i factor = _mm512_set1_epi32(-128);
  _mm512_storeu_si512(panel, _mm512_mullo_epi32(low, factor));
  _mm512_storeu_si512(panel + 64, _mm512_mullo_epi32(high, factor));
}

void pack_b(const PackCall& call) {
  const std::int64_t steps = steps_of(call);
  std::byte* const out = call.out + HEADER;
  if (call.outer_bytes == 1) {
    pack_rows_of_b(call, steps, out);
  } else if (call.inner_bytes == 1) {
    fetch_next_columns(call, call.k);
    turn<4>({.data = call.data,
             .row_bytes = call.outer_bytes,
             .rows = call.outer,
             .row_length = call.k,
             .padded_rows = COLUMNS,
             .padded_length = steps * 4,
             .out = out,
             .out_bytes = 128});
  } else {
    PackCall body = call;
    body.out = out;
    pack_strided(body, {.steps = steps, .depth = DEPTH, .word = 1, .outer = 4, .inner = 128, .padded = COLUMNS});
  }
  write_header(steps, call.out);
}

constexpr TileSet TILES{
    .rows = MOST_ROWS,
    .narrow_rows = 0,
    .columns = 32,
    .depth = DEPTH,
    .step_bytes = 4,
    .element_bytes = 1,
    .result_bytes = 4,
    .header_bytes = HEADER,
    .carries = false,
    .tile = tile,
    .direct = nullptr,
    .pack_a = pack_a,
    .pack_b = pack_b,
};

void multiply_i8(const GemmCall& call) {
  is_brief(TILES, call) ? multiply_brief(TILES, call) : multiply_blocked(TILES, call);
}
std::int64_t pack_i8(const PackB& call) { return pack_panels(TILES, call); }

ASSAY_KERNEL(gemm, multiply_i8, avx512_dot, &multiply_i8);
ASSAY_KERNEL(gemm, pack_i8, avx512_dot, &pack_i8);

}  // namespace
}  // namespace assay::gemm_tiles
