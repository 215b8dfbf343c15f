#include "tiers/codec.h"

#include <dlfcn.h>

#include <algorithm>
#include <array>
#include <vector>

namespace assay::tiers {
namespace {

constexpr int FASTEST_ZSTD = 1;
constexpr std::size_t SAMPLES = 4;
constexpr std::size_t SAMPLE_BYTES = std::size_t{16} << 10;

// Prototypes as documented by lz4.h (1.7 and later) and zstd.h (1.3 and later); stable since.
struct Lz4 {
  int (*compress)(const char* from, char* to, int bytes, int capacity) = nullptr;
  int (*decompress)(const char* from, char* to, int from_bytes, int capacity) = nullptr;
  std::string reason;
};

struct Zstd {
  void* (*new_compressor)() = nullptr;
  std::size_t (*delete_compressor)(void*) = nullptr;
  std::size_t (*compress)(void*, void* to, std::size_t capacity, const void* from, std::size_t bytes,
                          int level) = nullptr;
  void* (*new_decompressor)() = nullptr;
  std::size_t (*delete_decompressor)(void*) = nullptr;
  std::size_t (*decompress)(void*, void* to, std::size_t capacity, const void* from, std::size_t bytes) = nullptr;
  unsigned (*is_error)(std::size_t) = nullptr;
  std::string reason;
};

class Library {
 public:
  explicit Library(const char* file) : handle_(dlopen(file, RTLD_NOW | RTLD_LOCAL)) {
    if (handle_ == nullptr) {
      const char* const why = dlerror();
      reason = why != nullptr ? why : file;
    }
  }

  template <class Function>
  void find(const char* symbol, Function*& function) {
    function = handle_ == nullptr ? nullptr : reinterpret_cast<Function*>(dlsym(handle_, symbol));
    if (handle_ != nullptr && function == nullptr) {
      reason = "it has no function ";  // in two steps: gcc 12 takes the sum for an overlap
      reason += symbol;
    }
  }

  std::string reason;

 private:
  void* handle_;  // never closed: its functions stay in use
};

const Lz4& lz4() {
  static const Lz4* const functions = [] {
    auto* const all = new Lz4;
    Library library("liblz4.so.1");
    library.find("LZ4_compress_default", all->compress);
    library.find("LZ4_decompress_safe", all->decompress);
    all->reason = library.reason;
    return all;
  }();
  return *functions;
}

const Zstd& zstd() {
  static const Zstd* const functions = [] {
    auto* const all = new Zstd;
    Library library("libzstd.so.1");
    library.find("ZSTD_createCCtx", all->new_compressor);
    library.find("ZSTD_freeCCtx", all->delete_compressor);
    library.find("ZSTD_compressCCtx", all->compress);
    library.find("ZSTD_createDCtx", all->new_decompressor);
    library.find("ZSTD_freeDCtx", all->delete_decompressor);
    library.find("ZSTD_decompressDCtx", all->decompress);
    library.find("ZSTD_isError", all->is_error);
    all->reason = library.reason;
    return all;
  }();
  return *functions;
}

// One of each a thread: making them anew would cost more than a chunk.
struct Contexts {
  Contexts() = default;
  Contexts(const Contexts&) = delete;
  Contexts& operator=(const Contexts&) = delete;
  ~Contexts() {
    if (compressor != nullptr) {
      zstd().delete_compressor(compressor);
    }
    if (decompressor != nullptr) {
      zstd().delete_decompressor(decompressor);
    }
  }
  void* compressor = nullptr;
  void* decompressor = nullptr;
};
thread_local Contexts contexts;

std::size_t compress_lz4(const std::byte* from, std::size_t bytes, std::byte* to, std::size_t capacity) noexcept {
  const int size = lz4().compress(reinterpret_cast<const char*>(from), reinterpret_cast<char*>(to),
                                  static_cast<int>(bytes), static_cast<int>(capacity));
  return size > 0 ? static_cast<std::size_t>(size) : 0;
}

std::size_t compress_zstd(const std::byte* from, std::size_t bytes, std::byte* to, std::size_t capacity) noexcept {
  if (contexts.compressor == nullptr) {
    contexts.compressor = zstd().new_compressor();
  }
  if (contexts.compressor == nullptr) {
    return 0;
  }
  const std::size_t size = zstd().compress(contexts.compressor, to, capacity, from, bytes, FASTEST_ZSTD);
  return zstd().is_error(size) != 0 ? 0 : size;
}

bool decompress_zstd(const std::byte* from, std::size_t from_bytes, std::byte* to, std::size_t bytes) noexcept {
  if (contexts.decompressor == nullptr) {
    contexts.decompressor = zstd().new_decompressor();
  }
  return contexts.decompressor != nullptr &&
         zstd().decompress(contexts.decompressor, to, bytes, from, from_bytes) == bytes;
}

// The summed compressed size of samples that lie evenly over the bytes; that of the samples where it doesn't shrink.
std::size_t sampled(Codec codec, const std::byte* data, std::size_t bytes, std::size_t sample_bytes) {
  std::vector<std::byte> to(sample_bytes);
  std::size_t sum = 0;
  for (std::size_t i = 0; i < SAMPLES; ++i) {
    const std::size_t start = (bytes - sample_bytes) / std::max<std::size_t>(SAMPLES - 1, 1) * i;
    const std::size_t size = compress(codec, data + start, sample_bytes, to.data(), sample_bytes);
    sum += size == 0 ? sample_bytes : size;
  }
  return sum;
}

}  // namespace

const std::string& reason_without(Codec codec) {
  static const std::string none;
  return codec == Codec::lz4 ? lz4().reason : codec == Codec::zstd ? zstd().reason : none;
}

std::size_t compress(Codec codec, const std::byte* from, std::size_t bytes, std::byte* to,
                     std::size_t capacity) noexcept {
  switch (codec) {
    case Codec::lz4:
      return compress_lz4(from, bytes, to, capacity);
    case Codec::zstd:
      return compress_zstd(from, bytes, to, capacity);
    case Codec::raw:
      break;
  }
  return 0;
}

bool decompress(Codec codec, const std::byte* from, std::size_t from_bytes, std::byte* to, std::size_t bytes) noexcept {
  switch (codec) {
    case Codec::lz4:
      return lz4().decompress(reinterpret_cast<const char*>(from), reinterpret_cast<char*>(to),
                              static_cast<int>(from_bytes), static_cast<int>(bytes)) == static_cast<int>(bytes);
    case Codec::zstd:
      return decompress_zstd(from, from_bytes, to, bytes);
    case Codec::raw:
      std::copy_n(from, bytes, to);
      return from_bytes == bytes;
  }
  return false;
}

Codec choose_codec(const std::byte* data, std::size_t bytes) {
  const std::size_t sample_bytes = std::min(SAMPLE_BYTES, bytes);
  const std::size_t whole = SAMPLES * sample_bytes;
  const std::size_t by_lz4 =
      reason_without(Codec::lz4).empty() ? sampled(Codec::lz4, data, bytes, sample_bytes) : whole;
  if (by_lz4 <= whole / 2) {
    return Codec::lz4;
  }
  const std::size_t by_zstd =
      reason_without(Codec::zstd).empty() ? sampled(Codec::zstd, data, bytes, sample_bytes) : whole;
  const std::size_t worth = whole - whole / 8;
  if (by_zstd <= worth && by_zstd < by_lz4 - by_lz4 / 5) {
    return Codec::zstd;
  }
  return by_lz4 <= worth ? Codec::lz4 : Codec::raw;
}

}  // namespace assay::tiers
