// A working set of four times the limit against what the compressor and the disk allow: `tiers <kind> <side> <folder>`
// prints the nanoseconds a byte of two passes over it. `ours` pins each buffer, changes it and lets it go; `floor` does
// with the same bytes, chunks and workers only what can't be left out: one chunk out, one chunk in.

#include <fcntl.h>
#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <functional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "assay/runtime/buffer.h"
#include "assay/runtime/parallel.h"
#include "tiers/stored.h"

namespace {

using namespace assay;

constexpr std::int64_t BUFFER_BYTES = std::int64_t{4} << 20;
constexpr std::int64_t LIMIT_BYTES = 8 * BUFFER_BYTES;
constexpr std::size_t BUFFERS = 32;
constexpr int PASSES = 2;
constexpr std::size_t CHUNKS = BUFFER_BYTES / tiers::CHUNK_BYTES;

// Bytes of which lz4 saves half (`half`), a third by zstd only (`entropy`), or nothing does (`noise`).
void fill(std::byte* data, std::string_view kind) {
  static std::mt19937_64 random(5);
  for (std::int64_t i = 0; i < BUFFER_BYTES; i += 8) {
    std::uint64_t word = random();
    if (kind == "half") {
      word = i / 32 % 2 == 0 ? word : 0;
    } else if (kind == "entropy") {
      word &= 0x1f1f'1f1f'1f1f'1f1f;
    }
    std::memcpy(data + i, &word, 8);
  }
}

void touch(std::byte* data) {
  for (std::int64_t i = 0; i < BUFFER_BYTES; i += 4096) {
    data[i] = static_cast<std::byte>(static_cast<unsigned char>(data[i]) ^ 1U);
  }
}

double ns_per_byte(const std::function<void()>& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  const std::chrono::duration<double, std::nano> spent = std::chrono::steady_clock::now() - start;
  return spent.count() / (static_cast<double>(BUFFER_BYTES) * BUFFERS * PASSES);
}

double ours(std::string_view kind, const std::string& folder) {
  MemoryLimits limits = memory_limits();
  limits.memory_bytes = LIMIT_BYTES;
  limits.spill_bytes = std::int64_t{4} << 30;
  limits.spill_folder = folder;
  set_memory_limits(limits);
  std::vector<Buffer> buffers;
  for (std::size_t i = 0; i < BUFFERS; ++i) {
    buffers.emplace_back(BUFFER_BYTES);
    fill(buffers.back().pin().data(), kind);
  }
  const auto pass = [&] {
    for (Buffer& buffer : buffers) {
      touch(buffer.pin().data());
    }
  };
  pass();
  return ns_per_byte([&] {
    for (int i = 0; i < PASSES; ++i) {
      pass();
    }
  });
}

// Each chunk is compressed into and decompressed from memory that is there already.
void compressor_floor(std::byte* data, tiers::Codec codec, std::vector<std::byte>& packed,
                      std::vector<std::size_t>& sizes) {
  parallel_for(static_cast<std::int64_t>(CHUNKS), 1, [&](std::int64_t begin, std::int64_t end) {
    for (auto i = static_cast<std::size_t>(begin); i < static_cast<std::size_t>(end); ++i) {
      sizes[i] = tiers::compress(codec, data + i * tiers::CHUNK_BYTES, tiers::CHUNK_BYTES,
                                 &packed[i * tiers::CHUNK_BYTES], tiers::CHUNK_BYTES);
    }
  });
  parallel_for(static_cast<std::int64_t>(CHUNKS), 1, [&](std::int64_t begin, std::int64_t end) {
    for (auto i = static_cast<std::size_t>(begin); i < static_cast<std::size_t>(end); ++i) {
      (void)tiers::decompress(codec, &packed[i * tiers::CHUNK_BYTES], sizes[i], data + i * tiers::CHUNK_BYTES,
                              tiers::CHUNK_BYTES);
    }
  });
}

void move_chunks(int file, std::byte* data, std::int64_t offset, bool write) {
  parallel_for(static_cast<std::int64_t>(CHUNKS), 1, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; ++i) {
      constexpr auto bytes = static_cast<std::int64_t>(tiers::CHUNK_BYTES);
      const ssize_t moved = write ? pwrite(file, data + i * bytes, tiers::CHUNK_BYTES, offset + i * bytes)
                                  : pread(file, data + i * bytes, tiers::CHUNK_BYTES, offset + i * bytes);
      if (moved != bytes) {
        std::abort();
      }
    }
  });
}

double floor_of(std::string_view kind, const std::string& folder) {
  constexpr std::size_t resident = LIMIT_BYTES / BUFFER_BYTES;
  std::vector<std::vector<std::byte>> data(resident, std::vector<std::byte>(BUFFER_BYTES));
  for (auto& bytes : data) {
    fill(bytes.data(), kind);
  }
  const tiers::Codec codec = tiers::choose_codec(data[0].data(), BUFFER_BYTES);
  std::vector<std::vector<std::byte>> packed(BUFFERS, std::vector<std::byte>(BUFFER_BYTES));
  std::vector<std::size_t> sizes(CHUNKS);
  const int file = open(folder.c_str(), O_TMPFILE | O_RDWR, 0600);
  for (std::size_t i = 0; i < BUFFERS; ++i) {
    move_chunks(file, data[i % resident].data(), static_cast<std::int64_t>(i) * BUFFER_BYTES, true);
  }
  const double spent = ns_per_byte([&] {
    for (int pass = 0; pass < PASSES; ++pass) {
      for (std::size_t i = 0; i < BUFFERS; ++i) {
        std::byte* const bytes = data[i % resident].data();
        touch(bytes);
        if (codec != tiers::Codec::raw) {
          compressor_floor(bytes, codec, packed[i], sizes);
          continue;
        }
        move_chunks(file, bytes, static_cast<std::int64_t>(i) * BUFFER_BYTES, true);
        move_chunks(file, bytes, static_cast<std::int64_t>((i + resident) % BUFFERS) * BUFFER_BYTES, false);
      }
    }
  });
  close(file);
  return spent;
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 4) {
    return 2;
  }
  const std::string_view kind = arguments[1];
  std::printf("%.4f\n",
              std::string_view(arguments[2]) == "ours" ? ours(kind, arguments[3]) : floor_of(kind, arguments[3]));
  return 0;
}
