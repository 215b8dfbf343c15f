// Numbers as unsigned keys of the same order. In an unnamed namespace, since files of several rungs include it.
#pragma once

#include <cstdint>
#include <type_traits>

#include "assay/kernels/sort.h"

namespace assay::sorting {
namespace {

template <std::size_t BYTES>
using Unsigned = std::conditional_t<
    BYTES == 1, std::uint8_t,
    std::conditional_t<BYTES == 2, std::uint16_t, std::conditional_t<BYTES == 4, std::uint32_t, std::uint64_t>>>;

template <class T>
using KeyOf = Unsigned<sizeof(T)>;

template <class T>
constexpr KeyOf<T> TOP = static_cast<KeyOf<T>>(KeyOf<T>{1} << (sizeof(T) * 8 - 1));

template <class T>
constexpr KeyOf<T> LAST = static_cast<KeyOf<T>>(~KeyOf<T>{0});

// `equal_zeros` is for places, where -0.0 must not come before an earlier 0.0. NaN has the last key.
template <class T>
KeyOf<T> key_of(T value, bool descending, bool equal_zeros) {
  using Key = KeyOf<T>;
  auto bits = __builtin_bit_cast(Key, value);
  if constexpr (std::is_floating_point_v<T>) {
    bits = equal_zeros && value == T{0} ? Key{0} : bits;
    bits = (bits & TOP<T>) != 0 ? static_cast<Key>(~bits) : static_cast<Key>(bits | TOP<T>);
    bits = descending ? static_cast<Key>(~bits) : bits;
    return value != value ? LAST<T> : bits;
  } else if constexpr (std::is_signed_v<T>) {
    bits = static_cast<Key>(bits ^ TOP<T>);
  }
  return descending ? static_cast<Key>(~bits) : bits;
}

template <class T>
T value_of(KeyOf<T> key, bool descending) {
  using Key = KeyOf<T>;
  auto bits = descending ? static_cast<Key>(~key) : key;
  if constexpr (std::is_floating_point_v<T>) {
    bits = (bits & TOP<T>) != 0 ? static_cast<Key>(bits ^ TOP<T>) : static_cast<Key>(~bits);
    constexpr Key NAN_BITS = sizeof(T) == 4 ? static_cast<Key>(0x7FC00000U) : static_cast<Key>(0x7FF8000000000000U);
    bits = key == LAST<T> ? NAN_BITS : bits;
  } else if constexpr (std::is_signed_v<T>) {
    bits = static_cast<Key>(bits ^ TOP<T>);
  }
  return __builtin_bit_cast(T, bits);
}

// Heap sort: n log n whatever the order, for what the pivots of a faster one divide badly.
template <class Key>
void sink(Key* keys, std::int64_t place, std::int64_t count) {
  const Key moved = keys[place];
  while (2 * place + 1 < count) {
    std::int64_t child = 2 * place + 1;
    child += child + 1 < count && keys[child] < keys[child + 1] ? 1 : 0;
    if (!(moved < keys[child])) {
      break;
    }
    keys[place] = keys[child];
    place = child;
  }
  keys[place] = moved;
}

template <class Key>
void sort_by_heap(Key* keys, std::int64_t count) {
  for (std::int64_t place = count / 2; place-- > 0;) {
    sink(keys, place, count);
  }
  for (std::int64_t last = count - 1; last > 0; --last) {
    const Key largest = keys[0];
    keys[0] = keys[last];
    keys[last] = largest;
    sink(keys, 0, last);
  }
}

}  // namespace
}  // namespace assay::sorting
