#include "../gemm_tiles/convert.h"
#include "../gemm_tiles/portable_lanes.h"
#include "../gemm_tiles/vector_tile.h"

namespace assay::gemm_tiles {
namespace {

constexpr std::int64_t ROWS = 4;
using Pack = Packing<PlainLanes<double>, Same<double>>;

constexpr TileSet TILES{
    .rows = ROWS,
    .narrow_rows = 0,
    .columns = Pack::COLUMNS,
    .depth = Same<double>::DEPTH,
    .step_bytes = PlainLanes<double>::STEP,
    .element_bytes = 8,
    .result_bytes = 8,
    .header_bytes = 0,
    .carries = false,
    .tile = multiply_tile<PlainLanes<double>, ROWS>,
    .direct = nullptr,
    .pack_a = Pack::a,
    .pack_b = Pack::b,
};

void multiply_f64(const GemmCall& call) { multiply_blocked(TILES, call); }
std::int64_t pack_f64(const PackB& call) { return pack_panels(TILES, call); }

ASSAY_KERNEL(gemm, multiply_f64, portable, &multiply_f64);
ASSAY_KERNEL(gemm, pack_f64, portable, &pack_f64);

}  // namespace
}  // namespace assay::gemm_tiles
