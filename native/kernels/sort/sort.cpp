// Sorting by digits: every number becomes an unsigned key of the same order, whose bytes are sorted from the lowest on.
// That takes a fixed number of passes, whatever the order of the elements.

#include "assay/kernels/sort.h"

#include <algorithm>
#include <bit>
#include <complex>
#include <cstring>
#include <limits>
#include <memory>
#include <numeric>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "assay/core/error.h"
#include "assay/kernels/registry.h"
#include "assay/runtime/memory.h"
#include "assay/runtime/parallel.h"
#include "keys.h"

namespace assay {
namespace {

using sorting::key_of;
using sorting::KeyOf;
using sorting::value_of;

constexpr std::int64_t GRAIN = 1 << 14;
constexpr std::int64_t SHORT = 256;  // rows that comparing sorts faster

template <class Number>
struct Keyed {
  Number key;
  std::int64_t place;
};

template <class Number>
Number key_in(Number key) {
  return key;
}
template <class Number>
Number key_in(const Keyed<Number>& keyed) {
  return keyed.key;
}

// Sorts `items` by their keys; `spare` is as large. Bytes that are the same in every key cost no pass.
template <class Item>
void sort_by_digits(Item* items, Item* spare, std::int64_t count) {
  using Number = decltype(key_in(*items));
  constexpr std::size_t DIGITS = sizeof(Number);
  std::int64_t histogram[DIGITS][256] = {};
  for (std::int64_t i = 0; i < count; ++i) {
    const Number key = key_in(items[i]);
    for (std::size_t digit = 0; digit < DIGITS; ++digit) {
      ++histogram[digit][key >> (8 * digit) & 0xff];
    }
  }
  Item* from = items;
  Item* to = spare;
  for (std::size_t digit = 0; digit < DIGITS; ++digit) {
    const auto digit_of = [&](const Item& item) {
      return static_cast<std::size_t>(key_in(item) >> (8 * digit) & 0xff);
    };
    if (histogram[digit][digit_of(from[0])] == count) {
      continue;
    }
    std::int64_t place = 0;
    for (std::int64_t& bucket : histogram[digit]) {
      place += std::exchange(bucket, place);
    }
    for (std::int64_t i = 0; i < count; ++i) {
      to[histogram[digit][digit_of(from[i])]++] = from[i];
    }
    std::swap(from, to);
  }
  if (from != items) {
    std::copy_n(from, count, items);
  }
}

template <class Item>
void sort_items(Item* items, Item* spare, std::int64_t count) {
  if (count <= SHORT) {
    std::stable_sort(items, items + count, [](const Item& a, const Item& b) { return key_in(a) < key_in(b); });
  } else {
    sort_by_digits(items, spare, count);
  }
}

struct Deallocate {
  void operator()(void* memory) const { deallocate(memory); }
};

// Of memory that the next call finds again.
template <class Item>
std::unique_ptr<Item[], Deallocate> room_for(std::int64_t count) {
  return std::unique_ptr<Item[], Deallocate>(
      static_cast<Item*>(allocate(count * static_cast<std::int64_t>(sizeof(Item)))));
}

std::int64_t rows_at_once(std::int64_t length) {
  return std::max<std::int64_t>(1, GRAIN / std::max<std::int64_t>(1, length));
}

LineSort no_lines(DType) { return nullptr; }
bool no_places(const void*, std::int64_t, std::int64_t, std::int64_t*, Share) { return false; }

ASSAY_KERNEL(sort, lines, reference, &no_lines);
ASSAY_KERNEL(sort, places, reference, &no_places);

void share_halves(void (*task)(void* context, std::int64_t side), void* context) {
  parallel_for(2, 1, [&](std::int64_t first, std::int64_t last) {
    for (std::int64_t side = first; side < last; ++side) {
      task(context, side);
    }
  });
}

// How often each of the keys of one or two bytes is there, and then where its first place is.
template <class T>
std::vector<std::int64_t> counted_keys(const T* line, std::int64_t length, bool descending) {
  std::vector<std::int64_t> counts(std::size_t{1} << (8 * sizeof(T)));
  for (std::int64_t i = 0; i < length; ++i) {
    ++counts[key_of(line[i], descending, false)];
  }
  return counts;
}

// Worth it where keys are as few as elements.
template <class T>
bool is_counted(std::int64_t length) {
  return sizeof(T) == 1 ? length > 64 : sizeof(T) == 2 && length > 1 << 14;
}

template <class T>
void sort_line(T* line, std::int64_t length, bool descending) {
  if constexpr (sizeof(T) <= 2) {
    if (is_counted<T>(length)) {
      const std::vector<std::int64_t> counts = counted_keys(line, length, descending);
      for (std::size_t key = 0; key < counts.size(); ++key) {
        line = std::fill_n(line, counts[key], value_of<T>(static_cast<KeyOf<T>>(key), descending));
      }
      return;
    }
  }
  const auto keys = room_for<KeyOf<T>>(2 * length);
  std::transform(line, line + length, keys.get(), [descending](T value) { return key_of(value, descending, false); });
  sort_items(keys.get(), keys.get() + length, length);
  std::transform(keys.get(), keys.get() + length, line,
                 [descending](KeyOf<T> key) { return value_of<T>(key, descending); });
}

template <class T>
void sort_all(std::byte* values, std::int64_t rows, std::int64_t length, bool descending) {
  static const auto fast_lines = function_of<LineSortTable>(best_kernel("sort", "lines"));
  LineSort const fast = fast_lines(dtype_of<T>);
  parallel_for(rows, rows_at_once(length), [&](std::int64_t first, std::int64_t last) {
    for (std::int64_t row = first; row < last; ++row) {
      T* const line = reinterpret_cast<T*>(values) + row * length;
      if (fast != nullptr) {
        fast(reinterpret_cast<std::byte*>(line), length, descending, &share_halves);
      } else {
        sort_line(line, length, descending);
      }
    }
  });
}

template <class T>
void place_by_digits(const T* line, std::int64_t length, bool descending, std::int64_t* places) {
  const auto items = room_for<Keyed<KeyOf<T>>>(2 * length);
  for (std::int64_t i = 0; i < length; ++i) {
    items[static_cast<std::size_t>(i)] = {key_of(line[i], descending, true), i};
  }
  sort_items(items.get(), items.get() + length, length);
  for (std::int64_t i = 0; i < length; ++i) {
    places[i] = items[static_cast<std::size_t>(i)].place;
  }
}

// Where the upper halves of keys mostly tell them apart, as those of fp64 do: sorted by them, and then what is equal in
// them. False where that would be more than a quarter of all.
template <class T>
bool place_by_upper_halves(PlaceKeys place, const T* line, std::int64_t length, bool descending, std::int64_t* places) {
  const auto full = [=](std::int64_t at) { return key_of(line[at], descending, true); };
  const auto upper = room_for<std::uint32_t>(length);
  for (std::int64_t i = 0; i < length; ++i) {
    upper[static_cast<std::size_t>(i)] = static_cast<std::uint32_t>(full(i) >> 32);
  }
  if (!place(upper.get(), sizeof(std::uint32_t), length, places, &share_halves)) {
    return false;
  }
  std::int64_t crowded = 0;
  for (std::int64_t first = 0; first < length;) {
    std::int64_t last = first + 1;
    while (last < length &&
           upper[static_cast<std::size_t>(places[last])] == upper[static_cast<std::size_t>(places[first])]) {
      ++last;
    }
    if (last - first > 1) {
      crowded += last - first;
      if (crowded > length / 4) {
        return false;
      }
      std::stable_sort(places + first, places + last,
                       [&](std::int64_t a, std::int64_t b) { return full(a) < full(b); });
    }
    first = last;
  }
  return true;
}

template <class T>
void place_line(const T* line, std::int64_t length, bool descending, std::int64_t* places) {
  if constexpr (sizeof(T) <= 2) {
    if (is_counted<T>(length)) {
      std::vector<std::int64_t> next = counted_keys(line, length, descending);
      std::exclusive_scan(next.begin(), next.end(), next.begin(), std::int64_t{0});
      for (std::int64_t i = 0; i < length; ++i) {
        places[next[key_of(line[i], descending, false)]++] = i;
      }
      return;
    }
  }
  static const auto place = function_of<PlaceKeys>(best_kernel("sort", "places"));
  using Wide = std::conditional_t<(sizeof(T) < 4), std::uint32_t, KeyOf<T>>;
  if (length < std::int64_t{1} << 32 && (sizeof(T) < 8 || length <= (std::is_floating_point_v<T> ? 24 : SHORT))) {
    const auto keys = room_for<Wide>(length);
    std::transform(line, line + length, keys.get(),
                   [descending](T value) { return static_cast<Wide>(key_of(value, descending, true)); });
    if (place(keys.get(), sizeof(Wide), length, places, &share_halves)) {
      return;
    }
  }
  if constexpr (sizeof(T) == 8 && std::is_floating_point_v<T>) {
    if (length < std::int64_t{1} << 32 && place_by_upper_halves(place, line, length, descending, places)) {
      return;
    }
  }
  place_by_digits(line, length, descending, places);
}

template <class T>
void argsort_all(const std::byte* values, std::int64_t rows, std::int64_t length, bool descending,
                 std::int64_t* places) {
  parallel_for(rows, rows_at_once(length), [&](std::int64_t first, std::int64_t last) {
    for (std::int64_t row = first; row < last; ++row) {
      place_line(reinterpret_cast<const T*>(values) + row * length, length, descending, places + row * length);
    }
  });
}

template <class T>
void search_all(const std::byte* line, std::int64_t length, const std::byte* values, std::int64_t count, bool right,
                std::int64_t* places) {
  const T* const begin = reinterpret_cast<const T*>(line);
  const auto before = [](const T& a, const T& b) { return key_of(a, false, true) < key_of(b, false, true); };
  parallel_for(count, GRAIN, [&](std::int64_t first, std::int64_t last) {
    for (std::int64_t i = first; i < last; ++i) {
      const T value = reinterpret_cast<const T*>(values)[i];
      const T* const found = right ? std::upper_bound(begin, begin + length, value, before)
                                   : std::lower_bound(begin, begin + length, value, before);
      places[i] = found - begin;
    }
  });
}

// Calls with a value of the C++ type.
template <class Call>
void with_type(DType type, const char* operation, const Call& call) {
  bool done = false;
  const auto attempt = [&]<class T>(T value) {
    if (dtype_of<T> == type) {
      call(value);
      done = true;
    }
  };
  const auto attempt_all = [&](auto... value) { (attempt(value), ...); };
  if (type == DType::boolean) {
    call(std::uint8_t{});
    return;
  }
  attempt_all(std::int8_t{}, std::int16_t{}, std::int32_t{}, std::int64_t{}, std::uint8_t{}, std::uint16_t{},
              std::uint32_t{}, std::uint64_t{}, float{}, double{});
  if (!done) {
    throw Error(ErrorKind::type,
                std::string(operation) + ": elements of type " + std::string(facts(type).name) + " have no order");
  }
}

}  // namespace

void sort_rows(DType type, std::byte* values, std::int64_t rows, std::int64_t length, bool descending) {
  with_type(type, "sort", [&]<class T>(T) { sort_all<T>(values, rows, length, descending); });
}

void argsort_rows(DType type, const std::byte* values, std::int64_t rows, std::int64_t length, bool descending,
                  std::int64_t* places) {
  with_type(type, "argsort", [&]<class T>(T) { argsort_all<T>(values, rows, length, descending, places); });
}

void searchsorted(DType type, const std::byte* line, std::int64_t length, const std::byte* values, std::int64_t count,
                  bool right, std::int64_t* places) {
  with_type(type, "searchsorted", [&]<class T>(T) { search_all<T>(line, length, values, count, right, places); });
}

}  // namespace assay
