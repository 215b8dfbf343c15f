#include "assay/core/cpu.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <set>
#include <sstream>
#include <string>

namespace assay {
namespace {

// What the kernel found, independently of our CPUID code.
std::set<std::string> kernel_flags() {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("flags")) {
      std::istringstream words(line.substr(line.find(':') + 1));
      return {std::istream_iterator<std::string>(words), {}};
    }
  }
  return {};
}

TEST_CASE("every feature agrees with the kernel's own list") {
  const std::set<std::string> flags = kernel_flags();
  if (flags.empty()) {
    MESSAGE("skipped: /proc/cpuinfo names no flags here");
    return;
  }
  for (const std::string_view feature : known_cpu_features()) {
    CAPTURE(feature);
    CHECK(has_cpu_feature(feature) == flags.contains(std::string(feature)));
  }
  CHECK(has_invariant_tsc() == (flags.contains("constant_tsc") && flags.contains("nonstop_tsc")));
}

TEST_CASE("the list of features holds the ones that are there, sorted") {
  const auto features = cpu_features();
  CHECK(std::ranges::is_sorted(features));
  CHECK(std::ranges::all_of(features, has_cpu_feature));
  CHECK(static_cast<std::ptrdiff_t>(features.size()) == std::ranges::count_if(known_cpu_features(), has_cpu_feature));
}

TEST_CASE("a feature that nobody knows is not there") { CHECK_FALSE(has_cpu_feature("avx1024")); }

}  // namespace
}  // namespace assay
