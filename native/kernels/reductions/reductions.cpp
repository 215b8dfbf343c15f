#include "assay/kernels/reductions.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <string>
#include <type_traits>
#include <vector>

#include "../elementwise/walk.h"
#include "assay/core/error.h"
#include "assay/kernels/reduce.h"
#include "assay/runtime/parallel.h"
#include "complex.h"

namespace assay {
namespace {

constexpr std::int64_t CHUNK = 1 << 16;      // elements of one task; fixes the order of additions
constexpr std::int64_t ROW_BLOCK = 1 << 11;  // accumulators that stay in the first cache

constexpr std::string_view NAMES[] = {"sum", "prod", "min", "max", "any", "all", "count_nonzero"};

template <class Real>
void sum_in_lanes(const std::byte* in, std::int64_t stride, std::byte* accumulator, std::int64_t count) {
  auto* const all = reinterpret_cast<double*>(accumulator);
  if (stride == sizeof(Real)) {
    *all += sum(std::span<const Real>(reinterpret_cast<const Real*>(in), static_cast<std::size_t>(count)));
    return;
  }
  for (std::int64_t i = 0; i < count; ++i) {
    *all += static_cast<double>(*reinterpret_cast<const Real*>(in + i * stride));
  }
}

FoldLoops folds_of(Reduction reduction, DType type) {
  static const auto best = function_of<FoldTable>(best_kernel("reduce", "folds"));
  FoldLoops folds = is_complex(type) ? reductions::complex_folds(reduction, type) : best(reduction, type);
  if (reduction == Reduction::sum && type == DType::f32) {
    folds.into_one = &sum_in_lanes<float>;
  } else if (reduction == Reduction::sum && type == DType::f64) {
    folds.into_one = &sum_in_lanes<double>;
  }
  return folds;
}

// How accumulators of two chunks are made one.
Reduction joined_by(Reduction reduction) { return reduction == Reduction::count_nonzero ? Reduction::sum : reduction; }

// The axes in [first, last) of a view as a walk of its own.
elementwise::Walk<1> walk_of_axes(const View& in, int first, int last) {
  const View part{in.data, in.dtype, last - first, in.shape + first, in.strides + first};
  return elementwise::walk_of<1>({&part});
}

struct Plan {
  FoldLoops folds;
  elementwise::Walk<1> kept;
  elementwise::Walk<1> reduced;
  std::int64_t accumulator_bytes;
  // Reduced elements of one task: so many that a task is worth a thread, whatever is kept.
  std::int64_t chunk;
};

// One accumulator after the other; the reduced elements lie closer together than the kept ones.
void fold_each_output(const Plan& plan, std::int64_t first, std::int64_t last, std::int64_t begin, std::int64_t end,
                      std::byte* out) {
  const std::int64_t stride = plan.reduced.row_strides()[0];
  elementwise::for_rows(plan.kept, first, last, [&](const std::array<std::byte*, 1>& at, std::int64_t count) {
    for (std::int64_t i = 0; i < count; ++i) {
      elementwise::Walk<1> reduced = plan.reduced;
      reduced.data[0] = at[0] + i * plan.kept.row_strides()[0];
      elementwise::for_rows(reduced, begin, end, [&](const std::array<std::byte*, 1>& row, std::int64_t length) {
        plan.folds.into_one(row[0], stride, out, length);
      });
      out += plan.accumulator_bytes;
    }
  });
}

// Row by row into a block of accumulators; the kept elements lie closer together than the reduced ones.
void fold_rows(const Plan& plan, std::int64_t first, std::int64_t last, std::int64_t begin, std::int64_t end,
               std::byte* out) {
  elementwise::for_rows(plan.kept, first, last, [&](const std::array<std::byte*, 1>& at, std::int64_t count) {
    elementwise::Walk<1> reduced = plan.reduced;
    reduced.data[0] = at[0];
    elementwise::for_rows(reduced, begin, end, [&](const std::array<std::byte*, 1>& row, std::int64_t length) {
      for (std::int64_t i = 0; i < length; ++i) {
        plan.folds.into_each(row[0] + i * reduced.row_strides()[0], plan.kept.row_strides()[0], out, count);
      }
    });
    out += count * plan.accumulator_bytes;
  });
}

bool rows_are_better(const Plan& plan) {
  const std::int64_t kept = std::abs(plan.kept.row_strides()[0]);
  const std::int64_t reduced = std::abs(plan.reduced.row_strides()[0]);
  return plan.kept.row() > 1 && (kept < reduced || plan.reduced.row() == 1);
}

// Tasks are (chunk of the reduced, block of the kept); each has accumulators of its own, joined in order at the end.
void run(const Plan& plan, Reduction reduction, DType accumulator, std::byte* out) {
  const bool by_rows = rows_are_better(plan);
  const std::int64_t outputs = plan.kept.count;
  const std::int64_t chunks = std::max<std::int64_t>(1, (plan.reduced.count + plan.chunk - 1) / plan.chunk);
  const std::int64_t block =
      by_rows ? ROW_BLOCK : std::max<std::int64_t>(1, CHUNK / std::max<std::int64_t>(1, plan.reduced.count));
  const std::int64_t blocks = (outputs + block - 1) / block;
  const std::int64_t bytes = outputs * plan.accumulator_bytes;
  std::vector<double> partial(chunks > 1 ? static_cast<std::size_t>((chunks * bytes + 7) / 8) : 0);
  std::byte* const results = chunks > 1 ? reinterpret_cast<std::byte*>(partial.data()) : out;
  const std::int64_t elements =
      std::max<std::int64_t>(1, std::min(block, outputs) * std::min(plan.chunk, plan.reduced.count));
  parallel_for(chunks * blocks, std::max<std::int64_t>(1, CHUNK / elements),
               [&](std::int64_t first, std::int64_t last) {
                 for (std::int64_t task = first; task < last; ++task) {
                   const std::int64_t begin = task / blocks * plan.chunk;
                   const std::int64_t end = std::min(begin + plan.chunk, plan.reduced.count);
                   const std::int64_t from = task % blocks * block;
                   const std::int64_t to = std::min(from + block, outputs);
                   std::byte* const accumulators = results + task / blocks * bytes + from * plan.accumulator_bytes;
                   plan.folds.begin(accumulators, to - from);
                   (by_rows ? fold_rows : fold_each_output)(plan, from, to, begin, end, accumulators);
                 }
               });
  if (chunks > 1) {
    const FoldLoops join = folds_of(joined_by(reduction), accumulator);
    std::memcpy(out, results, static_cast<std::size_t>(bytes));
    for (std::int64_t chunk = 1; chunk < chunks; ++chunk) {
      join.into_each(results + chunk * bytes, plan.accumulator_bytes, out, outputs);
    }
  }
}

// Neighbouring elements: the extreme of a block, and a look for where it is only if it is better than any before.
template <class T>
void arg_extreme_of_line(bool largest, const T* values, std::int64_t count, std::int64_t* out) {
  constexpr std::int64_t BLOCK = 1 << 12;
  const FoldLoops folds = folds_of(largest ? Reduction::maximum : Reduction::minimum, dtype_of<T>);
  T best{};
  for (std::int64_t begin = 0; begin < count; begin += BLOCK) {
    const std::int64_t end = std::min(begin + BLOCK, count);
    T extreme{};
    auto* const accumulator = reinterpret_cast<std::byte*>(&extreme);
    folds.begin(accumulator, 1);
    folds.into_one(reinterpret_cast<const std::byte*>(values + begin), sizeof(T), accumulator, end - begin);
    const bool better = largest ? extreme > best : extreme < best;
    if (begin == 0 || (best == best && (better || extreme != extreme))) {
      best = extreme;
      *out = std::find_if(values + begin, values + end,
                          [&](T value) { return value == extreme || (extreme != extreme && value != value); }) -
             values;
    }
  }
}

// The same by pieces on all threads: of the pieces' extremes, the first that no other is better than.
template <class T>
void arg_extreme_of_long_line(bool largest, const T* values, std::int64_t count, std::int64_t* out) {
  std::vector<std::int64_t> places(static_cast<std::size_t>((count + CHUNK - 1) / CHUNK));
  parallel_for(std::ssize(places), 1, [&](std::int64_t first, std::int64_t last) {
    for (std::int64_t piece = first; piece < last; ++piece) {
      const std::int64_t begin = piece * CHUNK;
      std::int64_t& place = places[static_cast<std::size_t>(piece)];
      arg_extreme_of_line(largest, values + begin, std::min(CHUNK, count - begin), &place);
      place += begin;
    }
  });
  *out = places[0];
  for (const std::int64_t place : places) {
    const T best = values[*out];
    const T value = values[place];
    if (best == best && ((largest ? value > best : value < best) || value != value)) {
      *out = place;
    }
  }
}

template <class T>
void arg_extreme_of(bool largest, const elementwise::Walk<1>& values, std::int64_t* out) {
  const std::int64_t stride = values.row_strides()[0];
  if (values.ndim == 1 && stride == sizeof(T)) {
    const T* const line = reinterpret_cast<const T*>(values.data[0]);
    return values.count > 4 * CHUNK ? arg_extreme_of_long_line(largest, line, values.count, out)
                                    : arg_extreme_of_line(largest, line, values.count, out);
  }
  std::int64_t place = 0;
  bool found = false;
  T best{};
  elementwise::for_rows(values, 0, values.count, [&](const std::array<std::byte*, 1>& row, std::int64_t count) {
    for (std::int64_t i = 0; i < count; ++i, ++place) {
      const T value = *reinterpret_cast<const T*>(row[0] + i * stride);
      const bool better = largest ? value > best : value < best;
      if (!found || (best == best && (better || value != value))) {
        best = value;
        *out = place;
        found = true;
      }
    }
  });
}

// Of real numbers: in fp64, or in 64 bits, where they wrap.
template <class T, bool IS_SUM>
void scan_line(const std::byte* from, std::int64_t step, std::byte* to, std::int64_t to_step, std::int64_t count) {
  using Running = std::conditional_t<std::is_floating_point_v<T>, double, std::uint64_t>;
  Running running = IS_SUM ? 0 : 1;
  for (std::int64_t i = 0; i < count; ++i) {
    const auto value = static_cast<Running>(*reinterpret_cast<const T*>(from + i * step));
    running = IS_SUM ? running + value : running * value;
    *reinterpret_cast<Running*>(to + i * to_step) = running;
  }
}

using ScanLine = void (*)(const std::byte*, std::int64_t, std::byte*, std::int64_t, std::int64_t);

template <class... T>
ScanLine scan_line_among(bool is_sum, DType type) {
  ScanLine found = nullptr;
  ((type == dtype_of<T> ? void(found = is_sum ? &scan_line<T, true> : &scan_line<T, false>) : void()), ...);
  return found;
}

ScanLine scan_line_of(Reduction reduction, DType type) {
  return scan_line_among<std::int8_t, std::int16_t, std::int32_t, std::int64_t, std::uint8_t, std::uint16_t,
                         std::uint32_t, std::uint64_t, float, double>(reduction == Reduction::sum, type);
}

using ArgExtreme = void (*)(bool, const elementwise::Walk<1>&, std::int64_t*);

template <class... T>
ArgExtreme arg_extreme_among(DType type) {
  ArgExtreme found = nullptr;
  ((type == dtype_of<T> ? void(found = &arg_extreme_of<T>) : void()), ...);
  return found;
}

}  // namespace

DType accumulated_in(Reduction reduction, DType type) {
  const bool ordered = reduction == Reduction::minimum || reduction == Reduction::maximum;
  if (ordered) {
    if (is_complex(type) || type == DType::boolean || is_half(type)) {
      throw Error(ErrorKind::type, std::string(NAMES[static_cast<std::size_t>(reduction)]) +
                                       ": not defined for elements of type " + std::string(facts(type).name));
    }
    return type;
  }
  if (reduction == Reduction::any || reduction == Reduction::all) {
    return DType::boolean;
  }
  if (reduction == Reduction::count_nonzero) {
    return DType::i64;
  }
  switch (facts(type).kind) {
    case 'u':
      return DType::u64;
    case 'b':
    case 'i':
      return DType::i64;
    case 'c':
      return DType::c128;
    default:
      return DType::f64;
  }
}

void reduce(Reduction reduction, const View& in, const View& out) {
  Plan plan{folds_of(reduction, in.dtype), walk_of_axes(in, 0, out.ndim), walk_of_axes(in, out.ndim, in.ndim),
            size_of(out.dtype), CHUNK};
  if (plan.kept.count == 0) {
    return;
  }
  if (rows_are_better(plan)) {
    plan.chunk = std::max<std::int64_t>(64, CHUNK / std::min(plan.kept.count, ROW_BLOCK));
  }
  run(plan, reduction, out.dtype, out.data);
}

void arg_extreme(bool largest, const View& in, const View& out) {
  const ArgExtreme find = arg_extreme_among<std::int8_t, std::int16_t, std::int32_t, std::int64_t, std::uint8_t,
                                            std::uint16_t, std::uint32_t, std::uint64_t, float, double>(in.dtype);
  if (find == nullptr) {
    throw Error(ErrorKind::type,
                "argmax, argmin: not defined for elements of type " + std::string(facts(in.dtype).name));
  }
  const elementwise::Walk<1> kept = walk_of_axes(in, 0, out.ndim);
  const elementwise::Walk<1> reduced = walk_of_axes(in, out.ndim, in.ndim);
  auto* const places = reinterpret_cast<std::int64_t*>(out.data);
  const std::int64_t grain = std::max<std::int64_t>(1, CHUNK / std::max<std::int64_t>(1, reduced.count));
  parallel_for(kept.count, grain, [&](std::int64_t first, std::int64_t last) {
    std::int64_t* to = places + first;
    elementwise::for_rows(kept, first, last, [&](const std::array<std::byte*, 1>& at, std::int64_t count) {
      for (std::int64_t i = 0; i < count; ++i) {
        elementwise::Walk<1> values = reduced;
        values.data[0] = at[0] + i * kept.row_strides()[0];
        find(largest, values, to++);
      }
    });
  });
}

void scan(Reduction reduction, const View& in, const View& out) {
  const FoldLoops folds = folds_of(reduction, in.dtype);
  const ScanLine line_of_reals = scan_line_of(reduction, in.dtype == DType::boolean ? DType::u8 : in.dtype);
  const int axis = in.ndim - 1;
  const View in_starts{in.data, in.dtype, axis, in.shape, in.strides};
  const View out_starts{out.data, out.dtype, axis, out.shape, out.strides};
  const std::int64_t lead = out.shape[axis] - in.shape[axis];
  const elementwise::Walk<2> lines = elementwise::walk_of<2>({&in_starts, &out_starts});
  const std::int64_t bytes = size_of(out.dtype);
  parallel_for(
      lines.count, std::max<std::int64_t>(1, CHUNK / std::max<std::int64_t>(1, in.shape[axis])),
      [&](std::int64_t first, std::int64_t last) {
        elementwise::for_rows(lines, first, last, [&](const std::array<std::byte*, 2>& at, std::int64_t count) {
          for (std::int64_t line = 0; line < count; ++line) {
            const std::byte* from = at[0] + line * lines.row_strides()[0];
            std::byte* to = at[1] + line * lines.row_strides()[1];
            alignas(16) std::byte running[16];
            folds.begin(running, 1);
            if (line_of_reals != nullptr) {
              if (lead > 0) {
                std::memcpy(to, running, static_cast<std::size_t>(bytes));
              }
              line_of_reals(from, in.strides[axis], to + lead * out.strides[axis], out.strides[axis], in.shape[axis]);
              continue;
            }
            for (std::int64_t i = 0; i < out.shape[axis]; ++i) {
              if (i >= lead) {
                folds.into_one(from + (i - lead) * in.strides[axis], in.strides[axis], running, 1);
              }
              std::memcpy(to + i * out.strides[axis], running, static_cast<std::size_t>(bytes));
            }
          }
        });
      });
}

FoldLoops folds_of(Reduction reduction, DType type, Rung rung) {
  return function_of<FoldTable>(kernel_at("reduce", "folds", rung))(reduction, type);
}

}  // namespace assay
