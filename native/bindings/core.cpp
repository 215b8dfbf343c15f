// Facts about this build, this processor and its clock.

#include <string_view>
#include <tuple>
#include <vector>

#include "assay/core/build.h"
#include "assay/core/clock.h"
#include "assay/core/cpu.h"
#include "assay/core/isa.h"
#include "methods.h"

namespace assay::python {
namespace {

std::string_view isa() { return name(chosen_isa()); }

std::vector<std::string_view> isas() {
  std::vector<std::string_view> names;
  for (const Isa isa : available_isas()) {
    names.push_back(name(isa));
  }
  return names;
}

auto clock_facts(std::int64_t window_ns) {
  const ClockFacts facts = measure_clock(window_ns);
  return std::tuple(facts.resolution_ns, facts.read_ns, facts.tsc_invariant, facts.tsc_hz, facts.tsc_error_ppm);
}

void nothing() {}

const Methods methods{
    bind<&compiler, "compiler">("Name and version of the compiler."),
    bind<&isa, "isa">("The instruction set that the kernels use."),
    bind<&isas, "isas">("The instruction sets that this machine can run."),
    bind<&cpu_features, "cpu_features">("Usable processor features, sorted."),
    bind<&monotonic_ns, "monotonic_ns">("CLOCK_MONOTONIC in nanoseconds."),
    bind<&clock_facts, "clock_facts", Gil::released>("(resolution_ns, read_ns, tsc_invariant, tsc_hz, tsc_error_ppm)"),
    bind<&nothing, "nothing">("Does nothing: what a call costs."),
};

}  // namespace
}  // namespace assay::python
