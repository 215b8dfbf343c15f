#include "assay/kernels/registry.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <stdexcept>

#include "assay/core/error.h"
#include "assay/kernels/reduce.h"

namespace assay {
namespace {

int answer() { return 42; }

ASSAY_KERNEL(test, answer, reference, &answer);

TEST_CASE("a kernel that registers itself is found with its type") {
  CHECK(function_of<int (*)()>(best_kernel("test", "answer"))() == 42);
}

TEST_CASE("a kernel is not handed out as another type of function") {
  CHECK_THROWS_AS(static_cast<void>(function_of<SumF32>(best_kernel("test", "answer"))), std::logic_error);
}

TEST_CASE("every operation starts at its reference rung") {
  std::string_view last;
  for (const Kernel* kernel : kernels()) {
    if (kernel->name != last) {
      CHECK(kernel->rung == Rung::reference);
    }
    last = kernel->name;
  }
}

TEST_CASE("the best kernel is the highest rung that the chosen instruction set allows") {
  const Kernel& best = best_kernel("reduce", "sum_f32");
  for (const Kernel* kernel : kernels()) {
    if (kernel->family == "reduce" && kernel->name == "sum_f32" && runs_on(kernel->rung, chosen_isa())) {
      CHECK(kernel->rung <= best.rung);
    }
  }
  CHECK(runs_on(best.rung, chosen_isa()));
}

TEST_CASE("what doesn't exist is refused by name") {
  CHECK_THROWS_WITH_AS(static_cast<void>(best_kernel("reduce", "sum_f8")),
                       "reduce.sum_f8: no such kernel in this build", Error);
  CHECK_THROWS_WITH_AS(static_cast<void>(kernel_at("test", "answer", Rung::portable)),
                       "test.answer: this build has no portable rung", Error);
  CHECK_THROWS_WITH_AS(static_cast<void>(rung_named("sse9")),
                       "no rung 'sse9'; there are reference, portable, avx2, avx512, avx512_dot", Error);
}

TEST_CASE("rung names go both ways") {
  for (const std::string_view text : {"reference", "portable", "avx2", "avx512", "avx512_dot"}) {
    CHECK(name(rung_named(text)) == text);
  }
}

}  // namespace
}  // namespace assay
