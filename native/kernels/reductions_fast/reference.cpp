#include "loops.h"

namespace assay::reductions {
namespace {

ASSAY_KERNEL(reduce, folds, reference, &fold_table);

}  // namespace
}  // namespace assay::reductions
