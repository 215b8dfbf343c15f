// fp16 is widened to fp32 while it is packed. Weights that are kept stay fp16 and are widened by the tile: what is read
// from memory then is half as much.

#include "../gemm_tiles/avx512_words.h"
#include "avx512_pack.h"

#define ASSAY_LOAD_A "vbroadcastss"
#define ASSAY_STEP "4"
#define ASSAY_FMA(A, B, SUM) "vfmadd231ps %%zmm" #A ", %%zmm" #B ", %%zmm" #SUM "\n\t"
#define ASSAY_ADD "vaddps"
#define ASSAY_MUL "vmulps"
#define ASSAY_MOVE "vmovups"
#define ASSAY_SPREAD "vbroadcastss"
#define ASSAY_BEGIN(ROWS) ASSAY_EACH_##ROWS(ASSAY_CLEAR)
#include "../gemm_tiles/avx512_tile.h"

namespace assay::gemm_tiles {
namespace {

constexpr std::int64_t STEP_OF_PANEL = PANEL_COLUMNS * 2;
using Scale = float;

ASSAY_TILES

void tile(const TileCall& call) {
  const TileWords<Scale> words = packed_words_of<Scale>(call);
  TILE_OF_ROWS[call.rows - 1](&words);
}

__m512 half_of_step(const std::byte* from) {
  return _mm512_cvtph_ps(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(from)));
}

float word_at(const std::byte* from) {
  float word;
  __builtin_memcpy(&word, from, sizeof word);
  return word;
}

void fetch(const std::byte* at) { _mm_prefetch(reinterpret_cast<const char*>(at), _MM_HINT_T0); }

// Four steps of a panel are four lines: where panels come from memory, each of two addresses ahead stands for two.
void fetch_ahead(const TileCall& call, std::int64_t four_steps) {
  const std::int64_t stride = call.dense ? UNROLLED * STEP_OF_PANEL : call.ahead_b.step;
  const std::byte* const b = call.ahead_b.first + four_steps * stride;
  const std::byte* const a = call.ahead_a.first + (call.ahead_a.step == 0 ? 0 : four_steps * stride);
  fetch(b);
  fetch(a);
  if (call.dense) {
    fetch(b + 128);
    fetch(a + 128);
  }
}

template <int rows>
void multiply_halves(const TileCall& call) {
  __m512 sum[rows][2];
#pragma GCC unroll 14
  for (int i = 0; i < rows; ++i) {
    sum[i][0] = _mm512_setzero_ps();
    sum[i][1] = sum[i][0];
  }
  const std::byte* a = call.a;
  const std::byte* b = call.b;
  for (std::int64_t step = 0; step < call.steps; step += UNROLLED) {
    fetch_ahead(call, step / UNROLLED);
#pragma GCC unroll 4
    for (int u = 0; u < UNROLLED; ++u) {
      const __m512 low = half_of_step(b);
      const __m512 high = half_of_step(b + STEP_OF_PANEL / 2);
#pragma GCC unroll 14
      for (int i = 0; i < rows; ++i) {
        const __m512 repeated = _mm512_set1_ps(word_at(a + i * ROW_STRIDE));
        sum[i][0] = _mm512_fmadd_ps(repeated, low, sum[i][0]);
        sum[i][1] = _mm512_fmadd_ps(repeated, high, sum[i][1]);
      }
      a += 4;
      b += STEP_OF_PANEL;
    }
  }
  const std::uint64_t mask = (std::uint64_t{1} << call.columns) - 1;
  const __m512 alpha = _mm512_set1_ps(static_cast<float>(call.alpha));
#pragma GCC unroll 14
  for (int i = 0; i < rows; ++i) {
#pragma GCC unroll 2
    for (int half = 0; half < 2; ++half) {
      auto* const c = reinterpret_cast<float*>(call.c + i * call.c_row_bytes) + half * SIDE;
      const auto present = static_cast<__mmask16>(mask >> (half * SIDE));
      const __m512 product = _mm512_mul_ps(sum[i][half], alpha);
      const __m512 before = _mm512_maskz_loadu_ps(call.accumulate ? present : __mmask16{0}, c);
      _mm512_mask_storeu_ps(c, present, call.accumulate ? _mm512_add_ps(product, before) : product);
    }
  }
}

void tile_of_weights(const TileCall& call) {
  static constexpr void (*OF_ROWS[])(const TileCall&) = {
      multiply_halves<1>,  multiply_halves<2>,  multiply_halves<3>,  multiply_halves<4>, multiply_halves<5>,
      multiply_halves<6>,  multiply_halves<7>,  multiply_halves<8>,  multiply_halves<9>, multiply_halves<10>,
      multiply_halves<11>, multiply_halves<12>, multiply_halves<13>, multiply_halves<14>};
  OF_ROWS[call.rows - 1](call);
}

constexpr TileSet TILES{
    .rows = MOST_ROWS,
    .narrow_rows = 0,
    .columns = PANEL_COLUMNS,
    .depth = 1,
    .step_bytes = 4,
    .element_bytes = 2,
    .result_bytes = 4,
    .header_bytes = 0,
    .carries = false,
    .tile = tile,
    .direct = nullptr,
    .pack_a = pack_halves_a,
    .pack_b = pack_halves_b<4>,
};

constexpr TileSet tiles_of_weights() {
  TileSet tiles = TILES;
  tiles.panel_step_bytes = 2;
  tiles.tile = tile_of_weights;
  tiles.pack_b = pack_halves_b<2>;
  return tiles;
}

constexpr TileSet WEIGHT_TILES = tiles_of_weights();

void multiply_f16(const GemmCall& call) {
  const TileSet& tiles = call.packed_b == nullptr ? TILES : WEIGHT_TILES;
  is_brief(tiles, call) ? multiply_brief(tiles, call) : multiply_blocked(tiles, call);
}
std::int64_t pack_f16(const PackB& call) { return pack_panels(WEIGHT_TILES, call); }

ASSAY_KERNEL(gemm, multiply_f16, avx512, &multiply_f16);
ASSAY_KERNEL(gemm, pack_f16, avx512, &pack_f16);

}  // namespace
}  // namespace assay::gemm_tiles
