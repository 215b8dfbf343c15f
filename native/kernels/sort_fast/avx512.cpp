// Sorting by parts around a pivot, sixteen or eight keys at once; what is short is sorted by networks in registers.
// Numbers become unsigned keys of the same order first (see ../sort/keys.h). Equal keys are the same number, so that
// nobody could tell whether this is stable.

#include <immintrin.h>

#include "../sort/keys.h"
#include "assay/kernels/registry.h"
#include "assay/kernels/sort.h"

namespace assay::sorting {
namespace {

template <class Key>
struct Lanes;

template <>
struct Lanes<std::uint32_t> {
  static constexpr std::int64_t COUNT = 16;
  using Mask = __mmask16;
  static __m512i all(std::uint32_t key) { return _mm512_set1_epi32(static_cast<int>(key)); }
  static __m512i smaller(__m512i a, __m512i b) { return _mm512_maskz_min_epu32(0xffff, a, b); }
  static __m512i larger(__m512i a, __m512i b) { return _mm512_maskz_max_epu32(0xffff, a, b); }
  // The larger in the lanes of the mask, the smaller in the others.
  static __m512i both(Mask mask, __m512i a, __m512i b) { return _mm512_mask_max_epu32(smaller(a, b), mask, a, b); }
  static Mask above(__m512i a, __m512i b) { return _mm512_cmpgt_epu32_mask(a, b); }
  static Mask not_below(__m512i a, __m512i b) { return _mm512_cmpge_epu32_mask(a, b); }
  static __m512i packed(Mask mask, __m512i a) { return _mm512_maskz_compress_epi32(mask, a); }
  static __m512i permuted(__m512i order, __m512i a) { return _mm512_maskz_permutexvar_epi32(0xffff, order, a); }
  static __m512i less(__m512i a, __m512i b) { return _mm512_sub_epi32(a, b); }
  static __m512i load(Mask mask, const std::uint32_t* from) { return _mm512_maskz_loadu_epi32(mask, from); }
  static __m512i load_or_last(Mask mask, const std::uint32_t* from) {
    return _mm512_mask_loadu_epi32(all(~0U), mask, from);
  }
  static void store(std::uint32_t* to, Mask mask, __m512i a) { _mm512_mask_storeu_epi32(to, mask, a); }
  static __m512i places() { return _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15); }
};

template <>
struct Lanes<std::uint64_t> {
  static constexpr std::int64_t COUNT = 8;
  using Mask = __mmask8;
  static __m512i all(std::uint64_t key) { return _mm512_set1_epi64(static_cast<long long>(key)); }
  static __m512i smaller(__m512i a, __m512i b) { return _mm512_maskz_min_epu64(0xff, a, b); }
  static __m512i larger(__m512i a, __m512i b) { return _mm512_maskz_max_epu64(0xff, a, b); }
  // The larger in the lanes of the mask, the smaller in the others.
  static __m512i both(Mask mask, __m512i a, __m512i b) { return _mm512_mask_max_epu64(smaller(a, b), mask, a, b); }
  static Mask above(__m512i a, __m512i b) { return _mm512_cmpgt_epu64_mask(a, b); }
  static Mask not_below(__m512i a, __m512i b) { return _mm512_cmpge_epu64_mask(a, b); }
  static __m512i packed(Mask mask, __m512i a) { return _mm512_maskz_compress_epi64(mask, a); }
  static __m512i permuted(__m512i order, __m512i a) { return _mm512_maskz_permutexvar_epi64(0xff, order, a); }
  static __m512i less(__m512i a, __m512i b) { return _mm512_sub_epi64(a, b); }
  static __m512i load(Mask mask, const std::uint64_t* from) { return _mm512_maskz_loadu_epi64(mask, from); }
  static __m512i load_or_last(Mask mask, const std::uint64_t* from) {
    return _mm512_mask_loadu_epi64(all(~std::uint64_t{0}), mask, from);
  }
  static void store(std::uint64_t* to, Mask mask, __m512i a) { _mm512_mask_storeu_epi64(to, mask, a); }
  static __m512i places() { return _mm512_setr_epi64(0, 1, 2, 3, 4, 5, 6, 7); }
};

template <class Key>
inline constexpr std::int64_t COUNT = Lanes<Key>::COUNT;
template <class Key>
inline constexpr auto EVERY = static_cast<typename Lanes<Key>::Mask>(~0U);

// Lanes whose place has that bit.
template <class Key>
constexpr typename Lanes<Key>::Mask lanes_with(std::int64_t bit) {
  unsigned mask = 0;
  for (std::int64_t i = 0; i < COUNT<Key>; ++i) {
    mask |= (i & bit) != 0 ? 1U << i : 0U;
  }
  return static_cast<typename Lanes<Key>::Mask>(mask);
}

// Every lane from the one whose place differs by these bits. Within 128 bits, and of 128 bits as a whole, there are
// instructions that take half as long as the general one.
template <class Key, std::int64_t BITS>
[[gnu::always_inline]] inline __m512i crossed(__m512i a) {
  constexpr std::int64_t BYTES = BITS * static_cast<std::int64_t>(sizeof(Key));
  if constexpr (BYTES == 4) {
    return _mm512_maskz_shuffle_epi32(0xffff, a, _MM_PERM_CDAB);
  } else if constexpr (BYTES == 8) {
    return _mm512_maskz_shuffle_epi32(0xffff, a, _MM_PERM_BADC);
  } else if constexpr (BYTES == 12) {
    return _mm512_maskz_shuffle_epi32(0xffff, a, _MM_PERM_ABCD);
  } else if constexpr (BYTES == 16) {
    return _mm512_maskz_shuffle_i64x2(0xff, a, a, 0b10110001);
  } else if constexpr (BYTES == 32) {
    return _mm512_maskz_shuffle_i64x2(0xff, a, a, 0b01001110);
  } else {
    return Lanes<Key>::permuted(_mm512_xor_si512(Lanes<Key>::places(), Lanes<Key>::all(static_cast<Key>(BITS))), a);
  }
}

// Every lane against the one whose place differs by these bits; the larger goes where the highest of them is set.
template <class Key, std::int64_t BITS, std::int64_t HIGHEST>
[[gnu::always_inline]] inline __m512i exchanged(__m512i a) {
  return Lanes<Key>::both(lanes_with<Key>(HIGHEST), a, crossed<Key, BITS>(a));
}

// Sorts what rises and then falls.
template <class Key, std::int64_t DISTANCE = COUNT<Key> / 2>
[[gnu::always_inline]] inline __m512i merged(__m512i a) {
  a = exchanged<Key, DISTANCE, DISTANCE>(a);
  if constexpr (DISTANCE > 1) {
    a = merged<Key, DISTANCE / 2>(a);
  }
  return a;
}

template <class Key, std::int64_t WIDTH = 2>
[[gnu::always_inline]] inline __m512i sorted(__m512i a) {
  a = exchanged<Key, WIDTH - 1, WIDTH / 2>(a);
  if constexpr (WIDTH > 2) {
    a = merged<Key, WIDTH / 4>(a);
  }
  if constexpr (WIDTH < COUNT<Key>) {
    a = sorted<Key, WIDTH * 2>(a);
  }
  return a;
}

template <class Key>
[[gnu::always_inline]] inline __m512i reversed(__m512i a) {
  return Lanes<Key>::permuted(_mm512_xor_si512(Lanes<Key>::places(), Lanes<Key>::all(COUNT<Key> - 1)), a);
}

// Loops over registers are unrolled, or the registers would be memory.
template <class Key, int WIDTH, int DISTANCE = WIDTH / 2>
[[gnu::always_inline]] inline void exchange_across(__m512i* registers) {
#pragma GCC unroll 16
  for (int i = 0; i < WIDTH; ++i) {
    if ((i & DISTANCE) == 0) {
      const __m512i low = registers[i];
      registers[i] = Lanes<Key>::smaller(low, registers[i + DISTANCE]);
      registers[i + DISTANCE] = Lanes<Key>::larger(low, registers[i + DISTANCE]);
    }
  }
  if constexpr (DISTANCE > 1) {
    exchange_across<Key, WIDTH, DISTANCE / 2>(registers);
  }
}

// Two sorted halves of WIDTH registers made one: the second turned around, so that all rise and then fall.
template <class Key, int WIDTH>
[[gnu::always_inline]] inline void merge(__m512i* registers) {
  if constexpr (WIDTH == 2) {
    registers[1] = reversed<Key>(registers[1]);
  }
#pragma GCC unroll 4
  for (int i = 0; i < WIDTH / 4; ++i) {
    const __m512i low = registers[WIDTH / 2 + i];
    registers[WIDTH / 2 + i] = reversed<Key>(registers[WIDTH - 1 - i]);
    registers[WIDTH - 1 - i] = reversed<Key>(low);
  }
  exchange_across<Key, WIDTH>(registers);
#pragma GCC unroll 16
  for (int i = 0; i < WIDTH; ++i) {
    registers[i] = merged<Key>(registers[i]);
  }
}

template <class Key, int WIDTH>
[[gnu::always_inline]] inline void merge_all(__m512i* registers) {
  if constexpr (WIDTH > 2) {
    merge_all<Key, WIDTH / 2>(registers);
    merge_all<Key, WIDTH / 2>(registers + WIDTH / 2);
  }
  if constexpr (WIDTH > 1) {
    merge<Key, WIDTH>(registers);
  }
}

template <class Key>
typename Lanes<Key>::Mask first_lanes(std::int64_t count) {
  return count >= COUNT<Key> ? EVERY<Key> : static_cast<typename Lanes<Key>::Mask>((1U << (count < 0 ? 0 : count)) - 1);
}

// At most WIDTH registers; the rest of them is filled with the largest key.
template <class Key, int WIDTH>
void sort_short(Key* keys, std::int64_t count) {
  using L = Lanes<Key>;
  __m512i registers[WIDTH];
#pragma GCC unroll 16
  for (int i = 0; i < WIDTH; ++i) {
    const std::int64_t from = i * COUNT<Key>;
    registers[i] = sorted<Key>(L::load_or_last(first_lanes<Key>(count - from), keys + from));
  }
  merge_all<Key, WIDTH>(registers);
#pragma GCC unroll 16
  for (int i = 0; i < WIDTH; ++i) {
    const std::int64_t from = i * COUNT<Key>;
    L::store(keys + from, first_lanes<Key>(count - from), registers[i]);
  }
}

template <class Key>
inline constexpr std::int64_t SHORT = 16 * COUNT<Key>;

template <class Key>
void sort_briefly(Key* keys, std::int64_t count) {
  if (count <= COUNT<Key>) {
    sort_short<Key, 1>(keys, count);
  } else if (count <= 2 * COUNT<Key>) {
    sort_short<Key, 2>(keys, count);
  } else if (count <= 4 * COUNT<Key>) {
    sort_short<Key, 4>(keys, count);
  } else if (count <= 8 * COUNT<Key>) {
    sort_short<Key, 8>(keys, count);
  } else {
    sort_short<Key, 16>(keys, count);
  }
}

// Keys that are above the pivot (for WITH_EQUAL: not below it) go to the right; returns how many are left. In place:
// some registers of each end are held back, and the next are taken from the side that has less room, after which each
// side has room for them all. Several at once, since which side it is can't be foreseen.
template <class Key, bool WITH_EQUAL>
class Division {
  using L = Lanes<Key>;
  using Mask = typename L::Mask;
  static constexpr int AT_ONCE = 4;
  static constexpr std::int64_t BLOCK = AT_ONCE * COUNT<Key>;

 public:
  // At least two blocks.
  Division(Key* keys, std::int64_t count, Key pivot)
      : keys_(keys), pivot_(L::all(pivot)), right_write_(count), right_(count - BLOCK) {}

  std::int64_t run() {
    const Registers first = load(0);
    const Registers last = load(right_);
    while (right_ - left_ >= BLOCK) {
      std::int64_t from = left_;
      if (left_ - left_write_ <= right_write_ - right_) {
        left_ += BLOCK;
      } else {
        from = right_ -= BLOCK;
      }
      const Registers next = load(from);
#pragma GCC unroll 4
      for (int i = 0; i < AT_ONCE; ++i) {
        put(next.each[i]);
      }
    }
    put_rest();
    for (const Registers* const held : {&first, &last}) {
      for (const __m512i& values : held->each) {
        put_some(values, EVERY<Key>);
      }
    }
    return left_write_;
  }

 private:
  struct Registers {
    __m512i each[AT_ONCE];
  };

  Registers load(std::int64_t at) const {
    Registers registers;
#pragma GCC unroll 4
    for (std::int64_t i = 0; i < AT_ONCE; ++i) {
      registers.each[i] = _mm512_loadu_si512(keys_ + at + i * COUNT<Key>);
    }
    return registers;
  }

  Mask uppers_of(__m512i values) const { return WITH_EQUAL ? L::not_below(values, pivot_) : L::above(values, pivot_); }

  // Whole registers: what is too much lies in the room of either side.
  [[gnu::always_inline]] void put(__m512i values) {
    const Mask upper = uppers_of(values);
    const std::int64_t lowers = COUNT<Key> - __builtin_popcount(upper);
    _mm512_storeu_si512(keys_ + left_write_, L::packed(static_cast<Mask>(~upper), values));
    const __m512i moved = L::permuted(L::less(L::places(), L::all(static_cast<Key>(lowers))), L::packed(upper, values));
    _mm512_storeu_si512(keys_ + right_write_ - COUNT<Key>, moved);
    left_write_ += lowers;
    right_write_ -= COUNT<Key> - lowers;
  }

  void put_some(__m512i values, Mask chosen) {
    const auto upper = static_cast<Mask>(uppers_of(values) & chosen);
    const auto lower = static_cast<Mask>(chosen & ~upper);
    const int lowers = __builtin_popcount(lower);
    const int uppers = __builtin_popcount(upper);
    L::store(keys_ + left_write_, static_cast<Mask>((1U << lowers) - 1), L::packed(lower, values));
    left_write_ += lowers;
    right_write_ -= uppers;
    L::store(keys_ + right_write_, static_cast<Mask>((1U << uppers) - 1), L::packed(upper, values));
  }

  // What is left in the middle, which is less than a block.
  void put_rest() {
    alignas(64) Key rest[BLOCK];
    const std::int64_t count = right_ - left_;
    __builtin_memcpy(rest, keys_ + left_, static_cast<std::size_t>(count) * sizeof(Key));
    for (std::int64_t from = 0; from < count; from += COUNT<Key>) {
      const std::int64_t left = count - from;
      const auto present = first_lanes<Key>(left);
      put_some(L::load(present, rest + from), present);
    }
  }

  Key* const keys_;
  const __m512i pivot_;
  std::int64_t left_write_ = 0;
  std::int64_t right_write_;
  std::int64_t left_ = BLOCK;
  std::int64_t right_;
};

// The middle of a register of samples from everywhere.
template <class Key>
Key pivot_of(const Key* keys, std::int64_t count) {
  alignas(64) Key samples[COUNT<Key>];
  const std::int64_t step = count / COUNT<Key>;
  for (std::int64_t i = 0; i < COUNT<Key>; ++i) {
    samples[i] = keys[i * step + step / 2];
  }
  _mm512_store_si512(samples, sorted<Key>(_mm512_load_si512(samples)));
  return samples[COUNT<Key> / 2];
}

constexpr std::int64_t SHARED = 1 << 15;  // keys that are worth handing half of to another thread

template <class Key>
void sort_keys(Key* keys, std::int64_t count, int depth, Share share);

template <class Key>
struct Halves {
  Key* keys;
  std::int64_t middle;
  std::int64_t count;
  int depth;
  Share share;
};

template <class Key>
void sort_half(void* given, std::int64_t side) {
  const auto& [keys, middle, count, depth, share] = *static_cast<const Halves<Key>*>(given);
  side == 0 ? sort_keys(keys, middle, depth, share) : sort_keys(keys + middle, count - middle, depth, share);
}

// `depth` is how many divisions are allowed before the pivots are taken for bad ones.
template <class Key>
void sort_keys(Key* keys, std::int64_t count, int depth, Share share) {
  while (count > SHORT<Key>) {
    if (depth-- == 0) {
      return sort_by_heap(keys, count);
    }
    const Key pivot = pivot_of(keys, count);
    const std::int64_t middle = Division<Key, false>(keys, count, pivot).run();
    if (middle == count) {
      // Nothing is larger: what equals the pivot is in place then.
      count = Division<Key, true>(keys, count, pivot).run();
      continue;
    }
    if (count > SHARED) {
      Halves<Key> halves{keys, middle, count, depth, share};
      return share(&sort_half<Key>, &halves);
    }
    sort_keys(keys + middle, count - middle, depth, share);
    count = middle;
  }
  sort_briefly(keys, count);
}

template <class Key>
void sort_from_start(Key* keys, std::int64_t count, Share share) {
  sort_keys(keys, count, 2 * (64 - __builtin_clzll(static_cast<std::uint64_t>(count) | 1)), share);
}

template <class T>
void sort_line(std::byte* values, std::int64_t count, bool descending, Share share) {
  using Key = KeyOf<T>;
  T* const numbers = reinterpret_cast<T*>(values);
  Key* const keys = reinterpret_cast<Key*>(values);
  for (std::int64_t i = 0; i < count; ++i) {
    keys[i] = key_of(numbers[i], descending, false);
  }
  sort_from_start(keys, count, share);
  for (std::int64_t i = 0; i < count; ++i) {
    numbers[i] = value_of<T>(keys[i], descending);
  }
}

// How many keys belong before each one: those that are less, and equal ones that stand before it.
template <class Key>
void place_by_ranks(const Key* keys, std::int64_t count, std::int64_t* places) {
  using L = Lanes<Key>;
  for (std::int64_t i = 0; i < count; ++i) {
    const __m512i key = L::all(keys[i]);
    int rank = 0;
    for (std::int64_t from = 0; from < count; from += COUNT<Key>) {
      const std::int64_t left = count - from;
      const auto present = first_lanes<Key>(left);
      const __m512i others = L::load(present, keys + from);
      const std::int64_t before = i - from;
      const unsigned earlier = before >= COUNT<Key> ? EVERY<Key> : before <= 0 ? 0U : (1U << before) - 1;
      const unsigned less = L::above(key, others) & present;
      const unsigned not_more = L::not_below(key, others) & present & earlier;
      rank += __builtin_popcount(less | not_more);
    }
    places[rank] = i;
  }
}

// Keys of 32 bits in the upper half, places in the lower one: sorted, they are stable.
void place_by_pairs(const std::uint32_t* keys, std::int64_t count, std::int64_t* places, Share share) {
  auto* const pairs = reinterpret_cast<std::uint64_t*>(places);
  for (std::int64_t i = 0; i < count; ++i) {
    pairs[i] = static_cast<std::uint64_t>(keys[i]) << 32 | static_cast<std::uint64_t>(i);
  }
  sort_from_start(pairs, count, share);
  for (std::int64_t i = 0; i < count; ++i) {
    pairs[i] &= 0xFFFFFFFF;
  }
}

bool place_few(const void* keys, std::int64_t key_bytes, std::int64_t count, std::int64_t* places, Share share) {
  constexpr std::int64_t RANKED = 96;
  if (key_bytes == 8) {
    if (count <= RANKED) {
      place_by_ranks(static_cast<const std::uint64_t*>(keys), count, places);
    }
    return count <= RANKED;
  }
  const auto* const short_keys = static_cast<const std::uint32_t*>(keys);
  if (count <= RANKED) {
    place_by_ranks(short_keys, count, places);
  } else {
    place_by_pairs(short_keys, count, places, share);
  }
  return true;
}

LineSort line_sort(DType type) {
  switch (type) {
    case DType::i32:
      return &sort_line<std::int32_t>;
    case DType::u32:
      return &sort_line<std::uint32_t>;
    case DType::f32:
      return &sort_line<float>;
    case DType::i64:
      return &sort_line<std::int64_t>;
    case DType::u64:
      return &sort_line<std::uint64_t>;
    case DType::f64:
      return &sort_line<double>;
    default:
      return nullptr;
  }
}

ASSAY_KERNEL(sort, lines, avx512, &line_sort);
ASSAY_KERNEL(sort, places, avx512, &place_few);

}  // namespace
}  // namespace assay::sorting
