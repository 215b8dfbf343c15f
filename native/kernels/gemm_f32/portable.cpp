#include "../gemm_tiles/convert.h"
#include "../gemm_tiles/portable_lanes.h"
#include "../gemm_tiles/vector_tile.h"

namespace assay::gemm_tiles {
namespace {

constexpr std::int64_t ROWS = 4;
using Pack = Packing<PlainLanes<float>, Same<float>>;

constexpr TileSet TILES{
    .rows = ROWS,
    .narrow_rows = 0,
    .columns = Pack::COLUMNS,
    .depth = Same<float>::DEPTH,
    .step_bytes = PlainLanes<float>::STEP,
    .element_bytes = 4,
    .result_bytes = 4,
    .header_bytes = 0,
    .carries = false,
    .tile = multiply_tile<PlainLanes<float>, ROWS>,
    .direct = nullptr,
    .pack_a = Pack::a,
    .pack_b = Pack::b,
};

void multiply_f32(const GemmCall& call) { multiply_blocked(TILES, call); }
std::int64_t pack_f32(const PackB& call) { return pack_panels(TILES, call); }

ASSAY_KERNEL(gemm, multiply_f32, portable, &multiply_f32);
ASSAY_KERNEL(gemm, pack_f32, portable, &pack_f32);

}  // namespace
}  // namespace assay::gemm_tiles
