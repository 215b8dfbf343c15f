// Fourier transforms of complex numbers of fp32 and fp64.
#pragma once

#include <cstddef>
#include <cstdint>

#include "assay/core/dtype.h"

namespace assay {

enum class FourierSign : std::int8_t { forward = -1, backward = 1 };

// out[k] = scale * sum over j of in[j] exp(sign 2 pi i j k / length), for each of `lines` lines of `length` numbers
// that lie one behind the other. `in` and `out` may be the same. Throws Error(type) for other types than complex ones.
// Plans (roots of unity, factors) are kept for the lengths used last.
void fourier_transform(DType dtype, const std::byte* in, std::byte* out, std::int64_t lines, std::int64_t length,
                       FourierSign sign, double scale);

}  // namespace assay
