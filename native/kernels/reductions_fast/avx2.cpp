#include "loops.h"

namespace assay::reductions {
namespace {

ASSAY_KERNEL(reduce, folds, avx2, &fold_table);

}  // namespace
}  // namespace assay::reductions
