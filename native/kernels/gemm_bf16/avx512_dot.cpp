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

void tile(const TileCall& call) {
  const TileWords<Scale> words = packed_words_of<Scale>(call);
  TILE_OF_ROWS[call.rows - 1](&words);
}

std::int64_t steps_of(const PackCall& call) { return round_up((call.k + DEPTH - 1) / DEPTH, UNROLLED); }

void pack_a(const PackCall& call) {
  if (call.inner_bytes != 2) {
    return pack_strided(
        call,
        {.steps = steps_of(call), .depth = DEPTH, .word = 2, .outer = ROW_STRIDE, .inner = 4, .padded = call.outer});
  }
  for (std::int64_t row = 0; row < call.outer; ++row) {
    copy_padded(call.data + row * call.outer_bytes, call.k * 2, steps_of(call) * 4, call.out + row * ROW_STRIDE);
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

void pack_b(const PackCall& call) {
  const std::int64_t steps = steps_of(call);
  if (call.outer_bytes == 2) {
    const __mmask64 mask = byte_mask(call.outer * 2);
    for (std::int64_t k = 0; k < steps * DEPTH; k += DEPTH) {
      const std::byte* const from = call.data + k * call.inner_bytes;
      const __m512i even = _mm512_maskz_loadu_epi8(k < call.k ? mask : __mmask64{0}, from);
      const __m512i odd = _mm512_maskz_loadu_epi8(k + 1 < call.k ? mask : __mmask64{0}, from + call.inner_bytes);
      pair_rows(even, odd, call.out + k / DEPTH * 128);
    }
  } else if (call.inner_bytes == 2) {
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

constexpr TileSet TILES{
    .rows = MOST_ROWS,
    .narrow_rows = 0,
    .columns = 32,
    .depth = DEPTH,
    .step_bytes = 4,
    .element_bytes = 2,
    .result_bytes = 4,
    .header_bytes = 0,
    .tile = tile,
    .direct = nullptr,
    .pack_a = pack_a,
    .pack_b = pack_b,
};

void multiply_bf16(const GemmCall& call) { multiply_blocked(TILES, call); }
std::int64_t pack_bf16(const PackB& call) { return pack_panels(TILES, call); }

ASSAY_KERNEL(gemm, multiply_bf16, avx512_dot, &multiply_bf16);
ASSAY_KERNEL(gemm, pack_bf16, avx512_dot, &pack_bf16);

}  // namespace
}  // namespace assay::gemm_tiles
