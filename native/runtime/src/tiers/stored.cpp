#include "tiers/stored.h"

#include <algorithm>
#include <atomic>
#include <cstring>
#include <memory>

#include "assay/runtime/parallel.h"
#include "memory/storage.h"

namespace assay::tiers {
namespace {

struct GiveStorage {
  void operator()(std::byte* block) const noexcept { memory::give_storage(block); }
};
using Storage = std::unique_ptr<std::byte, GiveStorage>;

Storage storage(std::size_t bytes) noexcept { return Storage(static_cast<std::byte*>(memory::take_storage(bytes))); }

std::vector<Chunk> cut(std::int64_t bytes) {
  std::vector<Chunk> chunks;
  for (auto left = static_cast<std::size_t>(bytes); left > 0; left -= std::min(left, CHUNK_BYTES)) {
    chunks.push_back({.from_bytes = static_cast<std::uint32_t>(std::min(left, CHUNK_BYTES))});
  }
  return chunks;
}

// Compressed, or as it is where it doesn't shrink by an eighth; false without memory for it.
bool fill(Chunk& chunk, Codec codec, const std::byte* from, std::byte* scratch) noexcept {
  const std::size_t capacity = chunk.from_bytes - chunk.from_bytes / 8;
  const std::size_t size = compress(codec, from, chunk.from_bytes, scratch, capacity);
  const std::size_t bytes = size == 0 ? chunk.from_bytes : size;
  chunk.data = static_cast<std::byte*>(memory::take_storage(bytes));
  if (chunk.data == nullptr) {
    return false;
  }
  std::memcpy(chunk.data, size == 0 ? from : scratch, bytes);
  chunk.bytes = static_cast<std::uint32_t>(bytes);
  chunk.codec = size == 0 ? Codec::raw : codec;
  return true;
}

template <class Each>
void each_chunk(const std::vector<Chunk>& chunks, Each&& each) {
  parallel_for(static_cast<std::int64_t>(chunks.size()), 1, [&](std::int64_t begin, std::int64_t end) {
    const Storage scratch = storage(CHUNK_BYTES);
    for (auto i = static_cast<std::size_t>(begin); i < static_cast<std::size_t>(end); ++i) {
      each(i, scratch.get());
    }
  });
}

std::vector<std::int64_t> offsets_of(const Stored& stored, std::int64_t first) {
  std::vector<std::int64_t> offsets;
  for (const Chunk& chunk : stored.chunks) {
    offsets.push_back(first);
    first += chunk.bytes;
  }
  return offsets;
}

void check_read(bool good) {
  if (!good) {
    throw Error(ErrorKind::storage,
                "spill: the file gives back other bytes than it got; the disk is damaged, or this is a child of fork() "
                "whose parent has used that part of the file again. Pin such buffers before fork()");
  }
}

void load_chunk(const Stored& stored, const Chunk& chunk, std::int64_t offset, std::byte* to, std::byte* scratch) {
  const std::byte* from = chunk.data;
  if (stored.in_file()) {
    std::byte* const place = chunk.codec == Codec::raw ? to : scratch;
    if (place == nullptr) {
      throw OutOfMemory("pin: no memory to decompress in; free something");
    }
    stored.extent.file->read(place, chunk.bytes, offset);
    check_read(checksum(place, chunk.bytes) == chunk.check);
    from = place;
  }
  if (from != to) {
    check_read(decompress(chunk.codec, from, chunk.bytes, to, chunk.from_bytes));
  }
}

}  // namespace

std::int64_t Stored::bytes() const noexcept {
  std::int64_t sum = 0;
  for (const Chunk& chunk : chunks) {
    sum += chunk.bytes;
  }
  return sum;
}

std::int64_t Stored::from_bytes() const noexcept {
  std::int64_t sum = 0;
  for (const Chunk& chunk : chunks) {
    sum += chunk.from_bytes;
  }
  return sum;
}

Stored pack(Codec codec, const std::byte* data, std::int64_t bytes) {
  if (codec == Codec::raw) {
    return {};
  }
  Stored stored{.chunks = cut(bytes), .owned = true, .extent = {}};
  std::atomic<bool> failed{false};
  each_chunk(stored.chunks, [&](std::size_t i, std::byte* scratch) {
    if (scratch == nullptr || !fill(stored.chunks[i], codec, data + i * CHUNK_BYTES, scratch)) {
      failed.store(true, std::memory_order_relaxed);
    }
  });
  if (failed) {
    free_chunks(stored);
  }
  return stored;
}

Stored view(std::byte* data, std::int64_t bytes) {
  Stored stored{.chunks = cut(bytes), .owned = false, .extent = {}};
  for (std::size_t i = 0; i < stored.chunks.size(); ++i) {
    stored.chunks[i].data = data + i * CHUNK_BYTES;
    stored.chunks[i].bytes = stored.chunks[i].from_bytes;
  }
  return stored;
}

void write_chunks(Stored& stored, const Extent& extent) {
  const std::vector<std::int64_t> offsets = offsets_of(stored, extent.offset);
  each_chunk(stored.chunks, [&](std::size_t i, std::byte*) {
    Chunk& chunk = stored.chunks[i];
    chunk.check = checksum(chunk.data, chunk.bytes);
    extent.file->write(chunk.data, chunk.bytes, offsets[i]);
  });
}

void load(const Stored& stored, std::byte* to) {
  const std::vector<std::int64_t> offsets = offsets_of(stored, stored.extent.offset);
  each_chunk(stored.chunks, [&](std::size_t i, std::byte* scratch) {
    load_chunk(stored, stored.chunks[i], offsets[i], to + i * CHUNK_BYTES, scratch);
  });
}

void settle_in(Stored& stored, const Extent& extent) noexcept {
  for (Chunk& chunk : stored.chunks) {
    if (stored.owned) {
      memory::give_storage(chunk.data);
    }
    chunk.data = nullptr;
  }
  stored.owned = false;
  stored.extent = extent;
}

void free_chunks(Stored& stored) noexcept {
  if (stored.owned) {
    for (const Chunk& chunk : stored.chunks) {
      if (chunk.data != nullptr) {
        memory::give_storage(chunk.data);
      }
    }
  }
  stored.chunks.clear();
  stored.owned = false;
}

}  // namespace assay::tiers
