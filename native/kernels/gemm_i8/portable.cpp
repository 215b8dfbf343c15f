#include "../gemm_tiles/convert.h"
#include "../gemm_tiles/portable_lanes.h"
#include "../gemm_tiles/vector_tile.h"

namespace assay::gemm_tiles {
namespace {

constexpr std::int64_t ROWS = 4;
using Pack = Packing<PlainPairs, WidenPairs>;

constexpr TileSet TILES{
    .rows = ROWS,
    .narrow_rows = 0,
    .columns = Pack::COLUMNS,
    .depth = WidenPairs::DEPTH,
    .step_bytes = PlainPairs::STEP,
    .element_bytes = 1,
    .result_bytes = 4,
    .header_bytes = 0,
    .carries = false,
    .tile = multiply_tile<PlainPairs, ROWS>,
    .direct = nullptr,
    .pack_a = Pack::a,
    .pack_b = Pack::b,
};

void multiply_i8(const GemmCall& call) { multiply_blocked(TILES, call); }
std::int64_t pack_i8(const PackB& call) { return pack_panels(TILES, call); }

ASSAY_KERNEL(gemm, multiply_i8, portable, &multiply_i8);
ASSAY_KERNEL(gemm, pack_i8, portable, &pack_i8);

}  // namespace
}  // namespace assay::gemm_tiles
