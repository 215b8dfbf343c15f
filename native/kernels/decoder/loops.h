// Norms, rotations and gates over lanes; compiled once for each instruction set.
//
// `Lanes` has WIDTH elements, a Vector and an Integers of gcc's vector types, fma(), sum() and largest().
#pragma once

#include <cstring>

#include "assay/kernels/decoder/steps.h"

namespace assay::decoding {
namespace {  // not shared: a copy compiled for one instruction set must never serve another

template <class Lanes>
using V = typename Lanes::Vector;

template <class Lanes>
inline V<Lanes> load(const float* from) {
  V<Lanes> values;
  std::memcpy(&values, from, sizeof values);
  return values;
}

template <class Lanes>
inline void store(float* to, V<Lanes> values) {
  std::memcpy(to, &values, sizeof values);
}

template <class Lanes>
inline V<Lanes> spread(float value) {
  return value - V<Lanes>{};
}

// The first `count` lanes, zeros behind them.
template <class Lanes>
inline V<Lanes> load_some(const float* from, std::int64_t count) {
  V<Lanes> values{};
  std::memcpy(&values, from, static_cast<std::size_t>(count) * sizeof(float));
  return values;
}

template <class Lanes>
inline void store_some(float* to, V<Lanes> values, std::int64_t count) {
  std::memcpy(to, &values, static_cast<std::size_t>(count) * sizeof(float));
}

// For lanes that have no instructions for it.
template <int WIDTH>
inline float folded_sum(const float* from) {
  float lanes[WIDTH];
  std::memcpy(lanes, from, sizeof lanes);
  for (int width = WIDTH / 2; width > 0; width /= 2) {
    for (int i = 0; i < width; ++i) {
      lanes[i] += lanes[i + width];
    }
  }
  return lanes[0];
}

template <int WIDTH>
inline float largest_of(const float* lanes) {
  float largest = lanes[0];
  for (int i = 1; i < WIDTH; ++i) {
    largest = lanes[i] > largest ? lanes[i] : largest;
  }
  return largest;
}

// e^x = 2^n e^r with |r| <= log(2) / 2, to about 2e-7; what is below e^-87 becomes that. NaN stays.
template <class Lanes>
inline V<Lanes> exponential(V<Lanes> x) {
  using Integers = typename Lanes::Integers;
  constexpr float ROUNDER = 0x1.8p23F;  // a sum with this has the nearest integer in its low bits
  x = x < -87.0F ? spread<Lanes>(-87.0F) : x;
  x = x > 88.0F ? spread<Lanes>(88.0F) : x;
  const V<Lanes> shifted = Lanes::fma(x, spread<Lanes>(1.44269504088896341F), spread<Lanes>(ROUNDER));
  const V<Lanes> n = shifted - ROUNDER;
  V<Lanes> r = Lanes::fma(n, spread<Lanes>(-0.693359375F), x);
  r = Lanes::fma(n, spread<Lanes>(2.12194440e-4F), r);
  V<Lanes> sum = spread<Lanes>(1.9875691500e-4F);
  for (const float factor :
       {1.3981999507e-3F, 8.3334519073e-3F, 4.1665795894e-2F, 1.6666665459e-1F, 5.0000001201e-1F}) {
    sum = Lanes::fma(sum, r, spread<Lanes>(factor));
  }
  sum = Lanes::fma(sum, r * r, r) + 1.0F;
  return __builtin_bit_cast(V<Lanes>,
                            __builtin_bit_cast(Integers, sum) + (__builtin_bit_cast(Integers, shifted) << 23));
}

template <class Lanes>
void normalise_rows(const NormCall& call) {
  constexpr std::int64_t WIDTH = Lanes::WIDTH;
  for (std::int64_t row = 0; row < call.rows; ++row) {
    const float* const in = call.in + row * call.in_row;
    float* const out = call.out + row * call.out_row;
    V<Lanes> even{};
    V<Lanes> odd{};
    std::int64_t i = 0;
    for (; i + 2 * WIDTH <= call.columns; i += 2 * WIDTH) {
      const V<Lanes> first = load<Lanes>(in + i);
      const V<Lanes> second = load<Lanes>(in + i + WIDTH);
      even = Lanes::fma(first, first, even);
      odd = Lanes::fma(second, second, odd);
    }
    for (; i < call.columns; i += WIDTH) {
      const V<Lanes> values = load_some<Lanes>(in + i, call.columns - i < WIDTH ? call.columns - i : WIDTH);
      even = Lanes::fma(values, values, even);
    }
    const float mean = Lanes::sum(even + odd) / static_cast<float>(call.columns);
    const float factor = 1.0F / __builtin_sqrtf(mean + call.epsilon);
    for (i = 0; i + WIDTH <= call.columns; i += WIDTH) {
      store<Lanes>(out + i, load<Lanes>(in + i) * factor * load<Lanes>(call.weight + i));
    }
    for (; i < call.columns; ++i) {
      out[i] = in[i] * factor * call.weight[i];
    }
  }
}

template <class Lanes>
void rotate_heads(const RotateCall& call) {
  constexpr std::int64_t WIDTH = Lanes::WIDTH;
  for (std::int64_t head = 0; head < call.count; ++head) {
    float* const x = call.heads + head * call.head_row;
    std::int64_t i = 0;
    for (; !call.interleaved && i + WIDTH <= call.pairs; i += WIDTH) {
      const V<Lanes> first = load<Lanes>(x + i);
      const V<Lanes> second = load<Lanes>(x + call.pairs + i);
      const V<Lanes> cosine = load<Lanes>(call.cosines + i);
      const V<Lanes> sine = load<Lanes>(call.sines + i);
      store<Lanes>(x + i, first * cosine - second * sine);
      store<Lanes>(x + call.pairs + i, second * cosine + first * sine);
    }
    for (; i < call.pairs; ++i) {
      float& first = x[call.interleaved ? 2 * i : i];
      float& second = x[call.interleaved ? 2 * i + 1 : i + call.pairs];
      const float before = first;
      first = before * call.cosines[i] - second * call.sines[i];
      second = second * call.cosines[i] + before * call.sines[i];
    }
  }
}

template <class Lanes>
inline V<Lanes> sigmoid(V<Lanes> x) {
  return 1.0F / (exponential<Lanes>(-x) + 1.0F);
}

template <class Lanes, Gate gate>
inline V<Lanes> gated(V<Lanes> x) {
  if constexpr (gate == Gate::silu) {
    return x * sigmoid<Lanes>(x);
  } else if constexpr (gate == Gate::gelu_tanh) {
    // (1 + tanh(y)) / 2 is the sigmoid of 2 y.
    const V<Lanes> cubed = x * x * x;
    return x * sigmoid<Lanes>(Lanes::fma(cubed, spread<Lanes>(0.044715F), x) * 1.5957691216057308F);
  } else {
    return x > 0.0F ? x : V<Lanes>{};
  }
}

template <class Lanes, Gate gate>
inline void gate_values(const GateCall& call) {
  constexpr std::int64_t WIDTH = Lanes::WIDTH;
  for (std::int64_t i = 0; i < call.count; i += WIDTH) {
    const std::int64_t count = call.count - i < WIDTH ? call.count - i : WIDTH;
    V<Lanes> value = gated<Lanes, gate>(load_some<Lanes>(call.values + i, count));
    if (call.factors != nullptr) {
      value *= load_some<Lanes>(call.factors + i, count);
    }
    store_some<Lanes>(call.values + i, value, count);
  }
}

// Its error function has no short form that would be exact enough.
inline void gate_by_erf(const GateCall& call) {
  for (std::int64_t i = 0; i < call.count; ++i) {
    const float x = call.values[i];
    const float value = 0.5F * x * (1.0F + __builtin_erff(x * 0.70710678F));
    call.values[i] = call.factors == nullptr ? value : value * call.factors[i];
  }
}

template <class Lanes>
void apply_gate_to(const GateCall& call) {
  switch (call.gate) {
    case Gate::silu:
      return gate_values<Lanes, Gate::silu>(call);
    case Gate::gelu:
      return gate_by_erf(call);
    case Gate::gelu_tanh:
      return gate_values<Lanes, Gate::gelu_tanh>(call);
    case Gate::relu:
      return gate_values<Lanes, Gate::relu>(call);
  }
}

}  // namespace
}  // namespace assay::decoding
