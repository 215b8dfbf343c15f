#include "ahead.h"

namespace assay::gemm_tiles {
namespace {

constexpr std::int64_t LINE = 64;

std::int64_t pieces_of(std::int64_t total, std::int64_t most) { return (total + most - 1) / most; }

}  // namespace

Stream::Stream(const std::byte* data, std::int64_t step, std::int64_t chunks, std::int64_t lines, std::int64_t reach,
               bool by_lines)
    : left_(lines * chunks),
      at_(data),
      outer_(data),
      step_(step),
      inner_step_(by_lines ? reach * step : LINE),
      outer_step_(by_lines ? LINE : reach * step),
      inner_(by_lines ? chunks : lines),
      inner_left_(inner_) {}

Stream::Stream(const PackCall& matrix, std::int64_t element_bytes, std::int64_t reach)
    : Stream(matrix.outer_bytes == element_bytes
                 ? Stream(matrix.data, matrix.inner_bytes, pieces_of(matrix.k, reach),
                          pieces_of(matrix.outer * element_bytes, LINE), reach, true)
                 : Stream(matrix.data, matrix.outer_bytes, pieces_of(matrix.outer, reach),
                          pieces_of(matrix.k * element_bytes, LINE), reach, false)) {}

Stream::Stream(const std::byte* data, std::int64_t bytes, std::int64_t reach)
    : Stream(data, LINE, pieces_of(pieces_of(bytes, LINE), reach), 1, reach, true) {}

}  // namespace assay::gemm_tiles
