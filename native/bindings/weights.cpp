// Weights: matrices that are packed once and multiplied often.

#include "assay/kernels/gemm.h"
#include "assay/kernels/gemm_i4.h"
#include "assay/runtime/launch.h"
#include "gemm.h"
#include "methods.h"

namespace assay::python {
namespace {

std::int64_t packed_bytes(const PackB& packing, std::string_view rung) {
  return rung.empty() ? pack(packing) : pack(packing, rung_named(rung));
}

PackB packing_of(const ReadArray& b) {
  if (b.ndim != 2) {
    throw TypeError("weights have " + std::to_string(b.ndim) + " dimensions, not 2");
  }
  return {.type = type_of_operand(b.format),
          .k = b.shape[1],
          .n = b.shape[2],
          .b = {b.data, b.stride[1], b.stride[2]},
          .out = nullptr};
}

Owned weights_pack(const ReadArray& b, std::string_view rung) {
  PackB packing = packing_of(b);
  const std::int64_t bytes = packed_bytes(packing, rung);
  Owned packed = new_array(DType::u8, 1, &bytes);
  packing.out = packed.array().data;
  run<Gil::released>([&] { packed_bytes(packing, rung); });
  return packed;
}

// What `packed` must be to hold weights of that shape.
void require_packed(const ArrayObject& packed, const PackB& shape, std::string_view rung) {
  if (packed.dtype != DType::u8 || !packed.contiguous || packed.size != packed_bytes(shape, rung)) {
    throw Error(ErrorKind::usage, "these are no packed weights of that shape, type and rung");
  }
}

// One product instead of a batch, where rows of A and of C follow each other as in one matrix.
void merge_batch(GemmCall& call, GemmBatch& batch) {
  if (batch.count > 1 && batch.a == call.m * call.a.row && batch.c == call.m * call.c_row) {
    call.m *= batch.count;
    batch.count = 1;
  }
}

std::tuple<std::string, std::int64_t, std::int64_t> weights_facts(const ReadArray& b) {
  const PackB packing = packing_of(b);
  return {std::string(1, b.format), packing.k, packing.n};
}

void weights_multiply(const ReadArray& a, const ArrayObject& packed, std::string_view format, const WriteArray& c,
                      double alpha, double beta, std::string_view activation, std::string_view rung,
                      const OptionalArray& bias) {
  GemmCall call{.type = type_of_operand(a.format),
                .m = a.shape[1],
                .n = c.shape[2],
                .k = a.shape[2],
                .a = {a.data, a.stride[1], a.stride[2]},
                .b = {},
                .c = c.data,
                .c_row = c.stride[1],
                .packed_b = packed.data};
  if (c.shape[0] != a.shape[0] || c.shape[1] != a.shape[1] || c.ndim != a.ndim) {
    throw Error(ErrorKind::usage, "activations of shape " + text_of(a) + " don't make a result of " + text_of(c));
  }
  if (format != std::string_view(&a.format, 1)) {
    throw TypeError(std::string("weights of elements '") + std::string(format) + "' multiply their own kind, not '" +
                    a.format + "'");
  }
  if (c.format != result_format(call.type)) {
    throw TypeError(std::string("the product of elements '") + a.format + "' goes into '" + result_format(call.type) +
                    "', not '" + c.format + "'");
  }
  if (c.shape[2] > 1 && c.stride[2] != 1) {
    throw Error(ErrorKind::usage, "the columns of the result must be adjacent");
  }
  require_packed(packed, {.type = call.type, .k = call.k, .n = call.n, .b = {}, .out = nullptr}, rung);
  put_around({.alpha = alpha, .beta = beta, .activation = activation, .bias = bias}, call);
  GemmBatch batch{.count = c.shape[0], .a = a.stride[0], .b = 0, .c = c.stride[0]};
  merge_batch(call, batch);
  run_product(call, batch, rung);
}

Int4Shape int4_shape(std::int64_t k, std::int64_t n, std::int64_t group, bool zero_points) {
  if (group < INT4_LEAST_GROUP || group > INT4_MOST_GROUP || group % INT4_LEAST_GROUP != 0) {
    throw Error(ErrorKind::usage, "no groups of " + std::to_string(group) + " weights; there are 32, 64, 96 and 128");
  }
  return {.k = k, .n = n, .group = group, .zero_points = zero_points};
}

// One value for every group and column.
void require_grouped(const ArrayView& values, const Int4Shape& shape, char format, std::string_view what) {
  const bool shaped = values.ndim == 2 && values.shape[1] == shape.groups() && values.shape[2] == shape.n;
  const bool laid = (shape.n <= 1 || values.stride[2] == 1) && (shape.groups() <= 1 || values.stride[1] == shape.n);
  if (!shaped || !laid || values.format != format) {
    throw Error(ErrorKind::usage, std::string(what) + " must be of shape (" + std::to_string(shape.groups()) + ", " +
                                      std::to_string(shape.n) + "), contiguous, of format '" + format + "'");
  }
}

Owned int4_pack(const ReadArray& values, const ReadArray& scales, const OptionalArray& zeros, std::int64_t group) {
  if (values.ndim != 2 || (values.format != 'b' && values.format != 'B')) {
    throw TypeError("int4 weights are a matrix of int8, from -8 to 7, or of uint8, from 0 to 15");
  }
  const bool zero_points = zeros.data != nullptr;
  const Int4Shape shape = int4_shape(values.shape[1], values.shape[2], group, zero_points);
  require_grouped(scales, shape, 'f', "scales");
  if (zero_points) {
    require_grouped(zeros, shape, 'B', "zero points");
  }
  const std::int64_t bytes = shape.bytes();
  Owned packed = new_array(DType::u8, 1, &bytes);
  const Int4Weights weights{.shape = shape,
                            .values = static_cast<const std::uint8_t*>(values.data),
                            .row = values.stride[1],
                            .column = values.stride[2],
                            .offset = static_cast<std::uint8_t>(values.format == 'b' ? INT4_ZERO : 0),
                            .scales = static_cast<const float*>(scales.data),
                            .zeros = static_cast<const std::uint8_t*>(zeros.data)};
  std::byte* const out = packed.array().data;
  run<Gil::released>([&] { pack_int4(weights, out); });
  return packed;
}

void require_int4_operands(const ReadArray& a, const OptionalArray& scales, const WriteArray& c) {
  if ((a.format != 'b' && a.format != 'f') || c.format != 'f') {
    throw TypeError(std::string("int4 weights multiply int8 'b' or fp32 'f' into fp32 'f', not '") + a.format +
                    "' into '" + c.format + "'");
  }
  if (a.ndim != 2 || c.ndim != 2 || a.shape[1] != c.shape[1]) {
    throw Error(ErrorKind::usage, "activations of shape " + text_of(a) + " don't make a result of " + text_of(c));
  }
  if ((a.shape[2] > 1 && a.stride[2] != 1) || (c.shape[2] > 1 && c.stride[2] != 1)) {
    throw Error(ErrorKind::usage, "the columns of the activations and of the result must be adjacent");
  }
  if (scales.data == nullptr) {
    return;
  }
  const bool one_a_row = scales.shape[1] == a.shape[1] && scales.shape[2] == 1 && scales.format == 'f';
  if (!one_a_row || a.format != 'b' || (a.shape[1] > 1 && scales.stride[1] != 1)) {
    throw Error(ErrorKind::usage, "the scales of int8 activations must be fp32 of shape (" +
                                      std::to_string(a.shape[1]) + ", 1), contiguous; fp32 activations have none");
  }
}

void int4_multiply(const ReadArray& a, const OptionalArray& scales, const ArrayObject& packed, const WriteArray& c,
                   std::int64_t group, bool zero_points, double alpha, double beta, std::string_view activation,
                   std::string_view rung, const OptionalArray& bias) {
  require_int4_operands(a, scales, c);
  const Int4Shape shape = int4_shape(a.shape[2], c.shape[2], group, zero_points);
  if (packed.dtype != DType::u8 || !packed.contiguous || packed.size != shape.bytes()) {
    throw Error(ErrorKind::usage, "these are no packed int4 weights of that shape");
  }
  GemmCall around{.type = GemmType::f32,
                  .m = a.shape[1],
                  .n = shape.n,
                  .k = shape.k,
                  .a = {},
                  .b = {},
                  .c = c.data,
                  .c_row = c.stride[1]};
  put_around({.alpha = alpha, .beta = beta, .activation = activation, .bias = bias}, around);
  const Int4Call call{.shape = shape,
                      .m = around.m,
                      .a = a.data,
                      .a_is_fp32 = a.format == 'f',
                      .a_row = a.stride[1],
                      .a_scales = static_cast<const float*>(scales.data),
                      .packed = packed.data,
                      .c = static_cast<float*>(c.data),
                      .c_row = around.c_row,
                      .alpha = alpha,
                      .beta = beta,
                      .bias = static_cast<const float*>(around.bias),
                      .activation = around.activation};
  const Work work{.flops = 2 * call.m * shape.n * shape.k,
                  .bytes_read = shape.bytes() + call.m * shape.k * (call.a_is_fp32 ? 4 : 1),
                  .bytes_written = call.m * shape.n * 4};
  const LaunchScope scope(0, "gemm_i4", work);
  run<Gil::released>([&] { rung.empty() ? gemm_int4(call) : gemm_int4(call, rung_named(rung)); });
}

const Methods methods{
    bind<&int4_pack, "int4_pack">("Values, scales and zero points (or None) of groups as an array of bytes."),
    bind<&int4_multiply, "int4_multiply">(
        "c = activation(alpha a w + beta c + bias), w being what int4_pack() made; a's scales may be None."),
    bind<&weights_pack, "weights_pack">(
        "The matrix as products by that rung, or the best, read it; an array of bytes."),
    bind<&weights_facts, "weights_facts">("Format of the elements, rows and columns of a matrix of weights."),
    bind<&weights_multiply, "weights_multiply">("gemm_into() with what weights_pack() made in the place of b."),
};

}  // namespace
}  // namespace assay::python
