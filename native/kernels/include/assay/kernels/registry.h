// The registry of kernels: which implementations of which operation this build holds.
//
// A rung (one implementation) registers itself with ASSAY_KERNEL in its own file. The entries are constants in a
// section of their own: nothing runs at load, so a file compiled for AVX-512 is harmless on a machine without it.
#pragma once

#include <string_view>
#include <vector>

#include "assay/core/isa.h"

namespace assay {

// The ladder of implementations, slowest first. `reference` is plain code and defines what the others must return.
// `avx512_dot` is AVX-512 with the dot products of AVX512_VNNI and AVX512_BF16.
enum class Rung { reference, portable, avx2, avx512, avx512_dot };

[[nodiscard]] std::string_view name(Rung rung) noexcept;

// The rung of that name; throws Error when there is none.
[[nodiscard]] Rung rung_named(std::string_view name);

// The instruction set a rung needs.
[[nodiscard]] Isa needs(Rung rung) noexcept;

// Whether a rung may run where `limit` is the highest instruction set.
[[nodiscard]] bool runs_on(Rung rung, Isa limit) noexcept;

struct Kernel {
  std::string_view family;
  std::string_view name;
  Rung rung;
  const char* signature;  // identity of the function type, see signature_of
};

// One address per function type: lets the registry hand a function back only as what it is.
template <class Function>
inline constexpr char signature_of = 0;

template <class Function>
struct KernelOf : Kernel {
  Function function;
};

// Every kernel of this build, sorted by family, name and rung.
[[nodiscard]] std::vector<const Kernel*> kernels();

// The kernel at exactly that rung. Throws Error when this build or this machine doesn't have it.
[[nodiscard]] const Kernel& kernel_at(std::string_view family, std::string_view name, Rung rung);

// The kernel at the highest rung that chosen_isa() allows.
[[nodiscard]] const Kernel& best_kernel(std::string_view family, std::string_view name);

// Throws std::logic_error when `kernel` holds another type of function.
void require_signature(const Kernel& kernel, const char* signature);

template <class Function>
[[nodiscard]] Function function_of(const Kernel& kernel) {
  require_signature(kernel, &signature_of<Function>);
  return static_cast<const KernelOf<Function>&>(kernel).function;
}

}  // namespace assay

// ASSAY_KERNEL(reduce, sum_f32, avx2, &sum_f32);
#define ASSAY_KERNEL(family_, name_, rung_, function_)                                                         \
  static constinit const ::assay::KernelOf<decltype(function_)> assay_kernel_##name_{                          \
      {#family_, #name_, ::assay::Rung::rung_, &::assay::signature_of<decltype(function_)>}, function_};       \
  [[gnu::used,                                                                                                 \
    gnu::section("assay_kernels")]] static constinit const ::assay::Kernel* const assay_kernel_entry_##name_ = \
      &assay_kernel_##name_
