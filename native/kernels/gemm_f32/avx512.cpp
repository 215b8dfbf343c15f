#include "../gemm_tiles/avx512_pack.h"
#include "../gemm_tiles/avx512_words.h"

#define ASSAY_LOAD_A "vbroadcastss"
#define ASSAY_STEP "4"
#define ASSAY_FMA(A, B, SUM) "vfmadd231ps %%zmm" #A ", %%zmm" #B ", %%zmm" #SUM "\n\t"
#define ASSAY_ADD "vaddps"
#define ASSAY_MUL "vmulps"
#define ASSAY_MOVE "vmovups"
#define ASSAY_SPREAD "vbroadcastss"
#define ASSAY_BEGIN(ROWS) ASSAY_EACH_##ROWS(ASSAY_CLEAR)
#define ASSAY_CARRY ASSAY_CARRY_PIECES
#include "../gemm_tiles/avx512_direct.h"
#include "../gemm_tiles/avx512_tile.h"

namespace assay::gemm_tiles {
namespace {

constexpr std::int64_t COLUMNS = 32;
using Scale = float;

ASSAY_TILES
ASSAY_DIRECT_TILES

void tile(const TileCall& call) {
  const TileWords<Scale> words = packed_words_of<Scale>(call);
  TILE_OF_ROWS[call.rows - 1](&words);
}

void direct(const DirectTile& call) {
  TileWords<Scale> words = words_of<Scale>(call);
  words.a_row = call.a_row_bytes;
  words.b_row = call.b_row_bytes;
  words.dense = call.fetch_c;
  words.ahead_a = call.ahead.first;
  words.ahead_a_step = call.ahead.step;
  const AsmTile<Scale>* const tiles = call.columns <= COLUMNS / 2 ? NARROW_OF_ROWS : WIDE_OF_ROWS;
  tiles[call.rows - 1](&words);
}

constexpr TileSet TILES{
    .rows = MOST_ROWS,
    .narrow_rows = 16,
    .columns = COLUMNS,
    .depth = 1,
    .step_bytes = 4,
    .element_bytes = 4,
    .result_bytes = 4,
    .header_bytes = 0,
    .carries = true,
    .tile = tile,
    .direct = direct,
    .pack_a = pack_words_a<4>,
    .pack_b = pack_words_b<4>,
};

void multiply_f32(const GemmCall& call) { multiply_blocked(TILES, call); }
std::int64_t pack_f32(const PackB& call) { return pack_panels(TILES, call); }

ASSAY_KERNEL(gemm, multiply_f32, avx512, &multiply_f32);
ASSAY_KERNEL(gemm, pack_f32, avx512, &pack_f32);

}  // namespace
}  // namespace assay::gemm_tiles
