#include "assay/kernels/elementwise.h"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <string>
#include <vector>

#include "assay/core/error.h"
#include "assay/runtime/parallel.h"
#include "parallel.h"
#include "tables.h"
#include "walk.h"

namespace assay {
namespace {

using elementwise::for_rows;

using elementwise::Walk;
using elementwise::walk_of;

#define ASSAY_NAME(name) #name,
constexpr std::string_view UNARY_NAMES[] = {ASSAY_UNARY_OPERATIONS(ASSAY_NAME)};
constexpr std::string_view BINARY_NAMES[] = {ASSAY_BINARY_OPERATIONS(ASSAY_NAME)};
#undef ASSAY_NAME

template <class Loop, class Operation, std::size_t OPERATIONS>
using LoopTable = std::array<std::array<Loop, DTYPES>, OPERATIONS>;

// Every operation's loop for every type, chosen once: the fast rung where it has one, else a library's.
struct Loops {
  std::array<std::array<UnaryLoop, DTYPES>, std::size(UNARY_NAMES)> unary;
  std::array<std::array<BinaryLoop, DTYPES>, std::size(BINARY_NAMES)> binary;
  // Elements of the least piece.
  std::array<std::int64_t, std::size(UNARY_NAMES)> unary_grain;
  std::array<std::int64_t, std::size(BINARY_NAMES)> binary_grain;
};

template <class Loop, class Operation>
Loop first_of(Operation operation, DType type, std::initializer_list<Loop> vectors, Loop (*real)(Operation, DType),
              Loop (*complex)(Operation, DType)) {
  for (Loop const vector : vectors) {
    if (vector != nullptr) {
      return vector;
    }
  }
  Loop const found = real(operation, type);
  return found != nullptr ? found : complex(operation, type);
}

std::int64_t grain_of(bool is_fast, bool is_math) {
  return is_fast ? elementwise::CHEAP_GRAIN : is_math ? elementwise::MATH_GRAIN : elementwise::COSTLY_GRAIN;
}

Loops choose() {
  const auto fast_unary = function_of<UnaryTable>(best_kernel("elementwise", "unary"));
  const auto fast_binary = function_of<BinaryTable>(best_kernel("elementwise", "binary"));
  const auto math_unary = function_of<UnaryTable>(best_kernel("elementwise", "math_unary"));
  const auto math_binary = function_of<BinaryTable>(best_kernel("elementwise", "math_binary"));
  Loops loops{};
  for (std::size_t type = 0; type < DTYPES; ++type) {
    const auto dtype = static_cast<DType>(type);
    for (std::size_t i = 0; i < std::size(UNARY_NAMES); ++i) {
      const auto operation = static_cast<Unary>(i);
      const UnaryLoop fast = fast_unary(operation, dtype);
      const UnaryLoop math = math_unary(operation, dtype);
      loops.unary[i][type] =
          first_of(operation, dtype, {fast, math}, elementwise::real_unary, elementwise::complex_unary);
      loops.unary_grain[i] = std::max(loops.unary_grain[i], grain_of(fast != nullptr, math != nullptr));
    }
    for (std::size_t i = 0; i < std::size(BINARY_NAMES); ++i) {
      const auto operation = static_cast<Binary>(i);
      const BinaryLoop fast = fast_binary(operation, dtype);
      const BinaryLoop math = math_binary(operation, dtype);
      loops.binary[i][type] =
          first_of(operation, dtype, {fast, math}, elementwise::real_binary, elementwise::complex_binary);
      loops.binary_grain[i] = std::max(loops.binary_grain[i], grain_of(fast != nullptr, math != nullptr));
    }
  }
  return loops;
}

const Loops& loops() {
  static const Loops chosen = choose();
  return chosen;
}

template <class Table, class Operation>
DType computed(const Table& table, Operation operation, DType type, std::string_view name) {
  const auto& row = table[static_cast<std::size_t>(operation)];
  const DType own = is_half(type) ? DType::f32 : type;
  if (row[static_cast<std::size_t>(own)] != nullptr) {
    return own;
  }
  if (is_integer(type) && row[static_cast<std::size_t>(DType::f64)] != nullptr) {
    return DType::f64;
  }
  throw Error(ErrorKind::type, std::string(name) + ": not defined for elements of type " +
                                   std::string(facts(type).name) + "; convert with astype");
}

constexpr DType component_of(DType type) {
  return type == DType::c64 ? DType::f32 : type == DType::c128 ? DType::f64 : type;
}

// Contiguous memory of a view's shape in another type.
class Converted {
 public:
  Converted(const View& like, DType dtype) : memory_(static_cast<std::size_t>(count_of(like) * size_of(dtype)) + 1) {
    std::int64_t step = size_of(dtype);
    for (int axis = like.ndim; axis-- > 0;) {
      strides_[static_cast<std::size_t>(axis)] = step;
      step *= like.shape[axis];
    }
    view_ = {memory_.data(), dtype, like.ndim, like.shape, strides_.data()};
  }
  Converted(const Converted&) = delete;
  Converted& operator=(const Converted&) = delete;
  [[nodiscard]] const View& view() const { return view_; }

 private:
  std::vector<std::byte> memory_;
  std::array<std::int64_t, MAX_DIMENSIONS> strides_;
  View view_;
};

void run_unary(UnaryLoop loop, const View& in, const View& out, std::int64_t grain) {
  const Walk<2> walk = walk_of<2>({&in, &out});
  const auto [in_stride, out_stride] = walk.row_strides();
  parallel_for(walk.count, grain,
               [&, in_stride = in_stride, out_stride = out_stride](std::int64_t begin, std::int64_t end) {
                 for_rows(walk, begin, end, [&](const std::array<std::byte*, 2>& at, std::int64_t count) {
                   loop(at[0], in_stride, at[1], out_stride, count);
                 });
               });
}

void run_binary(BinaryLoop loop, const View& a, const View& b, const View& out, std::int64_t grain) {
  const Walk<3> walk = walk_of<3>({&a, &b, &out});
  const std::array<std::int64_t, 3> strides = walk.row_strides();
  parallel_for(walk.count, grain, [&](std::int64_t begin, std::int64_t end) {
    for_rows(walk, begin, end, [&](const std::array<std::byte*, 3>& at, std::int64_t count) {
      loop(at[0], strides[0], at[1], strides[1], at[2], strides[2], count);
    });
  });
}

template <class T>
void select(const std::array<std::byte*, 4>& at, const std::array<std::int64_t, 4>& strides, std::int64_t count) {
  for (std::int64_t i = 0; i < count; ++i) {
    const bool chosen = *reinterpret_cast<const std::uint8_t*>(at[0] + i * strides[0]) != 0;
    const T a = *reinterpret_cast<const T*>(at[1] + i * strides[1]);
    const T b = *reinterpret_cast<const T*>(at[2] + i * strides[2]);
    *reinterpret_cast<T*>(at[3] + i * strides[3]) = chosen ? a : b;
  }
}

using Select = void (*)(const std::array<std::byte*, 4>&, const std::array<std::int64_t, 4>&, std::int64_t);

Select select_of(std::int64_t bytes) {
  switch (bytes) {
    case 1:
      return &select<std::uint8_t>;
    case 2:
      return &select<std::uint16_t>;
    case 4:
      return &select<float>;
    case 8:
      return &select<double>;
    default:
      return &select<std::complex<double>>;
  }
}

}  // namespace

std::span<const std::string_view> unary_names() noexcept { return UNARY_NAMES; }
std::span<const std::string_view> binary_names() noexcept { return BINARY_NAMES; }

DType computed_in(Unary operation, DType type) {
  return computed(loops().unary, operation, type, UNARY_NAMES[static_cast<std::size_t>(operation)]);
}

DType computed_in(Binary operation, DType type) {
  return computed(loops().binary, operation, type, BINARY_NAMES[static_cast<std::size_t>(operation)]);
}

DType result_of(Unary operation, DType type) {
  switch (operation) {
    case Unary::isfinite:
    case Unary::isinf:
    case Unary::isnan:
    case Unary::logical_not:
    case Unary::signbit:
      return DType::boolean;
    case Unary::abs:
      return component_of(type);
    default:
      return is_half(type) ? type : computed_in(operation, type);
  }
}

DType result_of(Binary operation, DType type) {
  switch (operation) {
    case Binary::equal:
    case Binary::greater:
    case Binary::greater_equal:
    case Binary::less:
    case Binary::less_equal:
    case Binary::logical_and:
    case Binary::logical_or:
    case Binary::logical_xor:
    case Binary::not_equal:
      return DType::boolean;
    default:
      return is_half(type) ? type : computed_in(operation, type);
  }
}

void unary(Unary operation, const View& in, const View& out) {
  const DType computed_type = computed_in(operation, in.dtype);
  if (in.dtype != computed_type) {
    const Converted input(in, computed_type);
    copy(in, input.view());
    return unary(operation, input.view(), out);
  }
  if (is_half(out.dtype)) {
    const Converted result(out, computed_type);
    unary(operation, in, result.view());
    return copy(result.view(), out);
  }
  const auto place = static_cast<std::size_t>(operation);
  run_unary(loops().unary[place][static_cast<std::size_t>(in.dtype)], in, out, loops().unary_grain[place]);
}

void binary(Binary operation, const View& a, const View& b, const View& out) {
  const DType computed_type = computed_in(operation, promote(a.dtype, b.dtype));
  if (a.dtype != computed_type) {
    const Converted left(a, computed_type);
    copy(a, left.view());
    return binary(operation, left.view(), b, out);
  }
  if (b.dtype != computed_type) {
    const Converted right(b, computed_type);
    copy(b, right.view());
    return binary(operation, a, right.view(), out);
  }
  if (is_half(out.dtype)) {
    const Converted result(out, computed_type);
    binary(operation, a, b, result.view());
    return copy(result.view(), out);
  }
  const auto place = static_cast<std::size_t>(operation);
  run_binary(loops().binary[place][static_cast<std::size_t>(computed_type)], a, b, out, loops().binary_grain[place]);
}

void where(const View& condition, const View& a, const View& b, const View& out) {
  const Walk<4> walk = walk_of<4>({&condition, &a, &b, &out});
  const Select loop = select_of(size_of(out.dtype));
  parallel_for(walk.count, elementwise::CHEAP_GRAIN, [&](std::int64_t begin, std::int64_t end) {
    for_rows(walk, begin, end,
             [&](const std::array<std::byte*, 4>& at, std::int64_t count) { loop(at, walk.row_strides(), count); });
  });
}

void copy(const View& in, const View& out) {
  run_unary(elementwise::conversion(in.dtype, out.dtype), in, out, elementwise::CHEAP_GRAIN);
}

UnaryLoop loop_of(Unary operation, DType type, Rung rung) {
  UnaryLoop const fast = function_of<UnaryTable>(kernel_at("elementwise", "unary", rung))(operation, type);
  UnaryLoop const math = function_of<UnaryTable>(kernel_at("elementwise", "math_unary", rung))(operation, type);
  return first_of(operation, type, {fast, math}, elementwise::real_unary, elementwise::complex_unary);
}

BinaryLoop loop_of(Binary operation, DType type, Rung rung) {
  BinaryLoop const fast = function_of<BinaryTable>(kernel_at("elementwise", "binary", rung))(operation, type);
  BinaryLoop const math = function_of<BinaryTable>(kernel_at("elementwise", "math_binary", rung))(operation, type);
  return first_of(operation, type, {fast, math}, elementwise::real_binary, elementwise::complex_binary);
}

}  // namespace assay
