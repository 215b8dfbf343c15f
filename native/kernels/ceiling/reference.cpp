#include "loops.h"

namespace assay::ceiling {
namespace {

using Floats [[gnu::vector_size(16)]] = float;
using Doubles [[gnu::vector_size(16)]] = double;

std::int64_t fma_f32(std::int64_t rounds) {
  return multiply_add<4>(rounds, Floats{1, 1, 1, 1}, [](Floats& sum, const Floats& by) { sum = sum * by + by; });
}

std::int64_t fma_f64(std::int64_t rounds) {
  return multiply_add<2>(rounds, Doubles{1, 1}, [](Doubles& sum, const Doubles& by) { sum = sum * by + by; });
}

void write_plain(std::byte* to, std::int64_t bytes) { write(to, bytes, keep); }
void copy_plain(std::byte* to, const std::byte* from, std::int64_t bytes) { copy(to, from, bytes, keep); }

constexpr CeilingTraffic traffic{
    .read = read, .write = write_plain, .copy = copy_plain, .write_past = write_plain, .copy_past = copy_plain};

// No such instruction, so no operations.
std::int64_t none(std::int64_t) { return 0; }

ASSAY_KERNEL(ceiling, dot_bf16, reference, &none);
ASSAY_KERNEL(ceiling, dot_i8, reference, &none);
ASSAY_KERNEL(ceiling, fma_f32, reference, &fma_f32);
ASSAY_KERNEL(ceiling, fma_f64, reference, &fma_f64);
ASSAY_KERNEL(ceiling, traffic, reference, &traffic);

}  // namespace
}  // namespace assay::ceiling
