#include "matmul.h"

#include "assay/kernels/matmul.h"
#include "operate.h"
#include "work.h"

namespace assay::python {
namespace {

// A vector as a matrix of one row or one column; leading axes are filled up with strides of zero.
struct MatrixView {
  Extents shape;
  Extents strides;
  View view;
};

void make_matrices(const ArrayObject& array, bool vector_is_row, const Dimensions& batch, MatrixView& matrices) {
  const auto own = static_cast<std::size_t>(array.ndim == 1 ? 0 : array.ndim - 2);
  const auto leading = static_cast<std::size_t>(batch.count);
  for (std::size_t axis = 0; axis < leading; ++axis) {
    const bool there = axis + own >= leading;
    const std::size_t source = axis + own - leading;
    matrices.shape[axis] = batch.values[axis];
    matrices.strides[axis] = there && array.shape[source] != 1 ? array.strides[source] : 0;
  }
  if (array.ndim == 1) {
    matrices.shape[leading] = vector_is_row ? 1 : array.shape[0];
    matrices.shape[leading + 1] = vector_is_row ? array.shape[0] : 1;
    matrices.strides[leading] = vector_is_row ? 0 : array.strides[0];
    matrices.strides[leading + 1] = vector_is_row ? array.strides[0] : 0;
  } else {
    std::copy_n(array.shape.data() + own, 2, matrices.shape.data() + leading);
    std::copy_n(array.strides.data() + own, 2, matrices.strides.data() + leading);
  }
  matrices.view = {array.data, array.dtype, batch.count + 2, matrices.shape.data(), matrices.strides.data()};
}

View leading_axes(const ArrayObject& array) {
  return {array.data, array.dtype, std::max(array.ndim - 2, 0), array.shape.data(), array.strides.data()};
}

void require_inner_axes(const ArrayObject& a, const ArrayObject& b) {
  const std::int64_t inner_a = a.ndim == 0 ? -1 : a.shape[static_cast<std::size_t>(a.ndim - 1)];
  const std::int64_t inner_b = b.ndim == 0 ? -2 : b.shape[static_cast<std::size_t>(std::max(b.ndim - 2, 0))];
  if (inner_a != inner_b) {
    throw Error(ErrorKind::usage,
                "matmul: shapes " + shape_text(view_of(a)) + " and " + shape_text(view_of(b)) + " have no product");
  }
}

}  // namespace

Owned matmul(const ArrayObject& a, const ArrayObject& b) {
  require_inner_axes(a, b);
  const DType dtype = promote(a.dtype, b.dtype);
  const DType computed = is_half(dtype) ? DType::f32 : dtype;
  if (a.dtype != computed) {
    Owned result = matmul(copied(a, computed).array(), b);
    return dtype == computed ? std::move(result) : copied(result.array(), dtype);
  }
  if (b.dtype != computed) {
    return matmul(a, copied(b, computed).array());
  }
  const Dimensions batch = broadcast("matmul", {leading_axes(a), leading_axes(b)});
  MatrixView left;
  MatrixView right;
  make_matrices(a, true, batch, left);
  make_matrices(b, false, batch, right);
  const auto leading = static_cast<std::size_t>(batch.count);
  Dimensions shape = batch;
  shape.values[leading] = left.shape[leading];
  shape.values[leading + 1] = right.shape[leading + 1];
  const Owned full = new_array(computed, batch.count + 2, shape.values.data());
  const std::int64_t inner = a.shape[static_cast<std::size_t>(a.ndim - 1)];
  run_on(Task{"matmul", computed, full.array().size * inner, 2},
         std::array{Seen{left.view, a.storage}, Seen{right.view, b.storage}, seen(full.array())},
         [](const auto& views) { assay::matmul(views[0], views[1], views[2]); });
  if (a.ndim > 1) {
    shape.values[leading] = left.shape[leading];
    shape.count = batch.count + 1;
  }
  if (b.ndim > 1) {
    shape.values[static_cast<std::size_t>(shape.count++)] = right.shape[leading + 1];
  }
  ArrayObject& whole = full.array();
  Dimensions strides = shape;
  std::int64_t step = size_of(computed);
  for (auto axis = static_cast<std::size_t>(shape.count); axis-- > 0;) {
    strides.values[axis] = step;
    step *= std::max<std::int64_t>(shape.values[axis], 1);
  }
  return new_array_on(whole.storage, whole.data, computed, shape, strides);
}

}  // namespace assay::python
