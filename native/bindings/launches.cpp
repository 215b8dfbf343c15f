// Kernels as launches on a stream.

#include <array>

#include "assay/kernels/gemm.h"
#include "assay/kernels/reduce.h"
#include "methods.h"
#include "streams.h"

namespace assay::python {
namespace {

void launch_nothing(std::int64_t stream) {
  launch(stream, "nothing", {}, [] {});
}

template <class Real>
void sum_into(std::int64_t stream, const HeldBuffer& values, std::string_view format, const WriteHeld& result) {
  const std::span<const Real> elements = Buffer(*values).as<Real>(format);
  const std::span<const double> place = Buffer(*result.buffer).as<double>("d");
  if (place.size() != 1) {
    throw Error(ErrorKind::usage, "the result has " + std::to_string(place.size()) + " elements; give one fp64");
  }
  const auto count = static_cast<std::int64_t>(elements.size());
  const Work work{.flops = count,
                  .bytes_read = static_cast<std::int64_t>(elements.size_bytes()),
                  .bytes_written = static_cast<std::int64_t>(sizeof(double))};
  launch(stream, sizeof(Real) == 4 ? "sum_f32" : "sum_f64", work,
         [values, elements, result] { *static_cast<double*>(result.buffer->buf) = sum(elements); });
}

void launch_sum(std::int64_t stream, const ReadHeld& values, const WriteHeld& result) {
  if (Buffer(*values.buffer).format() == "f") {
    sum_into<float>(stream, values.buffer, "f", result);
  } else {
    sum_into<double>(stream, values.buffer, "d", result);
  }
}

struct GemmFormats {
  GemmType type;
  const char* name;
  std::string_view operand;
  std::string_view result;
  std::int64_t operand_bytes;
  std::int64_t result_bytes;
};

constexpr std::array GEMM_FORMATS{
    GemmFormats{GemmType::f64, "gemm_f64", "d", "d", 8, 8},
    GemmFormats{GemmType::f32, "gemm_f32", "f", "f", 4, 4},
    GemmFormats{GemmType::bf16, "gemm_bf16", "H", "f", 2, 4},
    GemmFormats{GemmType::i8, "gemm_i8", "b", "i", 1, 4},
};

const GemmFormats& gemm_formats(const Py_buffer& a, const Py_buffer& b, const Py_buffer& c) {
  for (const GemmFormats& formats : GEMM_FORMATS) {
    if (Buffer(a).format() == formats.operand && Buffer(b).format() == formats.operand &&
        Buffer(c).format() == formats.result) {
      return formats;
    }
  }
  throw TypeError("elements '" + std::string(Buffer(a).format()) + "', '" + std::string(Buffer(b).format()) +
                  "' and result '" + std::string(Buffer(c).format()) +
                  "' don't go together; there are d, d, d; f, f, f; H, H, f (bf16 as its bits); b, b, i");
}

void require_product(const Py_buffer& a, const Py_buffer& b, const Py_buffer& c) {
  if (a.ndim != 2 || b.ndim != 2 || c.ndim != 2) {
    throw Error(ErrorKind::usage, "operands and result must have two dimensions");
  }
  if (a.shape[1] != b.shape[0] || c.shape[0] != a.shape[0] || c.shape[1] != b.shape[1]) {
    throw Error(ErrorKind::usage, "shapes of operands and result don't go together: (m, k) times (k, n) is (m, n)");
  }
}

void launch_gemm(std::int64_t stream, const ReadHeld& a, const ReadHeld& b, const WriteHeld& c) {
  require_product(*a.buffer, *b.buffer, *c.buffer);
  const GemmFormats& formats = gemm_formats(*a.buffer, *b.buffer, *c.buffer);
  const GemmCall call{.type = formats.type,
                      .m = a.buffer->shape[0],
                      .n = b.buffer->shape[1],
                      .k = a.buffer->shape[1],
                      .a = {.data = a.buffer->buf, .row = a.buffer->shape[1], .column = 1},
                      .b = {.data = b.buffer->buf, .row = b.buffer->shape[1], .column = 1},
                      .c = c.buffer->buf,
                      .c_row = b.buffer->shape[1]};
  const Work work{.flops = 2 * call.m * call.n * call.k,
                  .bytes_read = formats.operand_bytes * call.k * (call.m + call.n),
                  .bytes_written = formats.result_bytes * call.m * call.n};
  launch(stream, formats.name, work, [call, a, b, c] { gemm(call); });
}

const Methods methods{
    bind<&launch_nothing, "launch_nothing">("Launches a kernel that does nothing."),
    bind<&launch_sum, "launch_sum">("Launches the sum of a buffer into one fp64."),
    bind<&launch_gemm, "launch_gemm">("Launches a product of two matrices into a third."),
};

}  // namespace
}  // namespace assay::python
