// Where an operation's loop is looked up: the vector rungs first, then these.
#pragma once

#include "assay/kernels/elementwise.h"

namespace assay::elementwise {

// Real numbers, by the C library.
[[nodiscard]] UnaryLoop real_unary(Unary operation, DType type);
[[nodiscard]] BinaryLoop real_binary(Binary operation, DType type);

// Complex numbers, by the C++ library.
[[nodiscard]] UnaryLoop complex_unary(Unary operation, DType type);
[[nodiscard]] BinaryLoop complex_binary(Binary operation, DType type);

// Any type to any other.
[[nodiscard]] UnaryLoop conversion(DType from, DType to);

}  // namespace assay::elementwise
