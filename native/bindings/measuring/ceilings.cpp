// What the machine can do at most.

#include <tuple>

#include "../methods.h"
#include "assay/kernels/ceiling.h"

namespace assay::python {
namespace {

auto ceiling_arithmetic(std::string_view kernel, std::int64_t threads, std::int64_t rounds, std::int64_t tries) {
  const CeilingResult result = run_arithmetic(kernel, {.threads = threads, .passes = rounds, .tries = tries});
  return std::tuple(result.amount, result.wall_ns);
}

auto ceiling_traffic(std::string_view kind, std::int64_t bytes, std::int64_t threads, std::int64_t passes,
                     std::int64_t tries) {
  const CeilingResult result = run_traffic(kind, bytes, {.threads = threads, .passes = passes, .tries = tries});
  return std::tuple(result.amount, result.wall_ns);
}

const Methods methods{
    bind<&ceiling_arithmetic, "ceiling_arithmetic", Gil::released>("(operations, nanoseconds) of multiply-adds."),
    bind<&ceiling_traffic, "ceiling_traffic", Gil::released>("(bytes, nanoseconds) of moving memory."),
};

}  // namespace
}  // namespace assay::python
