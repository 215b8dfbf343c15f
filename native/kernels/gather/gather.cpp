#include "assay/kernels/gather.h"

#include <algorithm>
#include <atomic>
#include <complex>
#include <cstring>

#include "../elementwise/walk.h"
#include "assay/kernels/elementwise.h"
#include "assay/runtime/parallel.h"

namespace assay {
namespace {

constexpr std::int64_t GRAIN = 1 << 14;

template <std::size_t BYTES>
void gather_single(const std::byte* from, const std::int64_t* offsets, std::int64_t count, std::byte* out) {
  for (std::int64_t i = 0; i < count; ++i) {
    std::memcpy(out + i * static_cast<std::int64_t>(BYTES), from + offsets[i], BYTES);
  }
}

using Single = void (*)(const std::byte*, const std::int64_t*, std::int64_t, std::byte*);

Single single_of(std::int64_t bytes) {
  switch (bytes) {
    case 1:
      return &gather_single<1>;
    case 2:
      return &gather_single<2>;
    case 4:
      return &gather_single<4>;
    case 8:
      return &gather_single<8>;
    default:
      return &gather_single<16>;
  }
}

bool contiguous(const View& view) {
  std::int64_t step = size_of(view.dtype);
  for (int axis = view.ndim; axis-- > 0;) {
    if (view.shape[axis] != 1 && view.strides[axis] != step) {
      return false;
    }
    step *= view.shape[axis];
  }
  return true;
}

// A part's shape with the strides of contiguous memory.
struct Packed {
  std::int64_t strides[MAX_DIMENSIONS];
  explicit Packed(const View& like) {
    std::int64_t step = size_of(like.dtype);
    for (int axis = like.ndim; axis-- > 0;) {
      strides[axis] = step;
      step *= like.shape[axis];
    }
  }
};

template <class T>
void nonzero_of(const std::byte* in, std::int64_t count, std::int64_t* places) {
  const T* const values = reinterpret_cast<const T*>(in);
  for (std::int64_t i = 0; i < count; ++i) {
    *places = i;
    places += values[i] != T(0) ? 1 : 0;
  }
}

// The last place that is written may be one behind the last that counts, so that no branch is needed.
template <class... T>
void nonzero_among(DType type, const std::byte* in, std::int64_t count, std::int64_t* places) {
  ((type == dtype_of<T> ? nonzero_of<T>(in, count, places) : void()), ...);
}

}  // namespace

std::optional<std::int64_t> offsets_of(const std::int64_t* indices, std::int64_t count, std::int64_t length,
                                       std::int64_t stride, std::int64_t* offsets) {
  std::atomic<bool> outside{false};
  parallel_for(count, GRAIN, [&](std::int64_t first, std::int64_t last) {
    // Unsigned, since an index may be any number.
    const auto most = static_cast<std::uint64_t>(length);
    std::uint64_t wrong = 0;
    for (std::int64_t i = first; i < last; ++i) {
      const auto index = static_cast<std::uint64_t>(indices[i]);
      const std::uint64_t from_start = index + (indices[i] < 0 ? most : 0);
      wrong |= from_start >= most ? 1U : 0U;
      offsets[i] = static_cast<std::int64_t>(from_start * static_cast<std::uint64_t>(stride));
    }
    if (wrong != 0) {
      outside.store(true, std::memory_order_relaxed);
    }
  });
  const auto is_outside = [length](std::int64_t index) { return index < -length || index >= length; };
  const std::int64_t* const end = indices + count;
  const std::int64_t* const found = outside ? std::find_if(indices, end, is_outside) : end;
  return found == end ? std::nullopt : std::optional(*found);
}

void gather(const View& part, const std::int64_t* offsets, std::int64_t count, std::byte* out) {
  const std::int64_t elements = count_of(part);
  const std::int64_t bytes = elements * size_of(part.dtype);
  if (bytes == 0) {
    return;
  }
  if (elements == 1) {
    const Single single = single_of(bytes);
    return parallel_for(count, GRAIN, [&](std::int64_t first, std::int64_t last) {
      single(part.data, offsets + first, last - first, out + first * bytes);
    });
  }
  const bool packed = contiguous(part);
  const Packed strides(part);
  parallel_for(count, std::max<std::int64_t>(1, GRAIN / elements), [&](std::int64_t first, std::int64_t last) {
    for (std::int64_t i = first; i < last; ++i) {
      const std::byte* const from = part.data + offsets[i];
      if (packed) {
        std::memcpy(out + i * bytes, from, static_cast<std::size_t>(bytes));
      } else {
        copy({const_cast<std::byte*>(from), part.dtype, part.ndim, part.shape, part.strides},
             {out + i * bytes, part.dtype, part.ndim, part.shape, strides.strides});
      }
    }
  });
}

void scatter(const View& part, const std::int64_t* offsets, std::int64_t count, const std::byte* values) {
  const std::int64_t bytes = count_of(part) * size_of(part.dtype);
  if (bytes == 0) {
    return;
  }
  const bool packed = contiguous(part);
  const Packed strides(part);
  for (std::int64_t i = 0; i < count; ++i) {
    std::byte* const to = part.data + offsets[i];
    if (packed) {
      std::memcpy(to, values + i * bytes, static_cast<std::size_t>(bytes));
    } else {
      copy({const_cast<std::byte*>(values) + i * bytes, part.dtype, part.ndim, part.shape, strides.strides},
           {to, part.dtype, part.ndim, part.shape, part.strides});
    }
  }
}

void nonzero(const View& in, std::int64_t total, std::int64_t* places) {
  std::int64_t count = count_of(in);
  std::int64_t* const last_axis = places + total * (in.ndim - 1);
  const DType stored = in.dtype == DType::boolean ? DType::u8 : in.dtype;
  nonzero_among<std::int8_t, std::int16_t, std::int32_t, std::int64_t, std::uint8_t, std::uint16_t, std::uint32_t,
                std::uint64_t, float, double, std::complex<float>, std::complex<double>>(stored, in.data, count,
                                                                                         last_axis);
  // From places in C order to one index for each axis.
  for (std::int64_t i = 0; i < total; ++i) {
    std::int64_t rest = last_axis[i];
    for (int axis = in.ndim; axis-- > 0;) {
      places[total * axis + i] = rest % in.shape[axis];
      rest /= in.shape[axis];
    }
  }
}

}  // namespace assay
