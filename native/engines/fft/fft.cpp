#include "assay/engines/fft.h"

#include <algorithm>
#include <complex>
#include <string>

#include "assay/core/error.h"
#include "assay/runtime/parallel.h"
#include "plan.h"

namespace assay {
namespace fft {
namespace {

// What one thread needs for any number of lines.
template <class Real>
class Worker {
 public:
  explicit Worker(const Plan<Real>& plan)
      : plan_(plan), size_(std::max(plan.length, plan.padded)), x_(size_), y_(size_) {}

  // The backward transform is the forward one with real and imaginary parts exchanged.
  void run(const std::complex<Real>* in, std::complex<Real>* out, bool backward, Real scale) {
    const auto n = static_cast<std::size_t>(plan_.length);
    for (std::size_t i = 0; i < n; ++i) {
      x_.real[i] = backward ? in[i].imag() : in[i].real();
      x_.imaginary[i] = backward ? in[i].real() : in[i].imag();
    }
    if (plan_.padded == 0) {
      run_steps(plan_, x_, y_);
    } else {
      convolve();
    }
    for (std::size_t i = 0; i < n; ++i) {
      const Real real = scale * x_.real[i];
      const Real imaginary = scale * x_.imaginary[i];
      out[i] = backward ? std::complex<Real>{imaginary, real} : std::complex<Real>{real, imaginary};
    }
  }

 private:
  // Bluestein: j k = (j^2 + k^2 - (k - j)^2) / 2.
  void convolve() {
    multiply(plan_.chirp, plan_.length, Real{1});
    std::fill(x_.real.begin() + plan_.length, x_.real.end(), Real{0});
    std::fill(x_.imaginary.begin() + plan_.length, x_.imaginary.end(), Real{0});
    run_steps(plan_, x_, y_);
    multiply(plan_.response, plan_.padded, Real{1} / static_cast<Real>(plan_.padded));
    std::swap(x_.real, x_.imaginary);
    run_steps(plan_, x_, y_);
    std::swap(x_.real, x_.imaginary);
    multiply(plan_.chirp, plan_.length, Real{1});
  }

  void multiply(const Split<Real>& by, std::int64_t count, Real scale) {
    for (std::size_t i = 0; i < static_cast<std::size_t>(count); ++i) {
      const Real real = x_.real[i] * by.real[i] - x_.imaginary[i] * by.imaginary[i];
      const Real imaginary = x_.real[i] * by.imaginary[i] + x_.imaginary[i] * by.real[i];
      x_.real[i] = scale * real;
      x_.imaginary[i] = scale * imaginary;
    }
  }

  const Plan<Real>& plan_;
  std::int64_t size_;
  Split<Real> x_;
  Split<Real> y_;
};

template <class Real>
void transform_lines(const std::byte* in, std::byte* out, std::int64_t lines, std::int64_t length, bool backward,
                     double scale) {
  const std::shared_ptr<const Plan<Real>> plan = plan_of<Real>(length);
  const auto* const from = reinterpret_cast<const std::complex<Real>*>(in);
  auto* const to = reinterpret_cast<std::complex<Real>*>(out);
  const std::int64_t grain = std::max<std::int64_t>(1, (1 << 13) / length);
  parallel_for(lines, grain, [&](std::int64_t first, std::int64_t last) {
    Worker<Real> worker(*plan);
    for (std::int64_t line = first; line < last; ++line) {
      worker.run(from + line * length, to + line * length, backward, static_cast<Real>(scale));
    }
  });
}

}  // namespace
}  // namespace fft

void fourier_transform(DType dtype, const std::byte* in, std::byte* out, std::int64_t lines, std::int64_t length,
                       FourierSign sign, double scale) {
  if (!is_complex(dtype)) {
    throw Error(ErrorKind::type, "fft: expected complex numbers, not " + std::string(facts(dtype).name));
  }
  if (length < 1) {
    throw Error(ErrorKind::usage, "fft: a transform has at least one number");
  }
  const bool backward = sign == FourierSign::backward;
  if (dtype == DType::c64) {
    fft::transform_lines<float>(in, out, lines, length, backward, scale);
  } else {
    fft::transform_lines<double>(in, out, lines, length, backward, scale);
  }
}

}  // namespace assay
