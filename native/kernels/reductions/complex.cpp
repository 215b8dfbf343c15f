#include "complex.h"

#include <complex>

namespace assay::reductions {
namespace {

template <class T, class Result, auto fold>
void into_each(const std::byte* in, std::int64_t stride, std::byte* accumulators, std::int64_t count) {
  auto* const all = reinterpret_cast<Result*>(accumulators);
  for (std::int64_t i = 0; i < count; ++i) {
    all[i] = fold(all[i], *reinterpret_cast<const T*>(in + i * stride));
  }
}

template <class T, class Result, auto fold>
void into_one(const std::byte* in, std::int64_t stride, std::byte* accumulator, std::int64_t count) {
  auto* const all = reinterpret_cast<Result*>(accumulator);
  for (std::int64_t i = 0; i < count; ++i) {
    *all = fold(*all, *reinterpret_cast<const T*>(in + i * stride));
  }
}

template <class Result, int identity>
void begin(std::byte* accumulators, std::int64_t count) {
  std::fill_n(reinterpret_cast<Result*>(accumulators), count, static_cast<Result>(identity));
}

using Wide = std::complex<double>;
constexpr auto sum = [](Wide all, auto one) { return all + Wide(one); };
constexpr auto product = [](Wide all, auto one) { return all * Wide(one); };
constexpr auto any = [](std::uint8_t all, auto one) {
  return static_cast<std::uint8_t>(all | (one != decltype(one)(0)));
};
constexpr auto every = [](std::uint8_t all, auto one) {
  return static_cast<std::uint8_t>(all & (one != decltype(one)(0)));
};
constexpr auto count = [](std::int64_t all, auto one) { return all + (one != decltype(one)(0) ? 1 : 0); };

template <class Result, int identity, auto fold>
FoldLoops folds(DType type) {
  if (type == DType::c64) {
    return {&into_one<std::complex<float>, Result, fold>, &into_each<std::complex<float>, Result, fold>,
            &begin<Result, identity>};
  }
  return {&into_one<Wide, Result, fold>, &into_each<Wide, Result, fold>, &begin<Result, identity>};
}

}  // namespace

FoldLoops complex_folds(Reduction reduction, DType type) {
  switch (reduction) {
    case Reduction::sum:
      return folds<Wide, 0, sum>(type);
    case Reduction::product:
      return folds<Wide, 1, product>(type);
    case Reduction::any:
      return folds<std::uint8_t, 0, any>(type);
    case Reduction::all:
      return folds<std::uint8_t, 1, every>(type);
    case Reduction::count_nonzero:
      return folds<std::int64_t, 0, count>(type);
    default:
      return {};
  }
}

}  // namespace assay::reductions
