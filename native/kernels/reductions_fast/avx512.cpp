#include "loops.h"

namespace assay::reductions {
namespace {

ASSAY_KERNEL(reduce, folds, avx512, &fold_table);

}  // namespace
}  // namespace assay::reductions
