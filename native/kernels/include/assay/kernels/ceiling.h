// What the machine can do at most: loops that only multiply and add, and loops that only move bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "assay/kernels/registry.h"

namespace assay {

// Runs `rounds` rounds of independent multiply-adds and returns how many operations that were, two each; 0 where
// there is no instruction for it.
using CeilingArithmetic = std::int64_t (*)(std::int64_t rounds);

// Goes once over memory aligned to 64 bytes, a multiple of 1 KiB.
struct CeilingTraffic {
  void (*read)(const std::byte* from, std::int64_t bytes);
  void (*write)(std::byte* to, std::int64_t bytes);
  void (*copy)(std::byte* to, const std::byte* from, std::int64_t bytes);
  // Around the caches, where the machine can.
  void (*write_past)(std::byte* to, std::int64_t bytes);
  void (*copy_past)(std::byte* to, const std::byte* from, std::int64_t bytes);
};

struct CeilingSize {
  std::int64_t threads;
  std::int64_t passes;  // of each thread in each try
  std::int64_t tries;
};

// Of the best try.
struct CeilingResult {
  std::int64_t amount;   // operations or bytes, of all threads
  std::int64_t wall_ns;  // from the first thread's begin to the last one's end
};

// `kernel` is fma_f32, fma_f64, dot_bf16 or dot_i8. Throws Error where this machine has no such instruction.
[[nodiscard]] CeilingResult run_arithmetic(std::string_view kernel, const CeilingSize& size);

// `kind` is read, write, copy, write_past or copy_past, of which a copy counts what is read and what is written; each
// thread goes over `bytes` of its own, a multiple of 1024.
[[nodiscard]] CeilingResult run_traffic(std::string_view kind, std::int64_t bytes, const CeilingSize& size);

}  // namespace assay
