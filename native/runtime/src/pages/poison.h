// Free memory is out of bounds for AddressSanitizer, where that is compiled in; no code at all elsewhere.
#pragma once

#include <cstddef>

#if defined(__SANITIZE_ADDRESS__)
#define ASSAY_POISON 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ASSAY_POISON 1
#endif
#endif

#ifdef ASSAY_POISON
#include <sanitizer/asan_interface.h>
#endif

namespace assay::memory {

inline void poison([[maybe_unused]] const void* start, [[maybe_unused]] std::size_t bytes) noexcept {
#ifdef ASSAY_POISON
  __asan_poison_memory_region(start, bytes);
#endif
}

inline void unpoison([[maybe_unused]] const void* start, [[maybe_unused]] std::size_t bytes) noexcept {
#ifdef ASSAY_POISON
  __asan_unpoison_memory_region(start, bytes);
#endif
}

}  // namespace assay::memory
