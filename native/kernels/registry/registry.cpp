#include "assay/kernels/registry.h"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <string>
#include <tuple>

#include "assay/core/cpu.h"
#include "assay/core/error.h"

// Both ends of the section that ASSAY_KERNEL fills; the linker defines them.
extern "C" {
[[gnu::visibility("hidden")]] extern const assay::Kernel* const __start_assay_kernels[];
[[gnu::visibility("hidden")]] extern const assay::Kernel* const __stop_assay_kernels[];
}

namespace assay {
namespace {

constexpr std::array RUNGS{Rung::reference, Rung::portable, Rung::avx2, Rung::avx512, Rung::avx512_dot};

std::string label(std::string_view family, std::string_view kernel) {
  return std::string(family) + "." + std::string(kernel);
}

std::vector<const Kernel*> ladder(std::string_view family, std::string_view name) {
  std::vector<const Kernel*> rungs = kernels();
  std::erase_if(rungs, [&](const Kernel* kernel) { return kernel->family != family || kernel->name != name; });
  if (rungs.empty()) {
    throw Error(ErrorKind::usage, label(family, name) + ": no such kernel in this build");
  }
  return rungs;
}

}  // namespace

std::string_view name(Rung rung) noexcept {
  switch (rung) {
    case Rung::reference:
      return "reference";
    case Rung::avx512_dot:
      return "avx512_dot";
    default:
      return name(needs(rung));
  }
}

Rung rung_named(std::string_view wanted) {
  const auto* const found = std::ranges::find(RUNGS, wanted, [](Rung rung) { return name(rung); });
  if (found == RUNGS.end()) {
    throw Error(ErrorKind::usage,
                "no rung '" + std::string(wanted) + "'; there are reference, portable, avx2, avx512, avx512_dot");
  }
  return *found;
}

Isa needs(Rung rung) noexcept {
  switch (rung) {
    case Rung::avx512_dot:
    case Rung::avx512:
      return Isa::avx512;
    case Rung::avx2:
      return Isa::avx2;
    case Rung::portable:
    case Rung::reference:
      break;
  }
  return Isa::portable;
}

bool runs_on(Rung rung, Isa limit) noexcept {
  if (rung == Rung::avx512_dot && !(has_cpu_feature("avx512_vnni") && has_cpu_feature("avx512_bf16"))) {
    return false;
  }
  return needs(rung) <= limit;
}

std::vector<const Kernel*> kernels() {
  std::vector<const Kernel*> all(__start_assay_kernels, __stop_assay_kernels);
  std::ranges::sort(all, {}, [](const Kernel* kernel) { return std::tie(kernel->family, kernel->name, kernel->rung); });
  return all;
}

const Kernel& kernel_at(std::string_view family, std::string_view name, Rung rung) {
  const std::vector<const Kernel*> rungs = ladder(family, name);
  const auto found = std::ranges::find(rungs, rung, &Kernel::rung);
  if (found == rungs.end()) {
    throw Error(ErrorKind::unavailable,
                label(family, name) + ": this build has no " + std::string(assay::name(rung)) + " rung");
  }
  if (!runs_on(rung, detected_isa())) {
    throw Error(ErrorKind::unavailable,
                label(family, name) + ": this processor can't run the " + std::string(assay::name(rung)) + " rung");
  }
  return **found;
}

const Kernel& best_kernel(std::string_view family, std::string_view name) {
  const Isa limit = chosen_isa();
  const Kernel* best = nullptr;
  for (const Kernel* kernel : ladder(family, name)) {
    if (runs_on(kernel->rung, limit)) {
      best = kernel;
    }
  }
  if (best == nullptr) {
    throw Error(ErrorKind::unavailable, label(family, name) + ": no rung that runs on any processor");
  }
  return *best;
}

void require_signature(const Kernel& kernel, const char* signature) {
  if (kernel.signature != signature) {
    throw std::logic_error(label(kernel.family, kernel.name) + ": asked for as another type of function");
  }
}

}  // namespace assay
