// Folding loops, compiled once for each rung; see elementwise_fast/loops.h for what that forbids.
#pragma once

#include <cstdint>
#include <type_traits>

#include "assay/kernels/reductions.h"

namespace assay::reductions {
namespace {

template <class T>
using Summed = std::conditional_t<std::is_floating_point_v<T>, double,
                                  std::conditional_t<std::is_signed_v<T>, std::int64_t, std::uint64_t>>;

template <class T>
constexpr T lowest() {
  if constexpr (std::is_floating_point_v<T>) {
    return -static_cast<T>(__builtin_inf());
  } else {
    return std::is_signed_v<T> ? static_cast<T>(T{1} << (sizeof(T) * 8 - 1)) : T{0};
  }
}

template <class T>
constexpr T highest() {
  if constexpr (std::is_floating_point_v<T>) {
    return static_cast<T>(__builtin_inf());
  } else {
    return static_cast<T>(~lowest<T>());
  }
}

// Integers wrap.
template <class T>
T plus(T a, T b) {
  if constexpr (std::is_integral_v<T>) {
    return static_cast<T>(static_cast<std::uint64_t>(a) + static_cast<std::uint64_t>(b));
  } else {
    return a + b;
  }
}

template <class T>
T times(T a, T b) {
  if constexpr (std::is_integral_v<T>) {
    return static_cast<T>(static_cast<std::uint64_t>(a) * static_cast<std::uint64_t>(b));
  } else {
    return a * b;
  }
}

template <class T>
struct Sum {
  using Result = Summed<T>;
  static constexpr Result IDENTITY = 0;
  static Result fold(Result all, T one) { return plus(all, static_cast<Result>(one)); }
  static Result join(Result a, Result b) { return plus(a, b); }
};

template <class T>
struct Product {
  using Result = Summed<T>;
  static constexpr Result IDENTITY = 1;
  static Result fold(Result all, T one) { return times(all, static_cast<Result>(one)); }
  static Result join(Result a, Result b) { return times(a, b); }
};

template <class T>
struct Minimum {
  using Result = T;
  static constexpr Result IDENTITY = highest<T>();
  static Result fold(Result all, T one) { return ((all < one) | (all != all)) ? all : one; }
  static Result join(Result a, Result b) { return fold(a, b); }
};

template <class T>
struct Maximum {
  using Result = T;
  static constexpr Result IDENTITY = lowest<T>();
  static Result fold(Result all, T one) { return ((all > one) | (all != all)) ? all : one; }
  static Result join(Result a, Result b) { return fold(a, b); }
};

// A bool is a byte of 0 or 1.
template <class T>
struct Any {
  using Result = std::uint8_t;
  static constexpr Result IDENTITY = 0;
  static Result fold(Result all, T one) { return static_cast<Result>(all | static_cast<Result>(one != T{0})); }
  static Result join(Result a, Result b) { return static_cast<Result>(a | b); }
};

template <class T>
struct All {
  using Result = std::uint8_t;
  static constexpr Result IDENTITY = 1;
  static Result fold(Result all, T one) { return static_cast<Result>(all & static_cast<Result>(one != T{0})); }
  static Result join(Result a, Result b) { return static_cast<Result>(a & b); }
};

template <class T>
struct Count {
  using Result = std::int64_t;
  static constexpr Result IDENTITY = 0;
  static Result fold(Result all, T one) { return all + static_cast<Result>(one != T{0}); }
  static Result join(Result a, Result b) { return a + b; }
};

constexpr std::int64_t LANES = 32;

// Extremes along contiguous memory, in four registers at once; an array of lanes would be kept in memory.
template <class Folding, class T>
std::int64_t extreme_into_one(const T* values, T* accumulator, std::int64_t count) {
  using Vector [[gnu::vector_size(64)]] = T;
  constexpr std::int64_t WIDTH = 64 / sizeof(T);
  constexpr bool LARGEST = Folding::IDENTITY == lowest<T>();
  Vector best[4];
  for (Vector& one : best) {
    one = Folding::IDENTITY - Vector{};
  }
  auto unordered = best[0] != best[0];
  std::int64_t done = 0;
  for (; done + 4 * WIDTH <= count; done += 4 * WIDTH) {
    for (std::int64_t part = 0; part < 4; ++part) {
      Vector next;
      __builtin_memcpy(&next, values + done + part * WIDTH, sizeof(Vector));
      best[part] = (LARGEST ? next > best[part] : next < best[part]) ? next : best[part];
      if constexpr (std::is_floating_point_v<T>) {
        unordered |= next != next;
      }
    }
  }
  for (std::int64_t lane = 0; lane < WIDTH; ++lane) {
    *accumulator = unordered[lane] != 0 ? static_cast<T>(__builtin_nan("")) : *accumulator;
  }
  for (const Vector& one : best) {
    for (std::int64_t lane = 0; lane < WIDTH; ++lane) {
      *accumulator = Folding::fold(*accumulator, one[lane]);
    }
  }
  return done;
}

template <class Folding, class T>
inline constexpr bool IS_EXTREME = std::is_same_v<Folding, Minimum<T>> || std::is_same_v<Folding, Maximum<T>>;

template <class Folding, class T>
void into_one(const std::byte* in, std::int64_t stride, std::byte* accumulator, std::int64_t count) {
  using Result = typename Folding::Result;
  Result* const all = reinterpret_cast<Result*>(accumulator);
  std::int64_t done = 0;
  if constexpr (IS_EXTREME<Folding, T>) {
    if (stride == sizeof(T)) {
      done = extreme_into_one<Folding, T>(reinterpret_cast<const T*>(in), all, count);
    }
  } else if (stride == sizeof(T) && count >= LANES) {
    const T* const values = reinterpret_cast<const T*>(in);
    Result lanes[LANES];
    for (Result& lane : lanes) {
      lane = Folding::IDENTITY;
    }
    for (; done + LANES <= count; done += LANES) {
      for (std::int64_t lane = 0; lane < LANES; ++lane) {
        lanes[lane] = Folding::fold(lanes[lane], values[done + lane]);
      }
    }
    for (const Result lane : lanes) {
      *all = Folding::join(*all, lane);
    }
  }
  Result rest = *all;
  for (; done < count; ++done) {
    rest = Folding::fold(rest, *reinterpret_cast<const T*>(in + done * stride));
  }
  *all = rest;
}

template <class Folding, class T>
void into_each(const std::byte* in, std::int64_t stride, std::byte* accumulators, std::int64_t count) {
  using Result = typename Folding::Result;
  Result* __restrict const all = reinterpret_cast<Result*>(accumulators);
  if (stride == sizeof(T)) {
    const T* const values = reinterpret_cast<const T*>(in);
    for (std::int64_t i = 0; i < count; ++i) {
      all[i] = Folding::fold(all[i], values[i]);
    }
    return;
  }
  for (std::int64_t i = 0; i < count; ++i) {
    all[i] = Folding::fold(all[i], *reinterpret_cast<const T*>(in + i * stride));
  }
}

template <class Folding>
void begin(std::byte* accumulators, std::int64_t count) {
  using Result = typename Folding::Result;
  Result* const all = reinterpret_cast<Result*>(accumulators);
  for (std::int64_t i = 0; i < count; ++i) {
    all[i] = Folding::IDENTITY;
  }
}

template <template <class> class Folding, class... T>
FoldLoops folds_among(DType type) {
  FoldLoops found{};
  ((type == dtype_of<T> ? void(found = {&into_one<Folding<T>, T>, &into_each<Folding<T>, T>, &begin<Folding<T>>})
                        : void()),
   ...);
  return found;
}

template <template <class> class Folding>
FoldLoops folds_for(DType type) {
  return folds_among<Folding, std::int8_t, std::int16_t, std::int32_t, std::int64_t, std::uint8_t, std::uint16_t,
                     std::uint32_t, std::uint64_t, float, double>(type);
}

FoldLoops fold_table(Reduction reduction, DType type) {
  const DType stored = type == DType::boolean ? DType::u8 : type;
  switch (reduction) {
    case Reduction::sum:
      return folds_for<Sum>(stored);
    case Reduction::product:
      return folds_for<Product>(stored);
    case Reduction::minimum:
      return folds_for<Minimum>(type);
    case Reduction::maximum:
      return folds_for<Maximum>(type);
    case Reduction::any:
      return folds_for<Any>(stored);
    case Reduction::all:
      return folds_for<All>(stored);
    case Reduction::count_nonzero:
      return folds_for<Count>(stored);
  }
  return {};
}

}  // namespace
}  // namespace assay::reductions
