namespace assay::linalg {
namespace {

template <class R>
struct Vector {
  using Type [[gnu::vector_size(16)]] = R;
  static Type fma(Type a, Type b, Type c) { return a * b + c; }
};

}  // namespace
}  // namespace assay::linalg

#include "loops.h"

namespace assay::linalg {
namespace {

ASSAY_KERNEL(linalg, lines, reference, &lines_table);

}  // namespace
}  // namespace assay::linalg
