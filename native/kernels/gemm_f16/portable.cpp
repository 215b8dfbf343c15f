#include "../gemm_tiles/portable_lanes.h"
#include "../gemm_tiles/vector_tile.h"
#include "widen.h"

namespace assay::gemm_tiles {
namespace {

constexpr std::int64_t ROWS = 4;
using Pack = Packing<PlainLanes<float>, WidenF16>;

constexpr TileSet TILES{
    .rows = ROWS,
    .narrow_rows = 0,
    .columns = Pack::COLUMNS,
    .depth = WidenF16::DEPTH,
    .step_bytes = PlainLanes<float>::STEP,
    .element_bytes = 2,
    .result_bytes = 4,
    .header_bytes = 0,
    .carries = false,
    .tile = multiply_tile<PlainLanes<float>, ROWS>,
    .direct = nullptr,
    .pack_a = Pack::a,
    .pack_b = Pack::b,
};

void multiply_f16(const GemmCall& call) { multiply_blocked(TILES, call); }
std::int64_t pack_f16(const PackB& call) { return pack_panels(TILES, call); }

ASSAY_KERNEL(gemm, multiply_f16, portable, &multiply_f16);
ASSAY_KERNEL(gemm, pack_f16, portable, &pack_f16);

}  // namespace
}  // namespace assay::gemm_tiles
