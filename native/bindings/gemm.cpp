// Matrix products.

#include "gemm.h"

#include <array>

#include "assay/runtime/launch.h"
#include "methods.h"

namespace assay::python {
namespace {

constexpr std::int64_t WORTH_RELEASING = 32 * 32 * 32;  // multiply-adds; about what releasing the lock costs

struct Formats {
  char operand;
  char result;
  GemmType type;
  const char* launch;
  std::int64_t operand_bytes;
  std::int64_t result_bytes;
};

// In the order of GemmType.
constexpr std::array FORMATS{
    Formats{'d', 'd', GemmType::f64, "gemm_f64", 8, 8},   Formats{'f', 'f', GemmType::f32, "gemm_f32", 4, 4},
    Formats{'H', 'f', GemmType::bf16, "gemm_bf16", 2, 4}, Formats{'b', 'i', GemmType::i8, "gemm_i8", 1, 4},
    Formats{'e', 'f', GemmType::f16, "gemm_f16", 2, 4},
};

const Formats& formats_of(GemmType type) { return FORMATS[static_cast<std::size_t>(type)]; }

constexpr std::array<std::pair<std::string_view, Activation>, 4> ACTIVATIONS{{
    {"none", Activation::none},
    {"relu", Activation::relu},
    {"gelu", Activation::gelu},
    {"silu", Activation::silu},
}};

void require_dimensions(std::int64_t count) {
  if (count != 2 && count != 3) {
    throw TypeError("an operand has " + std::to_string(count) + " dimensions, not 2 or 3");
  }
}

ArrayView view_of_array(const ArrayObject& array) {
  const DTypeFacts& of_type = facts(array.dtype);
  const std::string_view format = array.dtype == DType::bf16 ? "H" : of_type.format;
  if (format.size() != 1) {
    throw TypeError("elements of type " + std::string(of_type.name) + " are no numbers that are multiplied");
  }
  ArrayView view{.data = array.data, .format = format[0], .ndim = array.ndim, .shape = {1, 0, 0}, .stride = {}};
  for (int i = 0; i < array.ndim; ++i) {
    const std::int64_t to = 3 - array.ndim + i;
    view.shape[to] = array.shape[static_cast<std::size_t>(i)];
    view.stride[to] = array.strides[static_cast<std::size_t>(i)] / of_type.bytes;
  }
  return view;
}

ArrayView view_of_buffer(const Py_buffer& buffer) {
  const std::string_view format = Buffer(buffer).format();
  if (format.size() != 1) {
    throw TypeError("elements of format '" + std::string(format) + "' are no numbers that are multiplied");
  }
  if (buffer.len > 0 && reinterpret_cast<std::uintptr_t>(buffer.buf) % static_cast<std::uintptr_t>(buffer.itemsize)) {
    throw TypeError("the buffer is not aligned to its elements; copy it");
  }
  ArrayView array{.data = buffer.buf, .format = format[0], .ndim = buffer.ndim, .shape = {1, 0, 0}, .stride = {}};
  for (int i = 0; i < buffer.ndim; ++i) {
    const std::int64_t to = 3 - buffer.ndim + i;
    if (buffer.strides[i] % buffer.itemsize != 0) {
      throw TypeError("a stride is no multiple of the element; copy the array");
    }
    array.shape[to] = buffer.shape[i];
    array.stride[to] = buffer.strides[i] / buffer.itemsize;
  }
  return array;
}

GemmType type_of(const ArrayView& a, const ArrayView& b, const ArrayView& c) {
  for (const Formats& formats : FORMATS) {
    if (a.format == formats.operand && b.format == formats.operand && c.format == formats.result) {
      return formats.type;
    }
  }
  throw TypeError(std::string("no product of elements '") + a.format + "' and '" + b.format + "' into '" + c.format +
                  "'; there are d, d, d; f, f, f; H, H, f (bf16 as its bits); e, e, f; b, b, i");
}

void require_shapes(const ArrayView& a, const ArrayView& b, const ArrayView& c) {
  const bool inner = a.shape[2] == b.shape[1] && c.shape[1] == a.shape[1] && c.shape[2] == b.shape[2];
  const auto fits = [&](const ArrayView& array) { return array.ndim == 2 || array.shape[0] == c.shape[0]; };
  if (!inner || !fits(a) || !fits(b) || c.ndim < a.ndim || c.ndim < b.ndim) {
    throw Error(ErrorKind::usage, "shapes " + text_of(a) + " and " + text_of(b) + " don't make " + text_of(c));
  }
}

struct Product {
  GemmCall call;
  GemmBatch batch;
  bool turned = false;  // whether it is the transposed one, whose rows are C's columns
};

ArrayView turned(ArrayView array) {
  std::swap(array.shape[1], array.shape[2]);
  std::swap(array.stride[1], array.stride[2]);
  return array;
}

Product product_of(const ArrayView& a, const ArrayView& b, const ArrayView& c) {
  require_shapes(a, b, c);
  if (c.shape[2] > 1 && c.stride[2] != 1) {
    if (c.shape[1] > 1 && c.stride[1] != 1) {
      throw Error(ErrorKind::usage, "neither the rows nor the columns of the result are adjacent; copy it");
    }
    Product product = product_of(turned(b), turned(a), turned(c));
    product.turned = true;
    return product;
  }
  return {.call = {.type = type_of(a, b, c),
                   .m = a.shape[1],
                   .n = b.shape[2],
                   .k = a.shape[2],
                   .a = {a.data, a.stride[1], a.stride[2]},
                   .b = {b.data, b.stride[1], b.stride[2]},
                   .c = c.data,
                   .c_row = c.stride[1]},
          .batch = batch_of(a, b, c)};
}

// Operands once each, whatever a batch shares.
Work work_of(const GemmCall& call, std::int64_t count) {
  const Formats& formats = formats_of(call.type);
  return {.flops = 2 * count * call.m * call.n * call.k,
          .bytes_read = count * formats.operand_bytes * call.k * (call.m + call.n),
          .bytes_written = count * formats.result_bytes * call.m * call.n};
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

void matmul_into(const ReadArray& a, const ReadArray& b, const WriteArray& c) {
  const Product product = product_of(a, b, c);
  run_product(product.call, product.batch, {});
}

void gemm_into(const ReadArray& a, const ReadArray& b, const WriteArray& c, double alpha, double beta,
               std::string_view activation, std::string_view rung, const OptionalArray& bias) {
  Product product = product_of(a, b, c);
  if (bias.data != nullptr && product.turned) {
    throw Error(ErrorKind::usage, "a result whose columns are not adjacent takes no bias; transpose the product");
  }
  put_around({.alpha = alpha, .beta = beta, .activation = activation, .bias = bias}, product.call);
  run_product(product.call, product.batch, rung);
}

const Methods methods{
    bind<&matmul_into, "matmul_into">("c = a b. Releases the lock where the product takes longer than that."),
    bind<&gemm_into, "gemm_into">(
        "c = activation(alpha a b + beta c + bias), by the named rung or, for '', the best; the bias may be None."),
};

}  // namespace

template <bool writable>
ArrayArgument<writable>::ArrayArgument(PyObject* object) : array_(as_array(object)) {
  if (array_ != nullptr) {
    require_dimensions(array_->ndim);
    if (writable && array_->storage->read_only) {
      throw TypeError("the result is a read-only array");
    }
    return;
  }
  constexpr int FLAGS = PyBUF_STRIDES | PyBUF_FORMAT | (writable ? PyBUF_WRITABLE : 0);
  if (PyObject_GetBuffer(object, &view_, FLAGS) != 0) {
    throw ErrorIsSet{};
  }
  if (view_.ndim != 2 && view_.ndim != 3) {
    const int count = view_.ndim;
    PyBuffer_Release(&view_);
    require_dimensions(count);
  }
}

template <bool writable>
ArrayView ArrayArgument<writable>::get() const {
  return array_ != nullptr ? view_of_array(*array_) : view_of_buffer(view_);
}

template class ArrayArgument<false>;
template class ArrayArgument<true>;

std::string text_of(const ArrayView& array) {
  std::string text = "(";
  for (std::int64_t i = 3 - array.ndim; i < 3; ++i) {
    text += std::to_string(array.shape[i]) + (i < 2 ? ", " : ")");
  }
  return text;
}

GemmType type_of_operand(char format) {
  for (const Formats& formats : FORMATS) {
    if (formats.operand == format) {
      return formats.type;
    }
  }
  throw TypeError(std::string("no product of elements '") + format +
                  "'; there are d, f, H (bf16 as its bits), e (fp16) and b (int8)");
}

char result_format(GemmType type) { return formats_of(type).result; }

GemmBatch batch_of(const ArrayView& a, const ArrayView& b, const ArrayView& c) {
  return {.count = c.shape[0], .a = a.stride[0], .b = b.stride[0], .c = c.stride[0]};
}

void put_around(const Around& around, GemmCall& call) {
  const ArrayView& bias = around.bias;
  if (bias.data != nullptr) {
    const bool fits = bias.shape[1] == 1 && bias.shape[2] == call.n && bias.format == result_format(call.type);
    if (!fits || (call.n > 1 && bias.stride[2] != 1)) {
      throw Error(ErrorKind::usage, "the bias must be of shape (1, " + std::to_string(call.n) + ") and of C's type");
    }
    call.bias = bias.data;
  }
  call.alpha = around.alpha;
  call.beta = around.beta;
  call.activation = activation_named(around.activation);
  require_exact(call);
}

void run_product(const GemmCall& call, const GemmBatch& batch, std::string_view rung) {
  const LaunchScope scope(0, formats_of(call.type).launch, work_of(call, batch.count));
  const auto product = [&] { rung.empty() ? gemm(call, batch) : gemm(call, batch, rung_named(rung)); };
  if (call.m * call.n * call.k * batch.count >= WORTH_RELEASING) {
    run<Gil::released>(product);
  } else {
    product();
  }
}

}  // namespace assay::python
