// Sorting by digits: every number becomes an unsigned key of the same order, whose bytes are sorted from the lowest on.
// That takes a fixed number of passes, whatever the order of the elements.

#include "assay/kernels/sort.h"

#include <algorithm>
#include <bit>
#include <complex>
#include <cstring>
#include <limits>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>

#include "assay/core/error.h"
#include "assay/runtime/parallel.h"

namespace assay {
namespace {

constexpr std::int64_t GRAIN = 1 << 14;
constexpr std::int64_t SHORT = 256;  // rows that comparing sorts faster

template <std::size_t BYTES>
using Unsigned = std::conditional_t<
    BYTES == 1, std::uint8_t,
    std::conditional_t<BYTES == 2, std::uint16_t, std::conditional_t<BYTES == 4, std::uint32_t, std::uint64_t>>>;

template <class T>
using Key = Unsigned<sizeof(T)>;

template <class T>
constexpr Key<T> TOP = static_cast<Key<T>>(Key<T>{1} << (sizeof(T) * 8 - 1));

// Order as unsigned numbers have it. `equal_zeros` is for places, where -0.0 must not come before an earlier 0.0.
template <class T>
Key<T> key_of(T value, bool descending, bool equal_zeros) {
  auto bits = std::bit_cast<Key<T>>(value);
  if constexpr (std::is_floating_point_v<T>) {
    if (value != value) {
      return std::numeric_limits<Key<T>>::max();
    }
    bits = equal_zeros && value == T{0} ? Key<T>{0} : bits;
    bits = (bits & TOP<T>) != 0 ? static_cast<Key<T>>(~bits) : static_cast<Key<T>>(bits | TOP<T>);
  } else if constexpr (std::is_signed_v<T>) {
    bits = static_cast<Key<T>>(bits ^ TOP<T>);
  }
  return descending ? static_cast<Key<T>>(~bits) : bits;
}

template <class T>
T value_of(Key<T> key, bool descending) {
  if constexpr (std::is_floating_point_v<T>) {
    if (key == std::numeric_limits<Key<T>>::max()) {
      return std::numeric_limits<T>::quiet_NaN();
    }
  }
  auto bits = descending ? static_cast<Key<T>>(~key) : key;
  if constexpr (std::is_floating_point_v<T>) {
    bits = (bits & TOP<T>) != 0 ? static_cast<Key<T>>(bits ^ TOP<T>) : static_cast<Key<T>>(~bits);
  } else if constexpr (std::is_signed_v<T>) {
    bits = static_cast<Key<T>>(bits ^ TOP<T>);
  }
  return std::bit_cast<T>(bits);
}

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

template <class Item>
std::unique_ptr<Item[]> room_for(std::int64_t count) {
  return std::make_unique_for_overwrite<Item[]>(static_cast<std::size_t>(count));
}

std::int64_t rows_at_once(std::int64_t length) {
  return std::max<std::int64_t>(1, GRAIN / std::max<std::int64_t>(1, length));
}

template <class T>
void sort_all(std::byte* values, std::int64_t rows, std::int64_t length, bool descending) {
  parallel_for(rows, rows_at_once(length), [&](std::int64_t first, std::int64_t last) {
    const auto keys = room_for<Key<T>>(2 * length);
    for (std::int64_t row = first; row < last; ++row) {
      T* const line = reinterpret_cast<T*>(values) + row * length;
      for (std::int64_t i = 0; i < length; ++i) {
        keys[static_cast<std::size_t>(i)] = key_of(line[i], descending, false);
      }
      sort_items(keys.get(), keys.get() + length, length);
      for (std::int64_t i = 0; i < length; ++i) {
        line[i] = value_of<T>(keys[static_cast<std::size_t>(i)], descending);
      }
    }
  });
}

template <class T>
void argsort_all(const std::byte* values, std::int64_t rows, std::int64_t length, bool descending,
                 std::int64_t* places) {
  using Item = Keyed<Key<T>>;
  parallel_for(rows, rows_at_once(length), [&](std::int64_t first, std::int64_t last) {
    const auto items = room_for<Item>(2 * length);
    for (std::int64_t row = first; row < last; ++row) {
      const T* const line = reinterpret_cast<const T*>(values) + row * length;
      for (std::int64_t i = 0; i < length; ++i) {
        items[static_cast<std::size_t>(i)] = {key_of(line[i], descending, true), i};
      }
      sort_items(items.get(), items.get() + length, length);
      for (std::int64_t i = 0; i < length; ++i) {
        places[row * length + i] = items[static_cast<std::size_t>(i)].place;
      }
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
