// assay.vgpu._native: converts, releases the GIL and calls. Documentation and checks of arguments live in Python.

#include <string_view>
#include <tuple>
#include <vector>

#include "assay/core/build.h"
#include "assay/core/clock.h"
#include "assay/core/cpu.h"
#include "assay/core/isa.h"
#include "bind.h"
#include "reduce.h"

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

PyMethodDef methods[] = {
    bind<&compiler, "compiler">("Name and version of the compiler."),
    bind<&isa, "isa">("The instruction set that the kernels use."),
    bind<&isas, "isas">("The instruction sets that this machine can run."),
    bind<&cpu_features, "cpu_features">("Usable processor features, sorted."),
    bind<&monotonic_ns, "monotonic_ns">("CLOCK_MONOTONIC in nanoseconds."),
    bind<&clock_facts, "clock_facts", Gil::released>("(resolution_ns, read_ns, tsc_invariant, tsc_hz, tsc_error_ppm)"),
    bind<&nothing, "nothing">("Does nothing: what a call costs."),
    bind<&kernel_names, "kernels">("(family, name, rung) of every kernel of this build."),
    bind<&sum_buffer, "sum_buffer", Gil::released>(
        "Sum of a buffer of fp32 or fp64, by the named rung or, for '', the best."),
    {nullptr, nullptr, 0, nullptr},
};

PyModuleDef_Slot slots[] = {{0, nullptr}};

PyModuleDef definition = {
    .m_base = {.ob_base = {.ob_refcnt = 1, .ob_type = nullptr}, .m_init = nullptr, .m_index = 0, .m_copy = nullptr},
    .m_name = "_native",
    .m_doc = "The native core of assay.vgpu.",
    .m_size = 0,
    .m_methods = methods,
    .m_slots = slots,
    .m_traverse = nullptr,
    .m_clear = nullptr,
    .m_free = nullptr,
};

}  // namespace
}  // namespace assay::python

extern "C" [[gnu::visibility("default")]] PyObject* PyInit__native() {
  return PyModuleDef_Init(&assay::python::definition);
}
