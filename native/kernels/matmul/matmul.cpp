#include "assay/kernels/matmul.h"

#include <algorithm>
#include <complex>
#include <string>
#include <type_traits>

#include "../elementwise/walk.h"
#include "assay/core/error.h"
#include "assay/kernels/gemm.h"
#include "assay/runtime/parallel.h"

namespace assay {
namespace {

struct Matrix {
  std::byte* data;
  std::int64_t row;     // bytes
  std::int64_t column;  // bytes
};

struct Product {
  std::int64_t m;
  std::int64_t n;
  std::int64_t k;
  Matrix a;
  Matrix b;
  std::byte* out;
};

template <class T>
T& element(const Matrix& matrix, std::int64_t row, std::int64_t column) {
  return *reinterpret_cast<T*>(matrix.data + row * matrix.row + column * matrix.column);
}

// Integers wrap, and none is promoted to a signed type that doesn't.
template <class T>
struct Exact {
  using type = T;
};
template <class T>
  requires std::is_integral_v<T>
struct Exact<T> {
  using type = std::conditional_t<(sizeof(T) < 4), std::uint32_t, std::make_unsigned_t<T>>;
};

template <class T>
void multiply_plainly(const Product& product) {
  using Wide = typename Exact<T>::type;
  const std::int64_t grain = std::max<std::int64_t>(1, (1 << 16) / std::max<std::int64_t>(1, product.n * product.k));
  parallel_for(product.m, grain, [&](std::int64_t first, std::int64_t last) {
    for (std::int64_t i = first; i < last; ++i) {
      T* const row = reinterpret_cast<T*>(product.out) + i * product.n;
      std::fill_n(row, product.n, T{});
      for (std::int64_t l = 0; l < product.k; ++l) {
        const Wide factor = static_cast<Wide>(element<T>(product.a, i, l));
        for (std::int64_t j = 0; j < product.n; ++j) {
          row[j] = static_cast<T>(static_cast<Wide>(row[j]) + factor * static_cast<Wide>(element<T>(product.b, l, j)));
        }
      }
    }
  });
}

// Where strides are whole elements.
template <class T, GemmType type>
void multiply_fast(const Product& product) {
  constexpr auto BYTES = static_cast<std::int64_t>(sizeof(T));
  const Matrix& a = product.a;
  const Matrix& b = product.b;
  const bool whole = a.row % BYTES == 0 && a.column % BYTES == 0 && b.row % BYTES == 0 && b.column % BYTES == 0;
  if (!whole) {
    return multiply_plainly<T>(product);
  }
  gemm({.type = type,
        .m = product.m,
        .n = product.n,
        .k = product.k,
        .a = {a.data, a.row / BYTES, a.column / BYTES},
        .b = {b.data, b.row / BYTES, b.column / BYTES},
        .c = product.out,
        .c_row = product.n});
}

using Multiply = void (*)(const Product&);

template <class... T>
Multiply multiply_among(DType type) {
  Multiply found = nullptr;
  ((type == dtype_of<T> ? void(found = &multiply_plainly<T>) : void()), ...);
  return found;
}

Multiply multiply_of(DType type) {
  if (type == DType::f32) {
    return &multiply_fast<float, GemmType::f32>;
  }
  if (type == DType::f64) {
    return &multiply_fast<double, GemmType::f64>;
  }
  const Multiply plain =
      multiply_among<std::int8_t, std::int16_t, std::int32_t, std::int64_t, std::uint8_t, std::uint16_t, std::uint32_t,
                     std::uint64_t, std::complex<float>, std::complex<double>>(type);
  if (plain == nullptr) {
    throw Error(ErrorKind::type, "matmul: not defined for elements of type " + std::string(facts(type).name));
  }
  return plain;
}

}  // namespace

void matmul(const View& a, const View& b, const View& out) {
  const Multiply multiply = multiply_of(out.dtype);
  const int batch = out.ndim - 2;
  const View a_starts{a.data, a.dtype, batch, a.shape, a.strides};
  const View b_starts{b.data, b.dtype, batch, b.shape, b.strides};
  const View out_starts{out.data, out.dtype, batch, out.shape, out.strides};
  const elementwise::Walk<3> matrices = elementwise::walk_of<3>({&a_starts, &b_starts, &out_starts});
  parallel_for(matrices.count, 1, [&](std::int64_t first, std::int64_t last) {
    elementwise::for_rows(matrices, first, last, [&](const std::array<std::byte*, 3>& at, std::int64_t count) {
      const auto& strides = matrices.row_strides();
      for (std::int64_t i = 0; i < count; ++i) {
        multiply({out.shape[batch],
                  out.shape[batch + 1],
                  a.shape[batch + 1],
                  {at[0] + i * strides[0], a.strides[batch], a.strides[batch + 1]},
                  {at[1] + i * strides[1], b.strides[batch], b.strides[batch + 1]},
                  at[2] + i * strides[2]});
      }
    });
  });
}

}  // namespace assay
