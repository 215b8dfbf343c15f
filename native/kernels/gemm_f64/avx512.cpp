#include "../gemm_tiles/avx512_pack.h"
#include "../gemm_tiles/avx512_words.h"

#define ASSAY_LOAD_A "vbroadcastsd"
#define ASSAY_STEP "8"
#define ASSAY_FMA(A, B, SUM) "vfmadd231pd %%zmm" #A ", %%zmm" #B ", %%zmm" #SUM "\n\t"
#define ASSAY_ADD "vaddpd"
#define ASSAY_MUL "vmulpd"
#define ASSAY_MOVE "vmovupd"
#define ASSAY_SPREAD "vbroadcastsd"
#define ASSAY_BEGIN(ROWS) ASSAY_EACH_##ROWS(ASSAY_CLEAR)
#define ASSAY_CARRY ASSAY_CARRY_PIECES
#define ASSAY_ROW_BYTES 4096  // as many k as fp32 has: each block of k reads and writes all of C
#include "../gemm_tiles/avx512_direct.h"
#include "../gemm_tiles/avx512_tile.h"

namespace assay::gemm_tiles {
namespace {

constexpr std::int64_t COLUMNS = 16;
using Scale = double;

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
    .step_bytes = 8,
    .element_bytes = 8,
    .result_bytes = 8,
    .header_bytes = 0,
    .carries = true,
    .tile = tile,
    .direct = direct,
    .pack_a = pack_words_a<8, stride_of(ASSAY_ROW_BYTES)>,
    .pack_b = pack_words_b<8>,
    .row_bytes = ASSAY_ROW_BYTES,
};

void multiply_f64(const GemmCall& call) { multiply_blocked(TILES, call); }
std::int64_t pack_f64(const PackB& call) { return pack_panels(TILES, call); }

ASSAY_KERNEL(gemm, multiply_f64, avx512, &multiply_f64);
ASSAY_KERNEL(gemm, pack_f64, avx512, &pack_f64);

}  // namespace
}  // namespace assay::gemm_tiles
