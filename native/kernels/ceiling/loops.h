// The loops, whatever the vectors are.
#pragma once

#include "assay/kernels/ceiling.h"

// Every file has its own, compiled for its own instructions: one shared by name would be whichever the linker takes.
namespace assay::ceiling {
namespace {

// 12 chains keep two units with a latency of four cycles busy, and leave room for operands.
// Separate variables: gcc keeps an array of them in memory.
template <std::int64_t lanes, class Vector, class Step>
std::int64_t multiply_add(std::int64_t rounds, Vector factor, const Step& step) {
  constexpr int CHAINS = 12;
  Vector a{}, b{}, c{}, d{}, e{}, f{}, g{}, h{}, i{}, j{}, k{}, l{};
  for (std::int64_t round = 0; round < rounds; ++round) {
    step(a, factor);
    step(b, factor);
    step(c, factor);
    step(d, factor);
    step(e, factor);
    step(f, factor);
    step(g, factor);
    step(h, factor);
    step(i, factor);
    step(j, factor);
    step(k, factor);
    step(l, factor);
  }
  const Vector results[CHAINS] = {a, b, c, d, e, f, g, h, i, j, k, l};
  asm volatile("" : : "m"(results));
  return rounds * CHAINS * lanes * 2;
}

using Line [[gnu::vector_size(64)]] = long long;

[[maybe_unused]] inline void read(const std::byte* from, std::int64_t bytes) {
  const auto* const lines = reinterpret_cast<const Line*>(from);
  const std::int64_t count = bytes / static_cast<std::int64_t>(sizeof(Line));
  Line a{}, b{}, c{}, d{};
  for (std::int64_t i = 0; i < count; i += 4) {
    a |= lines[i];
    b |= lines[i + 1];
    c |= lines[i + 2];
    d |= lines[i + 3];
  }
  const Line all = a | b | c | d;
  asm volatile("" : : "m"(all));
}

// `store(place, line)` writes one line.
template <class Store>
void write(std::byte* to, std::int64_t bytes, const Store& store) {
  auto* const lines = reinterpret_cast<Line*>(to);
  const std::int64_t count = bytes / static_cast<std::int64_t>(sizeof(Line));
  for (std::int64_t i = 0; i < count; i += 4) {
    store(lines + i, Line{});
    store(lines + i + 1, Line{});
    store(lines + i + 2, Line{});
    store(lines + i + 3, Line{});
  }
  asm volatile("" : : : "memory");
}

template <class Store>
void copy(std::byte* to, const std::byte* from, std::int64_t bytes, const Store& store) {
  auto* const lines = reinterpret_cast<Line*>(to);
  const auto* const source = reinterpret_cast<const Line*>(from);
  const std::int64_t count = bytes / static_cast<std::int64_t>(sizeof(Line));
  for (std::int64_t i = 0; i < count; i += 4) {
    store(lines + i, source[i]);
    store(lines + i + 1, source[i + 1]);
    store(lines + i + 2, source[i + 2]);
    store(lines + i + 3, source[i + 3]);
  }
  asm volatile("" : : : "memory");
}

// Keeps a compiler from making a call of memset or memcpy of it, which choose for themselves.
[[maybe_unused]] inline void keep(Line* place, const Line& line) {
  *place = line;
  asm volatile("" : : "m"(*place));
}

}  // namespace
}  // namespace assay::ceiling
