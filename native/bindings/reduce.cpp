#include "reduce.h"

#include "assay/kernels/reduce.h"

namespace assay::python {
namespace {

template <class Real>
double sum_of(std::span<const Real> values, std::string_view rung) {
  return rung.empty() ? sum(values) : sum(values, rung_named(rung));
}

}  // namespace

std::vector<std::tuple<std::string_view, std::string_view, std::string_view>> kernel_names() {
  std::vector<std::tuple<std::string_view, std::string_view, std::string_view>> names;
  for (const Kernel* kernel : kernels()) {
    names.emplace_back(kernel->family, kernel->name, name(kernel->rung));
  }
  return names;
}

double sum_buffer(Buffer values, std::string_view rung) {
  return values.format() == "f" ? sum_of(values.as<float>("f"), rung) : sum_of(values.as<double>("d"), rung);
}

}  // namespace assay::python
