#include "assay/core/isa.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <string>

#include "assay/core/build.h"
#include "assay/core/error.h"

namespace assay {
namespace {

std::string refusal(std::string_view wanted, Isa detected, ErrorKind kind) {
  try {
    static_cast<void>(choose_isa(wanted, detected));
  } catch (const Error& error) {
    CHECK(error.kind() == kind);
    return error.what();
  }
  return "";
}

TEST_CASE("no wish means the best there is") {
  CHECK(choose_isa("", Isa::avx512) == Isa::avx512);
  CHECK(choose_isa("", Isa::portable) == Isa::portable);
}

TEST_CASE("any lower set can be forced") {
  CHECK(choose_isa("portable", Isa::avx512) == Isa::portable);
  CHECK(choose_isa("avx2", Isa::avx512) == Isa::avx2);
  CHECK(choose_isa("avx512", Isa::avx512) == Isa::avx512);
}

TEST_CASE("a set that this processor lacks is refused, and the error lists what can be chosen") {
  CHECK(refusal("avx512", Isa::avx2, ErrorKind::unavailable) ==
        "ASSAY_ISA=avx512: this processor does not have it; choose one of: portable, avx2");
}

TEST_CASE("an unknown set is refused whatever the processor") {
  CHECK(refusal("AVX2", Isa::avx512, ErrorKind::usage) ==
        "ASSAY_ISA=AVX2: no such instruction set; choose one of: portable, avx2, avx512");
}

TEST_CASE("the available sets start at portable and end at the detected one") {
  const std::vector<Isa> available = available_isas();
  REQUIRE(!available.empty());
  CHECK(available.front() == Isa::portable);
  CHECK(available.back() == detected_isa());
  CHECK(std::ranges::is_sorted(available));
}

TEST_CASE("a refused wish can be mended without a restart") {
  REQUIRE(setenv("ASSAY_ISA", "pentium", 1) == 0);
  CHECK_THROWS_AS(static_cast<void>(chosen_isa()), Error);
  REQUIRE(setenv("ASSAY_ISA", "portable", 1) == 0);
  CHECK(chosen_isa() == Isa::portable);
  REQUIRE(unsetenv("ASSAY_ISA") == 0);
  CHECK_MESSAGE(chosen_isa() == Isa::portable, "decided once");
}

TEST_CASE("the compiler is named with its version") {
  const std::string text(compiler());
  CHECK((text.starts_with("gcc ") || text.starts_with("clang ")));
  CHECK(std::ranges::count(text, '.') == 2);
}

}  // namespace
}  // namespace assay
