#include "plain.h"

namespace assay::blocks {
namespace {

ASSAY_KERNEL(blocks, round_rows, avx2, &round_tiles<round_group>);
ASSAY_KERNEL(blocks, multiply_blocks, avx2, &multiply_all);

}  // namespace
}  // namespace assay::blocks
