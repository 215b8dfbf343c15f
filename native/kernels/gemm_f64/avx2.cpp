#include "../gemm_tiles/avx2_lanes.h"
#include "../gemm_tiles/convert.h"
#include "../gemm_tiles/vector_tile.h"

namespace assay::gemm_tiles {
namespace {

constexpr std::int64_t ROWS = 6;
using Pack = Packing<DoubleLanes, Same<double>>;

constexpr TileSet TILES{
    .rows = ROWS,
    .narrow_rows = 0,
    .columns = Pack::COLUMNS,
    .depth = Same<double>::DEPTH,
    .step_bytes = DoubleLanes::STEP,
    .element_bytes = 8,
    .result_bytes = 8,
    .header_bytes = 0,
    .carries = false,
    .tile = multiply_tile<DoubleLanes, ROWS>,
    .direct = nullptr,
    .pack_a = Pack::a,
    .pack_b = Pack::b,
};

void multiply_f64(const GemmCall& call) { multiply_blocked(TILES, call); }
std::int64_t pack_f64(const PackB& call) { return pack_panels(TILES, call); }

ASSAY_KERNEL(gemm, multiply_f64, avx2, &multiply_f64);
ASSAY_KERNEL(gemm, pack_f64, avx2, &pack_f64);

}  // namespace
}  // namespace assay::gemm_tiles
