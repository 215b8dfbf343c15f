// Stockham's steps: each reads one pair of arrays and writes the other, in an order that leaves the result sorted.
// A step of length n and stride s maps x[q + s (p + j n / radix)] to y[q + s (radix p + k)], for all p and q.

#include <utility>

#include "plan.h"

// x and y share no memory, so that iterations don't depend on each other.
#if defined(__clang__)
#define ASSAY_INDEPENDENT _Pragma("clang loop vectorize(assume_safety)")
#else
#define ASSAY_INDEPENDENT _Pragma("GCC ivdep")
#endif

namespace assay::fft {
namespace {

template <class Real>
struct Number {
  Real real;
  Real imaginary;

  friend Number operator+(Number a, Number b) { return {a.real + b.real, a.imaginary + b.imaginary}; }
  friend Number operator-(Number a, Number b) { return {a.real - b.real, a.imaginary - b.imaginary}; }
  friend Number operator*(Real factor, Number a) { return {factor * a.real, factor * a.imaginary}; }
  friend Number operator*(Number a, Number b) {
    return {a.real * b.real - a.imaginary * b.imaginary, a.real * b.imaginary + a.imaginary * b.real};
  }
  [[nodiscard]] Number over_i() const { return {imaginary, -real}; }
};

template <class Real, std::size_t RADIX>
void transform(Number<Real> (&a)[RADIX]) {
  if constexpr (RADIX == 2) {
    a[1] = std::exchange(a[0], a[0] + a[1]) - a[1];
  } else if constexpr (RADIX == 3) {
    constexpr Real SINE = static_cast<Real>(0.86602540378443864676L);
    const Number<Real> sum = a[1] + a[2];
    const Number<Real> turned = SINE * (a[1] - a[2]).over_i();
    const Number<Real> middle = a[0] - Real{0.5} * sum;
    a[0] = a[0] + sum;
    a[1] = middle + turned;
    a[2] = middle - turned;
  } else if constexpr (RADIX == 4) {
    const Number<Real> even = a[0] + a[2];
    const Number<Real> odd = a[1] + a[3];
    const Number<Real> even_less = a[0] - a[2];
    const Number<Real> odd_less = (a[1] - a[3]).over_i();
    a[0] = even + odd;
    a[1] = even_less + odd_less;
    a[2] = even - odd;
    a[3] = even_less - odd_less;
  } else {
    constexpr Real COSINE = static_cast<Real>(0.30901699437494742410L);
    constexpr Real COSINE_TWICE = static_cast<Real>(-0.80901699437494742410L);
    constexpr Real SINE = static_cast<Real>(0.95105651629515357212L);
    constexpr Real SINE_TWICE = static_cast<Real>(0.58778525229247312917L);
    const Number<Real> outer = a[1] + a[4];
    const Number<Real> inner = a[2] + a[3];
    const Number<Real> outer_less = (a[1] - a[4]).over_i();
    const Number<Real> inner_less = (a[2] - a[3]).over_i();
    const Number<Real> first = a[0] + COSINE * outer + COSINE_TWICE * inner;
    const Number<Real> second = a[0] + COSINE_TWICE * outer + COSINE * inner;
    const Number<Real> first_turned = SINE * outer_less + SINE_TWICE * inner_less;
    const Number<Real> second_turned = SINE_TWICE * outer_less - SINE * inner_less;
    a[0] = a[0] + outer + inner;
    a[1] = first + first_turned;
    a[4] = first - first_turned;
    a[2] = second + second_turned;
    a[3] = second - second_turned;
  }
}

// x and y share no memory.
template <std::size_t RADIX, class Real>
void run_step(const Step<Real>& step, std::int64_t stride, const Real* x_real, const Real* x_imaginary, Real* y_real,
              Real* y_imaginary) {
  const std::int64_t part = step.length / static_cast<std::int64_t>(RADIX);
  const Real* const turns_real = step.turns.real.data();
  const Real* const turns_imaginary = step.turns.imaginary.data();
  const auto at = [&](std::int64_t p, std::int64_t q) {
    Number<Real> a[RADIX];
    for (std::size_t j = 0; j < RADIX; ++j) {
      const std::int64_t from = q + stride * (p + static_cast<std::int64_t>(j) * part);
      a[j] = {x_real[from], x_imaginary[from]};
    }
    transform(a);
    for (std::size_t k = 0; k < RADIX; ++k) {
      const std::int64_t turn = p * static_cast<std::int64_t>(RADIX) + static_cast<std::int64_t>(k);
      const Number<Real> turned = k == 0 ? a[0] : a[k] * Number<Real>{turns_real[turn], turns_imaginary[turn]};
      const std::int64_t to = q + stride * turn;
      y_real[to] = turned.real;
      y_imaginary[to] = turned.imaginary;
    }
  };
  if (stride == 1) {
    ASSAY_INDEPENDENT
    for (std::int64_t p = 0; p < part; ++p) {
      at(p, 0);
    }
    return;
  }
  for (std::int64_t p = 0; p < part; ++p) {
    ASSAY_INDEPENDENT
    for (std::int64_t q = 0; q < stride; ++q) {
      at(p, q);
    }
  }
}

// Any radix, by its matrix of roots.
template <class Real>
void run_any_step(const Step<Real>& step, std::int64_t stride, const Split<Real>& x, Split<Real>& y) {
  const std::int64_t part = step.length / step.radix;
  for (std::int64_t p = 0; p < part; ++p) {
    for (std::int64_t k = 0; k < step.radix; ++k) {
      const auto turn = static_cast<std::size_t>(p * step.radix + k);
      const Number<Real> factor{step.turns.real[turn], step.turns.imaginary[turn]};
      for (std::int64_t q = 0; q < stride; ++q) {
        Number<Real> sum{0, 0};
        for (std::int64_t j = 0; j < step.radix; ++j) {
          const auto from = static_cast<std::size_t>(q + stride * (p + j * part));
          const auto root = static_cast<std::size_t>(j * step.radix + k);
          sum = sum + Number<Real>{x.real[from], x.imaginary[from]} *
                          Number<Real>{step.roots.real[root], step.roots.imaginary[root]};
        }
        const Number<Real> turned = sum * factor;
        const auto to = static_cast<std::size_t>(q + stride * (step.radix * p + k));
        y.real[to] = turned.real;
        y.imaginary[to] = turned.imaginary;
      }
    }
  }
}

}  // namespace

template <class Real>
void run_steps(const Plan<Real>& plan, Split<Real>& x, Split<Real>& y) {
  std::int64_t stride = 1;
  for (const Step<Real>& step : plan.steps) {
    const auto run = [&]<std::size_t RADIX>(std::integral_constant<std::size_t, RADIX>) {
      run_step<RADIX>(step, stride, x.real.data(), x.imaginary.data(), y.real.data(), y.imaginary.data());
    };
    switch (step.radix) {
      case 2:
        run(std::integral_constant<std::size_t, 2>{});
        break;
      case 3:
        run(std::integral_constant<std::size_t, 3>{});
        break;
      case 4:
        run(std::integral_constant<std::size_t, 4>{});
        break;
      case 5:
        run(std::integral_constant<std::size_t, 5>{});
        break;
      default:
        run_any_step(step, stride, x, y);
    }
    stride *= step.radix;
    std::swap(x, y);
  }
}

template void run_steps(const Plan<float>& plan, Split<float>& x, Split<float>& y);
template void run_steps(const Plan<double>& plan, Split<double>& x, Split<double>& y);

}  // namespace assay::fft
