#include <unistd.h>

#include <array>
#include <fstream>
#include <sstream>
#include <string>

#include "assay/core/build.h"
#include "assay/core/cpu.h"
#include "assay/core/isa.h"
#include "assay/kernels/tuning/kept.h"
#include "gemm_build.h"

namespace assay {
namespace {

// As the operating system calls it, on x86-64 and elsewhere; lines of /proc/cpuinfo read `name : value`.
constexpr std::array<std::string_view, 2> NAMES{"model name", "CPU part"};

std::string processor() {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line) && !line.empty();) {
    for (const std::string_view name : NAMES) {
      const std::size_t value = line.find(": ");
      if (line.starts_with(name) && value != std::string::npos) {
        return line.substr(value + 2);
      }
    }
  }
  return "unknown processor";
}

const char* dot_products() {
  return has_cpu_feature("avx512_vnni") && has_cpu_feature("avx512_bf16") ? " with dot products" : "";
}

}  // namespace

std::string gemm_machine() {
  std::ostringstream text;
  text << processor() << ", caches";
  for (const int level : {_SC_LEVEL1_DCACHE_SIZE, _SC_LEVEL2_CACHE_SIZE, _SC_LEVEL3_CACHE_SIZE}) {
    text << ' ' << sysconf(level);
  }
  text << ", " << name(chosen_isa()) << dot_products() << ", kernels " << GEMM_BUILD << " by " << compiler();
  return text.str();
}

}  // namespace assay
