#include "plain.h"

namespace assay::blocks {
namespace {

ASSAY_KERNEL(blocks, round_rows, portable, &round_tiles<round_group>);
ASSAY_KERNEL(blocks, multiply_blocks, portable, &multiply_all);

}  // namespace
}  // namespace assay::blocks
