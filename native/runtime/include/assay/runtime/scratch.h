// Memory for intermediate results: one reusable buffer a thread, so that no kernel allocates or faults pages in again.
#pragma once

#include <cstddef>
#include <cstdint>

namespace assay {

// At least `bytes` for the calling thread, aligned to 64 bytes (to 2 MiB and advised to be huge pages from 1 MiB on).
// The contents are undefined. Valid until the thread asks again or enters a parallel region; freed when it ends.
// Throws std::bad_alloc.
[[nodiscard]] std::byte* thread_scratch(std::int64_t bytes);

// The same for what the caller of a parallel region lends to all of its pieces: distinct from thread_scratch, valid
// until the calling thread asks again. While a thread waits for a region it runs no piece of any other region, so
// that regions inside the pieces are the only ones that could ask.
[[nodiscard]] std::byte* shared_scratch(std::int64_t bytes);

}  // namespace assay
