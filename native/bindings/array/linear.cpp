// Linear algebra and Fourier transforms of arrays. Operands were checked and broadcast in Python.

#include "../methods.h"
#include "assay/engines/fft.h"
#include "assay/kernels/linalg.h"
#include "operate.h"
#include "work.h"

namespace assay::python {
namespace {

DType real_of(DType dtype) { return dtype == DType::c64 ? DType::f32 : dtype == DType::c128 ? DType::f64 : dtype; }

// The leading axes of an array of matrices, and how many matrices there are.
struct Matrices {
  Stack stack;
  Dimensions leading;

  explicit Matrices(const ArrayObject& array) : stack{array.dtype, 1, 0, 0}, leading{} {
    if (array.ndim < 2) {
      throw TypeError("expected at least two axes");
    }
    const auto axes = static_cast<std::size_t>(array.ndim);
    leading = dimensions_of(array.shape.first(axes - 2));
    stack.rows = array.shape[axes - 2];
    stack.columns = array.shape[axes - 1];
    for (std::size_t axis = 0; axis + 2 < axes; ++axis) {
      stack.count *= array.shape[axis];
    }
  }

  [[nodiscard]] Owned result(DType dtype, std::initializer_list<std::int64_t> last) const {
    Dimensions shape = leading;
    for (const std::int64_t length : last) {
      shape.values[static_cast<std::size_t>(shape.count++)] = length;
    }
    return new_array(dtype, shape.count, shape.values.data());
  }

  // Numbers in all matrices; `for_each` of them, so many operations.
  [[nodiscard]] Task task(const char* operation, std::int64_t for_each) const {
    return {operation, stack.dtype, stack.count * stack.rows * stack.columns, for_each};
  }
};

void require_square(const Matrices& matrices) {
  if (matrices.stack.rows != matrices.stack.columns) {
    throw Error(ErrorKind::usage, "the matrices are not square");
  }
}

Owned array_cholesky(ArrayObject& given) {
  const Matrices matrices(given);
  require_square(matrices);
  Owned a = copied(given, given.dtype);
  run_on(matrices.task("cholesky", matrices.stack.rows / 3), std::array{seen(given), seen(a.array())},
         [stack = matrices.stack](const auto& views) { cholesky(stack, views[1].data); });
  return a;
}

Owned array_solve(ArrayObject& given, ArrayObject& right) {
  const Matrices matrices(given);
  const Matrices rights(right);
  require_square(matrices);
  if (right.dtype != given.dtype || rights.stack.rows != matrices.stack.rows ||
      rights.stack.count != matrices.stack.count) {
    throw TypeError("solve: expected matrices of one type that fit each other");
  }
  const std::int64_t columns = rights.stack.columns;
  const Owned a = copied(given, given.dtype);
  Owned b = copied(right, right.dtype);
  run_on(matrices.task("solve", 2 * matrices.stack.rows / 3 + 2 * columns),
         std::array{seen(right), seen(a.array()), seen(b.array())},
         [stack = matrices.stack, columns](const auto& views) { solve(stack, views[1].data, views[2].data, columns); });
  return b;
}

std::vector<Owned> array_determinant(ArrayObject& given) {
  const Matrices matrices(given);
  require_square(matrices);
  const Owned a = copied(given, given.dtype);
  std::vector<Owned> results;
  results.push_back(matrices.result(given.dtype, {}));
  results.push_back(matrices.result(given.dtype, {}));
  results.push_back(matrices.result(real_of(given.dtype), {}));
  run_on(matrices.task("det", 2 * matrices.stack.rows / 3),
         std::array{seen(a.array()), seen(results[0].array()), seen(results[1].array()), seen(results[2].array())},
         [stack = matrices.stack](const auto& views) {
           determinant(stack, views[0].data, {views[1].data, views[2].data, views[3].data});
         });
  return results;
}

std::vector<Owned> array_qr(ArrayObject& given, bool complete) {
  const Matrices matrices(given);
  const auto [dtype, count, rows, columns] = matrices.stack;
  const std::int64_t kept = complete ? rows : std::min(rows, columns);
  const Owned a = copied(given, given.dtype);
  std::vector<Owned> results;
  results.push_back(matrices.result(given.dtype, {rows, kept}));
  results.push_back(matrices.result(given.dtype, {kept, columns}));
  run_on(matrices.task("qr", 4 * std::min(rows, columns)),
         std::array{seen(a.array()), seen(results[0].array()), seen(results[1].array())},
         [stack = matrices.stack, kept](const auto& views) {
           qr(stack, views[0].data, views[1].data, views[2].data, kept);
         });
  return results;
}

std::vector<Owned> eigen_of(ArrayObject& given, bool vectors) {
  const Matrices matrices(given);
  require_square(matrices);
  std::vector<Owned> results;
  results.push_back(matrices.result(real_of(given.dtype), {matrices.stack.rows}));
  results.push_back(copied(given, given.dtype));
  run_on(matrices.task(vectors ? "eigh" : "eigvalsh", (vectors ? 9 : 4) * matrices.stack.rows / 3),
         std::array{seen(given), seen(results[0].array()), seen(results[1].array())},
         [stack = matrices.stack, vectors](const auto& views) {
           eigen_hermitian(stack, views[2].data, views[1].data, vectors);
         });
  return results;
}

std::vector<Owned> array_eigh(ArrayObject& given) { return eigen_of(given, true); }

Owned array_eigvalsh(ArrayObject& given) { return std::move(eigen_of(given, false).front()); }

std::vector<Owned> array_eig(ArrayObject& given) {
  const Matrices matrices(given);
  require_square(matrices);
  std::vector<Owned> results;
  results.push_back(matrices.result(DType::c128, {matrices.stack.rows}));
  results.push_back(copied(given, DType::c128));
  run_on(matrices.task("eig", 25 * matrices.stack.rows),
         std::array{seen(given), seen(results[0].array()), seen(results[1].array())},
         [stack = Stack{DType::c128, matrices.stack.count, matrices.stack.rows, matrices.stack.columns}](
             const auto& views) { eigen(stack, views[2].data, views[1].data); });
  return results;
}

std::vector<Owned> array_svd(ArrayObject& given, bool full) {
  const Matrices matrices(given);
  const auto [dtype, count, rows, columns] = matrices.stack;
  if (rows < columns) {
    throw TypeError("svd: expected at least as many rows as columns");
  }
  const std::int64_t kept = full ? rows : columns;
  const Owned a = copied(given, given.dtype);
  std::vector<Owned> results;
  results.push_back(matrices.result(given.dtype, {rows, kept}));
  results.push_back(matrices.result(real_of(given.dtype), {columns}));
  results.push_back(matrices.result(given.dtype, {columns, columns}));
  run_on(matrices.task("svd", 20 * columns),
         std::array{seen(a.array()), seen(results[0].array()), seen(results[1].array()), seen(results[2].array())},
         [stack = matrices.stack, kept](const auto& views) {
           singular_values(stack, views[0].data, views[1].data, views[2].data, views[3].data, kept);
         });
  return results;
}

Owned array_svdvals(ArrayObject& given) {
  const Matrices matrices(given);
  const auto [dtype, count, rows, columns] = matrices.stack;
  if (rows < columns) {
    throw TypeError("svdvals: expected at least as many rows as columns");
  }
  const Owned a = copied(given, given.dtype);
  Owned result = matrices.result(real_of(given.dtype), {columns});
  run_on(matrices.task("svdvals", 8 * columns / 3), std::array{seen(a.array()), seen(result.array())},
         [stack = matrices.stack](const auto& views) {
           singular_values(stack, views[0].data, nullptr, views[1].data, nullptr, 0);
         });
  return result;
}

// Along the last axis.
Owned array_fft(ArrayObject& given, bool backward, double scale) {
  if (given.ndim == 0) {
    throw TypeError("fft: expected at least one axis");
  }
  const std::int64_t length = given.shape[static_cast<std::size_t>(given.ndim - 1)];
  Owned result = copied(given, given.dtype);
  std::int64_t doublings = 0;
  for (std::int64_t reached = 1; reached < length; reached *= 2) {
    ++doublings;
  }
  const FourierSign sign = backward ? FourierSign::backward : FourierSign::forward;
  run_on(Task{backward ? "ifft" : "fft", given.dtype, given.size, 5 * doublings},
         std::array{seen(given), seen(result.array())},
         [lines = length == 0 ? 0 : given.size / length, length, sign, scale](const auto& views) {
           fourier_transform(views[1].dtype, views[1].data, views[1].data, lines, length, sign, scale);
         });
  return result;
}

const Methods methods{
    bind<&array_cholesky, "array_cholesky">("L of A = L L^H, from the lower triangle."),
    bind<&array_solve, "array_solve">("(a, b): X of A X = B."),
    bind<&array_determinant, "array_determinant">("The determinant, its sign, the logarithm of its magnitude."),
    bind<&array_qr, "array_qr">("(a, complete): Q and R."),
    bind<&array_eigh, "array_eigh">("Values and vectors of Hermitian matrices, from the lower triangle."),
    bind<&array_eigvalsh, "array_eigvalsh">("The values of array_eigh alone."),
    bind<&array_eig, "array_eig">("Values and vectors of square matrices, in complex128."),
    bind<&array_svd, "array_svd">("(a, full): U, S and V^H of matrices that are not wider than high."),
    bind<&array_svdvals, "array_svdvals">("The S of array_svd alone."),
    bind<&array_fft, "array_fft">("(a, backward, scale): transforms along the last axis."),
};

}  // namespace
}  // namespace assay::python
