// One element after another, in fp64.

#include <cmath>
#include <limits>
#include <vector>

#include "assay/kernels/decoder/steps.h"

namespace assay {
namespace {

void normalise_reference(const NormCall& call) {
  for (std::int64_t row = 0; row < call.rows; ++row) {
    const float* const in = call.in + row * call.in_row;
    double squares = 0.0;
    for (std::int64_t i = 0; i < call.columns; ++i) {
      squares += static_cast<double>(in[i]) * static_cast<double>(in[i]);
    }
    const double factor =
        1.0 / std::sqrt(squares / static_cast<double>(call.columns) + static_cast<double>(call.epsilon));
    for (std::int64_t i = 0; i < call.columns; ++i) {
      const double value = static_cast<double>(in[i]) * factor * static_cast<double>(call.weight[i]);
      call.out[row * call.out_row + i] = static_cast<float>(value);
    }
  }
}

void rotate_reference(const RotateCall& call) {
  for (std::int64_t head = 0; head < call.count; ++head) {
    float* const x = call.heads + head * call.head_row;
    for (std::int64_t i = 0; i < call.pairs; ++i) {
      float& first = x[call.interleaved ? 2 * i : i];
      float& second = x[call.interleaved ? 2 * i + 1 : i + call.pairs];
      const auto a = static_cast<double>(first);
      const auto b = static_cast<double>(second);
      const auto cosine = static_cast<double>(call.cosines[i]);
      const auto sine = static_cast<double>(call.sines[i]);
      first = static_cast<float>(a * cosine - b * sine);
      second = static_cast<float>(b * cosine + a * sine);
    }
  }
}

double gated(Gate gate, double x) {
  switch (gate) {
    case Gate::silu:
      return x / (1.0 + std::exp(-x));
    case Gate::gelu:
      return 0.5 * x * (1.0 + std::erf(x * 0.70710678118654752440));
    case Gate::gelu_tanh:
      return 0.5 * x * (1.0 + std::tanh(0.79788456080286535588 * (x + 0.044715 * x * x * x)));
    case Gate::relu:
      return x > 0.0 ? x : 0.0;
  }
  return std::numeric_limits<double>::quiet_NaN();
}

void apply_gate_reference(const GateCall& call) {
  for (std::int64_t i = 0; i < call.count; ++i) {
    const double value = gated(call.gate, static_cast<double>(call.values[i]));
    const double factor = call.factors == nullptr ? 1.0 : static_cast<double>(call.factors[i]);
    call.values[i] = static_cast<float>(value * factor);
  }
}

double score_of(const AttendCall& call, std::int64_t row, std::int64_t position) {
  const float* const keys = call.keys[position / PAGE_POSITIONS];
  double sum = 0.0;
  for (std::int64_t d = 0; d < call.head_dim; ++d) {
    sum += static_cast<double>(call.q[row][d]) *
           static_cast<double>(keys[key_place(position % PAGE_POSITIONS, d, call.head_dim)]);
  }
  return sum * static_cast<double>(call.scale);
}

void attend_reference(const AttendCall& call) {
  const std::int64_t padded = padded_head(call.head_dim);
  std::vector<double> sums(static_cast<std::size_t>(call.head_dim));
  for (std::int64_t row = 0; row < call.rows; ++row) {
    double most = -std::numeric_limits<double>::infinity();
    for (std::int64_t position = call.first[row]; position < call.end[row]; ++position) {
      most = std::max(most, score_of(call, row, position));
    }
    sums.assign(sums.size(), 0.0);
    double total = 0.0;
    for (std::int64_t position = call.first[row]; position < call.end[row]; ++position) {
      const double weight = std::exp(score_of(call, row, position) - most);
      const float* const value = call.values[position / PAGE_POSITIONS] + position % PAGE_POSITIONS * padded;
      total += weight;
      for (std::size_t d = 0; d < sums.size(); ++d) {
        sums[d] += weight * static_cast<double>(value[d]);
      }
    }
    for (std::size_t d = 0; d < sums.size(); ++d) {
      call.out[row][d] = static_cast<float>(sums[d] / total);
    }
  }
}

ASSAY_KERNEL(decoder, normalise, reference, &normalise_reference);
ASSAY_KERNEL(decoder, rotate, reference, &rotate_reference);
ASSAY_KERNEL(decoder, apply_gate, reference, &apply_gate_reference);
ASSAY_KERNEL(decoder, attend, reference, &attend_reference);

}  // namespace
}  // namespace assay
