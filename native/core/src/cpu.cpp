#include "assay/core/cpu.h"

#include <algorithm>
#include <array>
#include <cstdint>

#if defined(__x86_64__)
#include <cpuid.h>
#endif

namespace assay {
namespace {

enum class Register { eax, ebx, ecx, edx };

// Parts of the register file that the operating system saves, as bits of XCR0.
constexpr std::uint64_t NO_STATE = 0;
constexpr std::uint64_t YMM_STATE = 0x6;
constexpr std::uint64_t ZMM_STATE = 0xe6;
constexpr std::uint64_t TILE_STATE = 0x60000;

struct Feature {
  std::string_view name;
  std::uint32_t leaf;
  std::uint32_t subleaf;
  Register where;
  std::uint32_t bit;
  std::uint64_t state;
};

// Bits as the processor manuals (Intel SDM volume 2A, CPUID; AMD APM volume 3, appendix E) state them. Sorted by name.
constexpr std::array FEATURES{
    Feature{"amx_bf16", 7, 0, Register::edx, 22, TILE_STATE},
    Feature{"amx_int8", 7, 0, Register::edx, 25, TILE_STATE},
    Feature{"amx_tile", 7, 0, Register::edx, 24, TILE_STATE},
    Feature{"avx", 1, 0, Register::ecx, 28, YMM_STATE},
    Feature{"avx2", 7, 0, Register::ebx, 5, YMM_STATE},
    Feature{"avx512_bf16", 7, 1, Register::eax, 5, ZMM_STATE},
    Feature{"avx512_fp16", 7, 0, Register::edx, 23, ZMM_STATE},
    Feature{"avx512_vnni", 7, 0, Register::ecx, 11, ZMM_STATE},
    Feature{"avx512bw", 7, 0, Register::ebx, 30, ZMM_STATE},
    Feature{"avx512cd", 7, 0, Register::ebx, 28, ZMM_STATE},
    Feature{"avx512dq", 7, 0, Register::ebx, 17, ZMM_STATE},
    Feature{"avx512f", 7, 0, Register::ebx, 16, ZMM_STATE},
    Feature{"avx512vl", 7, 0, Register::ebx, 31, ZMM_STATE},
    Feature{"avx_vnni", 7, 1, Register::eax, 4, YMM_STATE},
    Feature{"bmi2", 7, 0, Register::ebx, 8, NO_STATE},
    Feature{"f16c", 1, 0, Register::ecx, 29, YMM_STATE},
    Feature{"fma", 1, 0, Register::ecx, 12, YMM_STATE},
    Feature{"popcnt", 1, 0, Register::ecx, 23, NO_STATE},
    Feature{"sse4_2", 1, 0, Register::ecx, 20, NO_STATE},
};

constexpr auto NAMES = [] {
  std::array<std::string_view, FEATURES.size()> names;
  std::ranges::transform(FEATURES, names.begin(), &Feature::name);
  return names;
}();
static_assert(std::ranges::is_sorted(NAMES));

#if defined(__x86_64__)

std::uint32_t cpuid(std::uint32_t leaf, std::uint32_t subleaf, Register where) noexcept {
  std::array<std::uint32_t, 4> words{};
  if (__get_cpuid_count(leaf, subleaf, &words[0], &words[1], &words[2], &words[3]) == 0) {
    return 0;
  }
  return words[static_cast<std::size_t>(where)];
}

// Which register state the operating system saves at a context switch; 0 where it doesn't say (no OSXSAVE).
std::uint64_t saved_state() noexcept {
  constexpr std::uint32_t OSXSAVE = 1U << 27U;
  if ((cpuid(1, 0, Register::ecx) & OSXSAVE) == 0) {
    return 0;
  }
  std::uint32_t low = 0;
  std::uint32_t high = 0;
  asm volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
  return (std::uint64_t{high} << 32U) | low;
}

bool usable(const Feature& feature) noexcept {
  const bool present = ((cpuid(feature.leaf, feature.subleaf, feature.where) >> feature.bit) & 1U) != 0;
  return present && (saved_state() & feature.state) == feature.state;
}

#else

bool usable(const Feature&) noexcept { return false; }

#endif

// Asked once: on a virtual machine every CPUID is a trap of microseconds.
const std::array<bool, FEATURES.size()>& usable_features() noexcept {
  static const auto found = [] {
    std::array<bool, FEATURES.size()> answers{};
    std::ranges::transform(FEATURES, answers.begin(), usable);
    return answers;
  }();
  return found;
}

}  // namespace

std::span<const std::string_view> known_cpu_features() noexcept { return NAMES; }

std::vector<std::string_view> cpu_features() {
  std::vector<std::string_view> features;
  for (std::size_t i = 0; i < NAMES.size(); ++i) {
    if (usable_features()[i]) {
      features.push_back(NAMES[i]);
    }
  }
  return features;
}

bool has_cpu_feature(std::string_view wanted) noexcept {
  const auto* const found = std::ranges::find(NAMES, wanted);
  return found != NAMES.end() && usable_features()[static_cast<std::size_t>(found - NAMES.begin())];
}

bool has_invariant_tsc() noexcept {
#if defined(__x86_64__)
  constexpr std::uint32_t POWER_LEAF = 0x80000007;
  constexpr std::uint32_t INVARIANT_TSC = 1U << 8U;
  return (cpuid(POWER_LEAF, 0, Register::edx) & INVARIANT_TSC) != 0;
#else
  return false;
#endif
}

}  // namespace assay
