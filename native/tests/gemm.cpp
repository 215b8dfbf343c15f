#include "assay/kernels/gemm.h"

#include <doctest/doctest.h>

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <random>
#include <vector>

namespace assay {
namespace {

struct Bf16 {
  std::uint16_t bits;
};

template <class Element>
struct Traits;

template <>
struct Traits<double> {
  using Result = double;
  static constexpr GemmType TYPE = GemmType::f64;
  static constexpr double UNIT = 0x1p-53;
  static double make(double value) { return value; }
  static double value(double element) { return element; }
};

template <>
struct Traits<float> {
  using Result = float;
  static constexpr GemmType TYPE = GemmType::f32;
  static constexpr double UNIT = 0x1p-24;
  static float make(double value) { return static_cast<float>(value); }
  static double value(float element) { return static_cast<double>(element); }
};

template <>
struct Traits<Bf16> {
  using Result = float;
  static constexpr GemmType TYPE = GemmType::bf16;
  static constexpr double UNIT = 0x1p-24;  // of the accumulation; the inputs are exact
  static Bf16 make(double value) {
    return {static_cast<std::uint16_t>(std::bit_cast<std::uint32_t>(static_cast<float>(value)) >> 16)};
  }
  static double value(Bf16 element) {
    return static_cast<double>(std::bit_cast<float>(std::uint32_t{element.bits} << 16));
  }
};

// fp16, of the values that tests need: normal ones.
struct Half {
  std::uint16_t bits;
};

template <>
struct Traits<Half> {
  using Result = float;
  static constexpr GemmType TYPE = GemmType::f16;
  static constexpr double UNIT = 0x1p-24;  // of the accumulation; the inputs are exact
  static Half make(double value) {
    const auto bits = std::bit_cast<std::uint32_t>(static_cast<float>(value));
    const std::uint32_t size = bits & 0x7fffffffU;
    const std::uint32_t half = size < 0x38800000U ? 0 : (size - 0x38000000U) >> 13;
    return {static_cast<std::uint16_t>((bits >> 16 & 0x8000U) | half)};
  }
  static double value(Half element) {
    const double fraction = 1.0 + (element.bits & 0x3ff) * 0x1p-10;
    const int exponent = (element.bits >> 10 & 0x1f) - 15;
    const double size = exponent == -15 ? 0.0 : std::ldexp(fraction, exponent);
    return (element.bits & 0x8000) != 0 ? -size : size;
  }
};

template <>
struct Traits<std::int8_t> {
  using Result = std::int32_t;
  static constexpr GemmType TYPE = GemmType::i8;
  static constexpr double UNIT = 0.0;  // exact
  static std::int8_t make(double value) { return static_cast<std::int8_t>(std::lround(value * 40) & 0xff); }
  static double value(std::int8_t element) { return element; }
};

enum class Order { rows, columns, strided };

// A matrix in memory with room around it, so that strides are never the width.
template <class Element>
struct Matrix {
  Matrix(std::int64_t rows, std::int64_t columns, Order order, std::mt19937_64& generator) {
    std::normal_distribution<double> normal;
    values.resize(static_cast<std::size_t>((rows + 3) * (columns + 3) * 3));
    for (Element& value : values) {
      value = Traits<Element>::make(normal(generator));
    }
    view.data = values.data();
    view.row = order == Order::rows ? columns + 2 : order == Order::columns ? 1 : 2 * columns + 1;
    view.column = order == Order::rows ? 1 : order == Order::columns ? rows + 1 : 2;
  }
  [[nodiscard]] double at(std::int64_t row, std::int64_t column) const {
    return Traits<Element>::value(values[static_cast<std::size_t>(row * view.row + column * view.column)]);
  }
  std::vector<Element> values;
  MatrixView view{};
};

std::vector<Rung> rungs_of(GemmType type) {
  constexpr std::string_view NAMES[] = {"multiply_f64", "multiply_f32", "multiply_bf16", "multiply_i8", "multiply_f16"};
  std::vector<Rung> found;
  for (const Kernel* kernel : kernels()) {
    if (kernel->name == NAMES[static_cast<int>(type)] && runs_on(kernel->rung, detected_isa())) {
      found.push_back(kernel->rung);
    }
  }
  return found;
}

struct Shape {
  std::int64_t m, n, k;
};

// |C - exact| <= (k + 3) u (|alpha| |A| |B| + |beta C|): the standard bound for any order of additions.
template <class Element>
struct Checker {
  using T = Traits<Element>;
  using Result = typename T::Result;

  Checker(const Shape& of, Order order_a, Order order_b)
      : shape(of), generator(7), a(of.m, of.k, order_a, generator), b(of.k, of.n, order_b, generator) {
    before.resize(static_cast<std::size_t>(of.m * (of.n + 3)), Result{3});
  }

  void check(double alpha, double beta) {
    const std::vector<Expected> expected = products(alpha, beta);
    for (const Rung rung : rungs_of(T::TYPE)) {
      CAPTURE(name(rung));
      CAPTURE(shape.m);
      CAPTURE(shape.n);
      CAPTURE(shape.k);
      std::vector<Result> c = before;
      gemm({.type = T::TYPE,
            .m = shape.m,
            .n = shape.n,
            .k = shape.k,
            .a = a.view,
            .b = b.view,
            .c = c.data(),
            .c_row = shape.n + 3,
            .alpha = alpha,
            .beta = beta},
           rung);
      CHECK(largest_excess(c, expected) <= 0.0);
    }
  }

  struct Expected {
    double exact;
    double bound;
  };

  // Of every element of C: once for all rungs.
  [[nodiscard]] std::vector<Expected> products(double alpha, double beta) const {
    std::vector<Expected> expected;
    for (std::int64_t i = 0; i < shape.m; ++i) {
      for (std::int64_t j = 0; j < shape.n; ++j) {
        const double old = beta * static_cast<double>(before[static_cast<std::size_t>(i * (shape.n + 3) + j)]);
        double exact = old;
        double magnitude = std::abs(old);
        for (std::int64_t k = 0; k < shape.k; ++k) {
          const double product = alpha * a.at(i, k) * b.at(k, j);
          exact += product;
          magnitude += std::abs(product);
        }
        const double bound = (static_cast<double>(shape.k) + 3) * (T::UNIT + 0x1p-53) * magnitude;
        expected.push_back({exact, bound});
      }
    }
    return expected;
  }

  // How far the worst element lies above its bound; also above it when something beside C was written.
  [[nodiscard]] double largest_excess(const std::vector<Result>& c, const std::vector<Expected>& expected) const {
    double worst = -1.0;
    auto next = expected.begin();
    for (std::int64_t i = 0; i < shape.m; ++i) {
      for (std::int64_t j = 0; j < shape.n + 3; ++j) {
        const auto at = static_cast<std::size_t>(i * (shape.n + 3) + j);
        const double got = static_cast<double>(c[at]);
        if (j < shape.n) {
          worst = std::max(worst, std::abs(got - next->exact) - next->bound);
          ++next;
        } else {
          worst = std::max(worst, std::abs(got - static_cast<double>(before[at])));
        }
      }
    }
    return worst;
  }

  Shape shape;
  std::mt19937_64 generator;
  Matrix<Element> a;
  Matrix<Element> b;
  std::vector<Result> before;
};

constexpr Order ORDERS[] = {Order::rows, Order::columns, Order::strided};

TEST_CASE_TEMPLATE("every rung multiplies within the standard bound", Element, double, float, Bf16, Half, std::int8_t) {
  for (const Shape& shape :
       {Shape{1, 1, 1}, Shape{2, 3, 5}, Shape{7, 16, 4}, Shape{13, 17, 33}, Shape{14, 32, 64}, Shape{15, 33, 65},
        Shape{29, 47, 131}, Shape{64, 100, 30}, Shape{1, 97, 200}, Shape{101, 1, 50}, Shape{3, 5, 2300}}) {
    for (const Order order_a : ORDERS) {
      for (const Order order_b : ORDERS) {
        Checker<Element>(shape, order_a, order_b).check(1.0, 0.0);
      }
    }
  }
}

// Several blocks of rows and of k, and more panels than one: what tiles pack on the side is for the next of each.
TEST_CASE_TEMPLATE("products of many blocks are within the bound too", Element, double, float) {
  Checker<Element>({270, 101, 1100}, Order::rows, Order::rows).check(1.0, 0.0);
  Checker<Element>({270, 64, 1027}, Order::rows, Order::columns).check(1.0, 1.0);
  Checker<Element>({127, 33, 1537}, Order::columns, Order::rows).check(1.0, 0.0);
  Checker<Element>({129, 32, 1100}, Order::rows, Order::rows).check(1.0, 0.0);
}

TEST_CASE_TEMPLATE("what was in C is added or forgotten", Element, double, float, Bf16, Half, std::int8_t) {
  Checker<Element>({31, 45, 70}, Order::rows, Order::rows).check(1.0, 1.0);
  Checker<Element>({31, 45, 0}, Order::rows, Order::rows).check(1.0, 1.0);
  Checker<Element>({31, 45, 0}, Order::rows, Order::rows).check(1.0, 0.0);
}

TEST_CASE_TEMPLATE("alpha and beta scale", Element, double, float, Bf16, Half) {
  Checker<Element>({31, 45, 70}, Order::rows, Order::rows).check(-0.5, 0.25);
  Checker<Element>({31, 45, 2100}, Order::columns, Order::rows).check(2.0, -1.0);
}

TEST_CASE_TEMPLATE("empty products touch nothing", Element, double, float, Bf16, Half, std::int8_t) {
  Checker<Element>({0, 5, 5}, Order::rows, Order::rows).check(1.0, 0.0);
  Checker<Element>({5, 0, 5}, Order::rows, Order::rows).check(1.0, 0.0);
}

TEST_CASE_TEMPLATE("packed weights give the same bits", Element, double, float, Bf16, Half, std::int8_t) {
  using Result = typename Traits<Element>::Result;
  constexpr std::int64_t M = 5;
  constexpr std::int64_t N = 75;
  constexpr std::int64_t K = 2500;
  std::mt19937_64 generator(11);
  const Matrix<Element> a(M, K, Order::rows, generator);
  const Matrix<Element> b(K, N, Order::columns, generator);
  for (const Rung rung : rungs_of(Traits<Element>::TYPE)) {
    PackB packing{.type = Traits<Element>::TYPE, .k = K, .n = N, .b = b.view, .out = nullptr};
    std::vector<std::byte> packed(static_cast<std::size_t>(pack(packing, rung)));
    packing.out = packed.data();
    pack(packing, rung);
    std::vector<Result> plain(M * N);
    std::vector<Result> weighed(M * N);
    GemmCall call{
        .type = Traits<Element>::TYPE, .m = M, .n = N, .k = K, .a = a.view, .b = b.view, .c = plain.data(), .c_row = N};
    gemm(call, rung);
    call.b = {};
    call.packed_b = packed.data();
    call.c = weighed.data();
    gemm(call, rung);
    CHECK(plain == weighed);
  }
}

TEST_CASE("NaN and infinity reach their row and nothing else") {
  constexpr std::int64_t SIZE = 40;
  for (const Rung rung : rungs_of(GemmType::f32)) {
    std::vector<float> a(SIZE * SIZE, 1.0F);
    const std::vector<float> b(SIZE * SIZE, 1.0F);
    std::vector<float> c(SIZE * SIZE, std::numeric_limits<float>::quiet_NaN());  // beta 0: never read
    a[5 * SIZE + 7] = std::numeric_limits<float>::quiet_NaN();
    a[6 * SIZE + 39] = std::numeric_limits<float>::infinity();
    gemm({.type = GemmType::f32,
          .m = SIZE,
          .n = SIZE,
          .k = SIZE,
          .a = {a.data(), SIZE, 1},
          .b = {b.data(), SIZE, 1},
          .c = c.data(),
          .c_row = SIZE},
         rung);
    CAPTURE(name(rung));
    for (std::size_t j = 0; j < SIZE; ++j) {
      CHECK(std::isnan(c[5 * SIZE + j]));
      CHECK(c[6 * SIZE + j] == std::numeric_limits<float>::infinity());
      CHECK(c[7 * SIZE + j] == 40.0F);
    }
  }
}

// Scales every element of a product's operands so that they, their products or their differences are denormal.
TEST_CASE("denormal operands and sums keep the bound") {
  constexpr std::int64_t SIZE = 36;
  for (const auto& exponents :
       {std::pair{-132, 0}, std::pair{0, -132}, std::pair{-70, -60}, std::pair{-60, -66}, std::pair{-126, 8}}) {
    std::mt19937_64 generator(3);
    Matrix<Bf16> a(SIZE, SIZE, Order::rows, generator);
    Matrix<Bf16> b(SIZE, SIZE, Order::rows, generator);
    const auto scale = [](Matrix<Bf16>& matrix, int exponent) {
      for (Bf16& value : matrix.values) {
        value = Traits<Bf16>::make(std::ldexp(Traits<Bf16>::value(value), exponent));
      }
    };
    scale(a, exponents.first);
    scale(b, exponents.second);
    for (const Rung rung : rungs_of(GemmType::bf16)) {
      CAPTURE(name(rung));
      CAPTURE(exponents.first);
      std::vector<float> c(SIZE * SIZE);
      gemm({.type = GemmType::bf16,
            .m = SIZE,
            .n = SIZE,
            .k = SIZE,
            .a = a.view,
            .b = b.view,
            .c = c.data(),
            .c_row = SIZE},
           rung);
      double worst = -1.0;
      for (std::int64_t i = 0; i < SIZE; ++i) {
        for (std::int64_t j = 0; j < SIZE; ++j) {
          double exact = 0.0;
          double magnitude = 0.0;
          for (std::int64_t k = 0; k < SIZE; ++k) {
            exact += a.at(i, k) * b.at(k, j);
            magnitude += std::abs(a.at(i, k) * b.at(k, j));
          }
          const double bound = (SIZE + 3) * (0x1p-24 * magnitude + 0x1p-149);
          worst =
              std::max(worst, std::abs(static_cast<double>(c[static_cast<std::size_t>(i * SIZE + j)]) - exact) - bound);
        }
      }
      CHECK(worst <= 0.0);
    }
  }
}

TEST_CASE("bias and activation are applied once, to the whole sum") {
  constexpr std::int64_t COLUMNS = 37;
  constexpr std::int64_t DEPTH = 1200;  // several blocks of k
  const std::vector<float> a(DEPTH, 0.5F);
  const std::vector<float> b(DEPTH * COLUMNS, 1.0F);
  std::vector<float> bias(COLUMNS, -600.0F);
  bias[3] = -599.0F;
  for (const Rung rung : rungs_of(GemmType::f32)) {
    std::vector<float> c(COLUMNS, 5.0F);
    GemmCall call{.type = GemmType::f32,
                  .m = 1,
                  .n = COLUMNS,
                  .k = DEPTH,
                  .a = {a.data(), DEPTH, 1},
                  .b = {b.data(), COLUMNS, 1},
                  .c = c.data(),
                  .c_row = COLUMNS,
                  .bias = bias.data(),
                  .activation = Activation::silu};
    gemm(call, rung);
    CHECK(c[0] == 0.0F);
    CHECK(c[3] == doctest::Approx(1.0 / (1.0 + std::exp(-1.0))));
    call.activation = Activation::relu;
    gemm(call, rung);
    CHECK(c[3] == 1.0F);
  }
}

}  // namespace
}  // namespace assay
