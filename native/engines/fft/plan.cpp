#include "plan.h"

#include <cmath>
#include <map>
#include <mutex>
#include <numbers>

namespace assay::fft {
namespace {

constexpr std::int64_t LARGEST_RADIX = 31;
constexpr std::size_t MOST_PLANS = 64;

// exp(-2 pi i numerator / denominator), right to the last digit: the angle is at most an eighth of a circle.
template <class Real>
void put_root(Split<Real>& split, std::size_t place, std::int64_t numerator, std::int64_t denominator) {
  const std::int64_t eighths = 8 * (numerator % denominator);
  const std::int64_t octant = (eighths / denominator + 1) / 2;  // the nearest quarter
  const auto rest = static_cast<long double>(eighths - 2 * octant * denominator);
  const long double angle = std::numbers::pi_v<long double> * rest / (4 * static_cast<long double>(denominator));
  const auto cosine = static_cast<Real>(std::cos(angle));
  const auto sine = static_cast<Real>(std::sin(angle));
  const Real cosines[] = {cosine, -sine, -cosine, sine};
  const Real sines[] = {sine, cosine, -sine, -cosine};
  split.real[place] = cosines[octant % 4];
  split.imaginary[place] = -sines[octant % 4];
}

template <class Real>
Step<Real> step_of(std::int64_t radix, std::int64_t length) {
  Step<Real> step{radix, length, Split<Real>(length), Split<Real>(radix > 5 ? radix * radix : 0)};
  for (std::int64_t p = 0; p < length / radix; ++p) {
    for (std::int64_t k = 0; k < radix; ++k) {
      put_root(step.turns, static_cast<std::size_t>(p * radix + k), p * k, length);
    }
  }
  for (std::int64_t j = 0; radix > 5 && j < radix; ++j) {
    for (std::int64_t k = 0; k < radix; ++k) {
      put_root(step.roots, static_cast<std::size_t>(j * radix + k), j * k, radix);
    }
  }
  return step;
}

// Fours first; empty where a factor is too large.
std::vector<std::int64_t> factors_of(std::int64_t length) {
  std::vector<std::int64_t> factors;
  while (length % 4 == 0) {
    factors.push_back(4);
    length /= 4;
  }
  for (std::int64_t factor = 2; length > 1 && factor <= LARGEST_RADIX; ++factor) {
    while (length % factor == 0) {
      factors.push_back(factor);
      length /= factor;
    }
  }
  return length == 1 ? factors : std::vector<std::int64_t>{};
}

template <class Real>
void add_steps(Plan<Real>& plan, std::int64_t length) {
  std::int64_t left = length;
  for (const std::int64_t radix : factors_of(length)) {
    plan.steps.push_back(step_of<Real>(radix, left));
    left /= radix;
  }
}

template <class Real>
void add_chirp(Plan<Real>& plan) {
  const std::int64_t n = plan.length;
  plan.padded = 1;
  while (plan.padded < 2 * n - 1) {
    plan.padded *= 2;
  }
  add_steps(plan, plan.padded);
  plan.chirp = Split<Real>(n);
  plan.response = Split<Real>(plan.padded);
  std::int64_t square = 0;  // of j, modulo 2 n
  for (std::int64_t j = 0; j < n; square = (square + 2 * j + 1) % (2 * n), ++j) {
    const auto place = static_cast<std::size_t>(j);
    put_root(plan.chirp, place, square, 2 * n);
    for (const auto mirrored : {place, static_cast<std::size_t>((plan.padded - j) % plan.padded)}) {
      plan.response.real[mirrored] = plan.chirp.real[place];
      plan.response.imaginary[mirrored] = -plan.chirp.imaginary[place];
    }
  }
  Split<Real> other(plan.padded);
  run_steps(plan, plan.response, other);
}

template <class Real>
std::shared_ptr<const Plan<Real>> made(std::int64_t length) {
  auto plan = std::make_shared<Plan<Real>>();
  plan->length = length;
  add_steps(*plan, length);
  if (plan->steps.empty() && length > 1) {
    add_chirp(*plan);
  }
  return plan;
}

}  // namespace

template <class Real>
std::shared_ptr<const Plan<Real>> plan_of(std::int64_t length) {
  static auto& plans = *new std::map<std::int64_t, std::shared_ptr<const Plan<Real>>>;
  static std::mutex mutex;
  {
    const std::lock_guard lock(mutex);
    if (const auto found = plans.find(length); found != plans.end()) {
      return found->second;
    }
  }
  std::shared_ptr<const Plan<Real>> plan = made<Real>(length);
  const std::lock_guard lock(mutex);
  if (plans.size() >= MOST_PLANS) {
    plans.clear();
  }
  return plans.emplace(length, std::move(plan)).first->second;
}

template std::shared_ptr<const Plan<float>> plan_of<float>(std::int64_t length);
template std::shared_ptr<const Plan<double>> plan_of<double>(std::int64_t length);

}  // namespace assay::fft
