#include "assay/core/isa.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <string>

#include "assay/core/cpu.h"
#include "assay/core/error.h"

namespace assay {
namespace {

constexpr std::array ISAS{Isa::portable, Isa::avx2, Isa::avx512};

// What the rungs of each set are compiled with (native/kernels/CMakeLists.txt states the same as flags).
constexpr std::array AVX2_NEEDS{"avx2", "fma", "f16c"};
constexpr std::array AVX512_NEEDS{"avx512f", "avx512dq", "avx512bw", "avx512vl", "avx512cd"};

bool has_all(const auto& features) noexcept {
  return std::ranges::all_of(features, [](std::string_view feature) { return has_cpu_feature(feature); });
}

std::string names_up_to(Isa last) {
  std::string text;
  for (const Isa isa : ISAS) {
    if (isa <= last) {
      text += (text.empty() ? "" : ", ") + std::string(name(isa));
    }
  }
  return text;
}

}  // namespace

std::string_view name(Isa isa) noexcept {
  switch (isa) {
    case Isa::avx512:
      return "avx512";
    case Isa::avx2:
      return "avx2";
    case Isa::portable:
      break;
  }
  return "portable";
}

Isa detected_isa() noexcept {
  if (!has_all(AVX2_NEEDS)) {
    return Isa::portable;
  }
  return has_all(AVX512_NEEDS) ? Isa::avx512 : Isa::avx2;
}

std::vector<Isa> available_isas() {
  std::vector<Isa> available;
  std::ranges::copy_if(ISAS, std::back_inserter(available), [](Isa isa) { return isa <= detected_isa(); });
  return available;
}

Isa choose_isa(std::string_view wanted, Isa detected) {
  if (wanted.empty()) {
    return detected;
  }
  const auto* const found = std::ranges::find(ISAS, wanted, name);
  if (found == ISAS.end()) {
    throw Error(ErrorKind::usage, "ASSAY_ISA=" + std::string(wanted) +
                                      ": no such instruction set; choose one of: " + names_up_to(ISAS.back()));
  }
  if (*found > detected) {
    throw Error(ErrorKind::unavailable,
                "ASSAY_ISA=" + std::string(wanted) +
                    ": this processor does not have it; choose one of: " + names_up_to(detected));
  }
  return *found;
}

Isa chosen_isa() {
  static const Isa chosen = [] {
    const char* const wanted = std::getenv("ASSAY_ISA");
    return choose_isa(wanted == nullptr ? "" : wanted, detected_isa());
  }();
  return chosen;
}

}  // namespace assay
