// Sums, and the list of kernels.

#include "assay/kernels/reduce.h"

#include <string_view>
#include <tuple>
#include <vector>

#include "assay/runtime/launch.h"
#include "methods.h"

namespace assay::python {
namespace {

std::vector<std::tuple<std::string_view, std::string_view, std::string_view>> kernel_names() {
  std::vector<std::tuple<std::string_view, std::string_view, std::string_view>> names;
  for (const Kernel* kernel : kernels()) {
    names.emplace_back(kernel->family, kernel->name, name(kernel->rung));
  }
  return names;
}

template <class Real>
double sum_of(std::span<const Real> values, std::string_view rung) {
  const auto count = static_cast<std::int64_t>(values.size());
  const LaunchScope scope(0, sizeof(Real) == 4 ? "sum_f32" : "sum_f64",
                          {.flops = count, .bytes_read = count * static_cast<std::int64_t>(sizeof(Real))});
  return rung.empty() ? sum(values) : sum(values, rung_named(rung));
}

// Runs without the GIL: the buffer stays exported, and nothing here touches Python.
double sum_buffer(Buffer values, std::string_view rung) {
  return values.format() == "f" ? sum_of(values.as<float>("f"), rung) : sum_of(values.as<double>("d"), rung);
}

const Methods methods{
    bind<&kernel_names, "kernels">("(family, name, rung) of every kernel of this build."),
    bind<&sum_buffer, "sum_buffer", Gil::released>(
        "Sum of a buffer of fp32 or fp64, by the named rung or, for '', the best."),
};

}  // namespace
}  // namespace assay::python
