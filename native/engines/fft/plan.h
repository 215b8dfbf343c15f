// How the transform of one length is computed: its factors and roots of unity.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

namespace assay::fft {

// Real and imaginary parts apart, so that arithmetic is on whole vectors.
template <class Real>
struct Split {
  std::vector<Real> real;
  std::vector<Real> imaginary;

  explicit Split(std::int64_t size = 0)
      : real(static_cast<std::size_t>(size)), imaginary(static_cast<std::size_t>(size)) {}
};

// One step: `radix` parts of a sequence of `length` become one.
template <class Real>
struct Step {
  std::int64_t radix;
  std::int64_t length;
  Split<Real> turns;  // exp(-2 pi i p k / length) at p * radix + k, for p < length / radix
  Split<Real> roots;  // exp(-2 pi i j k / radix) at j * radix + k; empty for the radices that have a formula
};

template <class Real>
struct Plan {
  std::int64_t length;
  std::vector<Step<Real>> steps;  // none where a large prime divides the length
  // For those: the transform as a convolution, with a length that is a power of two.
  std::int64_t padded = 0;
  Split<Real> chirp;     // exp(-pi i j^2 / length)
  Split<Real> response;  // the transform of the conjugate chirp, by `padded`
};

// Kept; any thread.
template <class Real>
[[nodiscard]] std::shared_ptr<const Plan<Real>> plan_of(std::int64_t length);

// The forward transform of x by its plan's steps, with y to write to in turn; the result is in the first.
template <class Real>
void run_steps(const Plan<Real>& plan, Split<Real>& x, Split<Real>& y);

}  // namespace assay::fft
