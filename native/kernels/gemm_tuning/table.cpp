// The table of tuned classes: two words a class in an array of atomics, so that products look it up without a lock
// while a tuner replaces it. Any value is right for any product, if not fastest, so a reader needs no consistent table.

#include "table.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <cstdint>
#include <mutex>
#include <string>

#include "assay/core/error.h"
#include "assay/kernels/tuning/classes.h"
#include "assay/kernels/tuning/kept.h"
#include "assay/runtime/parallel.h"

namespace assay {
namespace {

constexpr std::int64_t LEAST_WORK = 1 << 18;
constexpr int MOST_BIN = 62;
constexpr std::size_t SLOTS = 1024;  // a power of two above MOST_GEMM_CLASSES

struct Slot {
  std::atomic<std::uint64_t> key;
  std::atomic<std::uint64_t> value;
};

constexpr std::size_t UNREAD = SIZE_MAX;

struct Table {
  std::array<Slot, SLOTS> slots{};
  std::atomic<std::size_t> count{UNREAD};
  std::mutex writing;
};

constinit Table table;

// Values in one word, each in so many bits and so many units.
struct Field {
  std::int64_t GemmTuning::* member;
  int bits;
  std::int64_t unit;
  const char* name;
};

constexpr std::array FIELDS{
    Field{&GemmTuning::block_rows, 12, 1, "block_rows"}, Field{&GemmTuning::group_columns, 12, 16, "group_columns"},
    Field{&GemmTuning::cut_rows, 8, 1, "cut_rows"},      Field{&GemmTuning::cut_columns, 8, 1, "cut_columns"},
    Field{&GemmTuning::k_bytes, 6, 64, "k_bytes"},
};

std::uint64_t word_of(const GemmTuning& tuning) {
  auto word = static_cast<std::uint64_t>(tuning.path);
  for (const Field& field : FIELDS) {
    const std::int64_t value = tuning.*field.member;
    if (value < 0 || value % field.unit != 0 || value / field.unit >= std::int64_t{1} << field.bits) {
      throw Error(ErrorKind::usage, std::string("gemm tuning: ") + field.name + " is " + std::to_string(value) +
                                        ", not a multiple of " + std::to_string(field.unit) + " below " +
                                        std::to_string(field.unit << field.bits));
    }
    word = word << field.bits | static_cast<std::uint64_t>(value / field.unit);
  }
  return word;
}

GemmTuning tuning_in(std::uint64_t word) {
  GemmTuning tuning;
  for (auto field = FIELDS.rbegin(); field != FIELDS.rend(); ++field) {
    const std::uint64_t mask = (std::uint64_t{1} << field->bits) - 1;
    tuning.*field->member = static_cast<std::int64_t>(word & mask) * field->unit;
    word >>= field->bits;
  }
  tuning.path = static_cast<GemmPath>(word);
  return tuning;
}

// Never 0, which marks a free slot.
std::uint64_t key_of(const GemmClass& of) {
  std::uint64_t key = 1;
  key = key << 3 | static_cast<std::uint64_t>(of.type);
  key = key << 1 | static_cast<std::uint64_t>(of.a_transposed);
  key = key << 1 | static_cast<std::uint64_t>(of.b_transposed);
  for (const int bin : {of.m, of.n, of.k}) {
    key = key << 6 | static_cast<std::uint64_t>(bin);
  }
  return key << 16 | static_cast<std::uint64_t>(of.workers);
}

void require_class(const GemmClass& of) {
  for (const int bin : {of.m, of.n, of.k}) {
    if (bin < 0 || bin > MOST_BIN) {
      throw Error(ErrorKind::usage, "gemm tuning: size class " + std::to_string(bin) + " is not in 0 to 62");
    }
  }
  if (of.workers < 0 || of.workers > UINT16_MAX) {
    throw Error(ErrorKind::usage, "gemm tuning: " + std::to_string(of.workers) + " workers; at most 65535");
  }
}

std::size_t first_slot(std::uint64_t key) { return (key * 0x9E3779B97F4A7C15U) >> 54; }

GemmTuning find(const GemmClass& of) {
  const std::uint64_t key = key_of(of);
  for (std::size_t i = first_slot(key), tried = 0; tried < SLOTS; i = (i + 1) % SLOTS, ++tried) {
    const std::uint64_t there = table.slots[i].key.load(std::memory_order_acquire);
    if (there == key) {
      return tuning_in(table.slots[i].value.load(std::memory_order_relaxed));
    }
    if (there == 0) {
      break;
    }
  }
  return {};
}

void insert(const GemmTuned& tuned) {
  const std::uint64_t key = key_of(tuned.of);
  std::size_t i = first_slot(key);
  while (table.slots[i].key.load(std::memory_order_relaxed) != 0) {
    i = (i + 1) % SLOTS;
  }
  table.slots[i].value.store(word_of(tuned.tuning), std::memory_order_relaxed);
  table.slots[i].key.store(key, std::memory_order_release);
}

}  // namespace

int gemm_bin(std::int64_t size) {
  if (size <= 1) {
    return 0;
  }
  const auto bits = static_cast<std::uint64_t>(size);
  const int octave = static_cast<int>(std::bit_width(bits)) - 1;
  return std::min(MOST_BIN, 2 * octave + static_cast<int>(bits >> (octave - 1) & 1));
}

GemmClass gemm_class(const GemmCall& call, int workers) {
  return {.type = call.type,
          .a_transposed = call.a.column != 1 && call.a.row == 1,
          .b_transposed = call.b.column != 1 && call.b.row == 1,
          .m = gemm_bin(call.m),
          .n = gemm_bin(call.n),
          .k = gemm_bin(call.k),
          .workers = workers};
}

GemmTuning tuning_of(const GemmCall& call) {
  const std::size_t count = table.count.load(std::memory_order_acquire);
  if (count == 0 || call.packed_b != nullptr || call.m * call.n * call.k < LEAST_WORK) {
    return {};
  }
  if (count == UNREAD) {
    load_gemm_tuning();
  }
  GemmClass of = gemm_class(call, static_cast<int>(workers()));
  GemmTuning tuning = find(of);
  of.workers = 0;
  tuning.k_bytes = find(of).k_bytes;
  return tuning;
}

void require_tuned(const GemmTuned& tuned) {
  require_class(tuned.of);
  static_cast<void>(word_of(tuned.tuning));
}

void require_table(std::span<const GemmTuned> tuned) {
  if (tuned.size() > MOST_GEMM_CLASSES) {
    throw Error(ErrorKind::usage, "gemm tuning: " + std::to_string(tuned.size()) + " classes; there is room for " +
                                      std::to_string(MOST_GEMM_CLASSES));
  }
  for (const GemmTuned& each : tuned) {
    require_tuned(each);
  }
}

void fill_table(std::span<const GemmTuned> tuned) {
  for (Slot& slot : table.slots) {
    slot.key.store(0, std::memory_order_relaxed);
  }
  for (const GemmTuned& each : tuned) {
    insert(each);
  }
  table.count.store(tuned.size(), std::memory_order_release);
}

void set_gemm_tuning(std::span<const GemmTuned> tuned) {
  require_table(tuned);
  load_gemm_tuning();  // or a product would do it later
  const std::lock_guard lock(table.writing);
  fill_table(tuned);
}

}  // namespace assay
