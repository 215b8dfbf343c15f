// Matrix products.

#include "gemm.h"

#include <array>

#include "assay/kernels/gemm.h"
#include "assay/runtime/launch.h"
#include "methods.h"

namespace assay::python {

template <bool writable>
ArrayView ArrayArgument<writable>::get() const {
  std::string_view format = view_.format == nullptr ? "B" : view_.format;
  if (format.starts_with('@') || format.starts_with('<')) {
    format.remove_prefix(1);
  }
  if (format.size() != 1) {
    throw TypeError("elements of format '" + std::string(format) + "' are no numbers that are multiplied");
  }
  if (view_.len > 0 && reinterpret_cast<std::uintptr_t>(view_.buf) % static_cast<std::uintptr_t>(view_.itemsize) != 0) {
    throw TypeError("the buffer is not aligned to its elements; copy it");
  }
  ArrayView array{.data = view_.buf, .format = format[0], .ndim = view_.ndim, .shape = {1, 0, 0}, .stride = {}};
  for (int i = 0; i < view_.ndim; ++i) {
    const std::int64_t to = 3 - view_.ndim + i;
    if (view_.strides[i] % view_.itemsize != 0) {
      throw TypeError("a stride is no multiple of the element; copy the array");
    }
    array.shape[to] = view_.shape[i];
    array.stride[to] = view_.strides[i] / view_.itemsize;
  }
  return array;
}

template class ArrayArgument<false>;
template class ArrayArgument<true>;

namespace {

constexpr std::int64_t WORTH_RELEASING = 32 * 32 * 32;  // multiply-adds; about what releasing the lock costs

struct Formats {
  char ab;
  char c;
  GemmType type;
};

constexpr std::array FORMATS{
    Formats{'d', 'd', GemmType::f64},
    Formats{'f', 'f', GemmType::f32},
    Formats{'H', 'f', GemmType::bf16},
    Formats{'b', 'i', GemmType::i8},
};

constexpr std::array<std::pair<std::string_view, Activation>, 4> ACTIVATIONS{{
    {"none", Activation::none},
    {"relu", Activation::relu},
    {"gelu", Activation::gelu},
    {"silu", Activation::silu},
}};

GemmType type_of(const ArrayView& a, const ArrayView& b, const ArrayView& c) {
  for (const Formats& formats : FORMATS) {
    if (a.format == formats.ab && b.format == formats.ab && c.format == formats.c) {
      return formats.type;
    }
  }
  throw TypeError(std::string("no product of elements '") + a.format + "' and '" + b.format + "' into '" + c.format +
                  "'; there are d, d, d; f, f, f; H, H, f (bf16 as its bits); b, b, i");
}

std::string text_of(const ArrayView& array) {
  std::string text = "(";
  for (std::int64_t i = 3 - array.ndim; i < 3; ++i) {
    text += std::to_string(array.shape[i]) + (i < 2 ? ", " : ")");
  }
  return text;
}

void require_shapes(const ArrayView& a, const ArrayView& b, const ArrayView& c) {
  const bool inner = a.shape[2] == b.shape[1] && c.shape[1] == a.shape[1] && c.shape[2] == b.shape[2];
  const auto fits = [&](const ArrayView& array) { return array.ndim == 2 || array.shape[0] == c.shape[0]; };
  if (!inner || !fits(a) || !fits(b) || c.ndim < a.ndim || c.ndim < b.ndim) {
    throw Error(ErrorKind::usage, "shapes " + text_of(a) + " and " + text_of(b) + " don't make " + text_of(c));
  }
  if (c.shape[2] > 1 && c.stride[2] != 1) {
    throw Error(ErrorKind::usage, "the columns of the result must be adjacent");
  }
}

GemmCall call_of(const ArrayView& a, const ArrayView& b, const ArrayView& c) {
  require_shapes(a, b, c);
  return {
      .type = type_of(a, b, c),
      .m = a.shape[1],
      .n = b.shape[2],
      .k = a.shape[2],
      .a = {a.data, a.stride[1], a.stride[2]},
      .b = {b.data, b.stride[1], b.stride[2]},
      .c = c.data,
      .c_row = c.stride[1],
  };
}

GemmBatch batch_of(const ArrayView& a, const ArrayView& b, const ArrayView& c) {
  return {.count = c.shape[0], .a = a.stride[0], .b = b.stride[0], .c = c.stride[0]};
}

// Operands once each, whatever a batch shares.
Work work_of(const GemmCall& call, std::int64_t count) {
  const std::int64_t operand_bytes = call.type == GemmType::f64    ? 8
                                     : call.type == GemmType::f32  ? 4
                                     : call.type == GemmType::bf16 ? 2
                                                                   : 1;
  const std::int64_t result_bytes = call.type == GemmType::f64 ? 8 : 4;
  return {.flops = 2 * count * call.m * call.n * call.k,
          .bytes_read = count * operand_bytes * call.k * (call.m + call.n),
          .bytes_written = count * result_bytes * call.m * call.n};
}

const char* launch_name(GemmType type) {
  constexpr std::array NAMES{"gemm_f64", "gemm_f32", "gemm_bf16", "gemm_i8"};
  return NAMES[static_cast<std::size_t>(type)];
}

void run_product(const GemmCall& call, const GemmBatch& batch, std::string_view rung) {
  const LaunchScope scope(0, launch_name(call.type), work_of(call, batch.count));
  const auto product = [&] { rung.empty() ? gemm(call, batch) : gemm(call, batch, rung_named(rung)); };
  if (call.m * call.n * call.k * batch.count >= WORTH_RELEASING) {
    run<Gil::released>(product);
  } else {
    product();
  }
}

Activation activation_named(std::string_view wanted) {
  for (const auto& [name, activation] : ACTIVATIONS) {
    if (name == wanted) {
      return activation;
    }
  }
  throw Error(ErrorKind::usage, "no activation '" + std::string(wanted) + "'; there are none, relu, gelu, silu");
}

void require_exact(const GemmCall& call) {
  const bool plain = call.alpha == 1.0 && (call.beta == 0.0 || call.beta == 1.0) && call.bias == nullptr &&
                     call.activation == Activation::none;
  if (call.type == GemmType::i8 && !plain) {
    throw Error(ErrorKind::usage, "a product of int8 has no alpha, bias or activation, and beta is 0 or 1");
  }
}

GemmCall full_call(const ArrayView& a, const ArrayView& b, const ArrayView& c, double alpha, double beta,
                   std::string_view activation) {
  GemmCall call = call_of(a, b, c);
  call.alpha = alpha;
  call.beta = beta;
  call.activation = activation_named(activation);
  return call;
}

void matmul_into(const ReadArray& a, const ReadArray& b, const WriteArray& c) {
  run_product(call_of(a, b, c), batch_of(a, b, c), {});
}

void gemm_into(const ReadArray& a, const ReadArray& b, const WriteArray& c, double alpha, double beta,
               std::string_view activation, std::string_view rung) {
  const GemmCall call = full_call(a, b, c, alpha, beta, activation);
  require_exact(call);
  run_product(call, batch_of(a, b, c), rung);
}

void gemm_bias_into(const ReadArray& a, const ReadArray& b, const WriteArray& c, double alpha, double beta,
                    std::string_view activation, std::string_view rung, const ReadArray& bias) {
  GemmCall call = full_call(a, b, c, alpha, beta, activation);
  if (bias.shape[1] != 1 || bias.shape[2] != call.n || bias.format != c.format || (call.n > 1 && bias.stride[2] != 1)) {
    throw Error(ErrorKind::usage, "the bias must be of shape (1, " + std::to_string(call.n) + ") and of C's type");
  }
  call.bias = bias.data;
  require_exact(call);
  run_product(call, batch_of(a, b, c), rung);
}

const Methods methods{
    bind<&matmul_into, "matmul_into">("c = a b. Releases the lock where the product takes longer than that."),
    bind<&gemm_into, "gemm_into">("c = activation(alpha a b + beta c), by the named rung or, for '', the best."),
    bind<&gemm_bias_into, "gemm_bias_into">("The same with a bias of shape (1, n) added to every row."),
};

}  // namespace
}  // namespace assay::python
