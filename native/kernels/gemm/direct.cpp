// Products that read A and B in place: small ones, and thin ones whose B is used too few times to be worth packing.

#include <algorithm>

#include "../gemm_tiles/tile.h"
#include "ahead.h"
#include "assay/runtime/parallel.h"
#include "finish.h"

namespace assay::gemm_tiles {
namespace {

constexpr std::int64_t MOST_K = 512;
constexpr std::int64_t MOST_B_BYTES = 256 << 10;  // B stays in the second-level cache
constexpr std::int64_t FEW_ROWS = 6 * MOST_ROWS;  // uses of B that don't repay packing it
constexpr std::int64_t ROWS_OF_TASK = 20 * MOST_ROWS;
constexpr std::int64_t ONE_TASK = 1 << 18;    // multiply-adds; less is not worth a second thread
constexpr std::int64_t ALIASED_BYTES = 4096;  // rows this far apart share their cache sets

bool aliased(std::int64_t row_bytes, std::int64_t rows) { return rows > 12 && row_bytes % ALIASED_BYTES == 0; }

constexpr std::int64_t LINE = 64;

// What is fetched beside tiles, `reach` addresses each; again what is `near` where nothing is left.
class Fetching {
 public:
  Fetching(const void* near, std::int64_t reach) : near_(static_cast<const std::byte*>(near)), reach_(reach) {}

  // `rows` rows of `bytes` bytes, `row_bytes` apart.
  void add(const void* data, std::int64_t rows, std::int64_t row_bytes, std::int64_t bytes) {
    const auto* const first = static_cast<const std::byte*>(data);
    if (data == nullptr) {
      return;
    }
    if (row_bytes < bytes + LINE) {
      ranges_[count_++] = {first, LINE, rows * row_bytes / LINE + 1};
      return;
    }
    for (std::int64_t at = 0; at < std::min(bytes + LINE - 1, MOST_LINES * LINE); at += LINE) {
      ranges_[count_++] = {first + at, row_bytes, rows};
    }
  }

  // For the next tile.
  Ahead take() {
    while (current_ < count_) {
      Range& range = ranges_[current_];
      if (range.left > 0) {
        const Ahead ahead{range.first, range.step};
        range.first += reach_ * range.step;
        range.left -= reach_;
        return ahead;
      }
      ++current_;
    }
    return {near_, 0};  // an address outside all memory would cost a search for its page
  }

  // What tiles were too few for, if it isn't much.
  void finish() {
    for (std::int64_t lines = 0; lines < MOST_REST; lines += reach_) {
      const Ahead ahead = take();
      if (ahead.step == 0) {
        return;
      }
      for (std::int64_t i = 0; i < reach_; ++i) {
        __builtin_prefetch(ahead.first + i * ahead.step);
      }
    }
  }

 private:
  struct Range {
    const std::byte* first;
    std::int64_t step;
    std::int64_t left;
  };
  static constexpr std::int64_t MOST_LINES = 3;  // of a row, where rows are far apart
  static constexpr std::int64_t MOST_REST = 128;

  const std::byte* const near_;
  const std::int64_t reach_;
  Range ranges_[3 * MOST_LINES];
  int count_ = 0;
  int current_ = 0;
};

// Rows cut into equal panels, but for one row: the first ones are longer. Dividing takes as long as dozens of
// multiply-adds, so it is done once.
struct Panels {
  std::int64_t count;
  std::int64_t rows;
  std::int64_t longer;
};

Panels panels_of(std::int64_t rows, std::int64_t most) {
  if (rows <= most) {
    return {1, rows, 0};
  }
  const auto count = static_cast<std::uint32_t>((rows + most - 1) / most);
  return {count, rows / count, rows % count};
}

DirectTile tile_at(const TileSet& tiles, const GemmCall& call, const Region& place, const Ahead& ahead) {
  const std::int64_t bytes = tiles.element_bytes;
  return {
      .rows = place.rows,
      .columns = place.columns,
      .steps = call.k,
      .a = static_cast<const std::byte*>(call.a.data) + place.row * call.a.row * bytes,
      .a_row_bytes = call.a.row * bytes,
      .b = static_cast<const std::byte*>(call.b.data) + place.column * bytes,
      .b_row_bytes = call.b.row * bytes,
      .c = static_cast<std::byte*>(call.c) + (place.row * call.c_row + place.column) * tiles.result_bytes,
      .c_row_bytes = call.c_row * tiles.result_bytes,
      .alpha = call.alpha,
      .accumulate = call.beta != 0.0,
      .fetch_c = call.m * call.n * tiles.result_bytes > MOST_B_BYTES,
      .ahead = ahead,
  };
}

// `ahead()` is what the next tile fetches.
template <class NextAhead>
void multiply_tiles(const TileSet& tiles, const GemmCall& call, const Region& part, const NextAhead& ahead) {
  const std::int64_t end = part.column + part.columns;
  const Panels wide = panels_of(part.rows, tiles.rows);
  for (std::int64_t column = part.column; column < end; column += tiles.columns) {
    const std::int64_t columns = std::min(tiles.columns, end - column);
    const Panels panels = 2 * columns <= tiles.columns ? panels_of(part.rows, tiles.narrow_rows) : wide;
    std::int64_t row = part.row;
    for (std::int64_t panel = 0; panel < panels.count; ++panel) {
      const std::int64_t rows = panels.rows + (panel < panels.longer ? 1 : 0);
      tiles.direct(tile_at(tiles, call, {row, rows, column, columns}, ahead()));
      row += rows;
    }
  }
  finish(call, part);
}

// What comes after a part is fetched beside it: the rows, or the columns, that follow, or the product that does.
[[gnu::noinline]] void multiply_fetching(const TileSet& tiles, const GemmCall& call, const Region& part) {
  const std::int64_t bytes = tiles.element_bytes;
  const std::int64_t c_row_bytes = call.c_row * tiles.result_bytes;
  const auto* const a = static_cast<const std::byte*>(call.a.data);
  const auto* const c = static_cast<const std::byte*>(call.c);
  Fetching fetching(a, call.k);
  if (part.row + part.rows < call.m) {
    const std::int64_t row = part.row + part.rows;
    const std::int64_t rows = std::min(part.rows, call.m - row);
    fetching.add(a + row * call.a.row * bytes, rows, call.a.row * bytes, call.k * bytes);
    fetching.add(c + row * c_row_bytes, rows, c_row_bytes, part.columns * tiles.result_bytes);
  } else if (part.column + part.columns < call.n) {
    const std::int64_t column = part.column + part.columns;
    const std::int64_t columns = std::min(part.columns, call.n - column);
    fetching.add(c + column * tiles.result_bytes, part.rows, c_row_bytes, columns * tiles.result_bytes);
  } else {
    fetching.add(call.next.a, call.m, call.a.row * bytes, call.k * bytes);
    fetching.add(call.next.b, call.k, call.b.row * bytes, call.n * bytes);
    fetching.add(call.next.c, call.m, c_row_bytes, call.n * tiles.result_bytes);
  }
  multiply_tiles(tiles, call, part, [&] { return fetching.take(); });
  fetching.finish();
}

void multiply_part(const TileSet& tiles, const GemmCall& call, const Region& part) {
  const bool all = part.rows == call.m && part.columns == call.n;
  if (!all || call.next.a != nullptr || call.next.b != nullptr || call.next.c != nullptr) {
    return multiply_fetching(tiles, call, part);
  }
  multiply_tiles(tiles, call, part, [&] { return Ahead{static_cast<const std::byte*>(call.a.data), 0}; });
}

}  // namespace

bool is_one_tile(const TileSet& tiles, const GemmCall& call) {
  const bool narrow = 2 * call.n <= tiles.columns;
  return tiles.direct != nullptr && call.m > 0 && call.n > 0 && call.n <= tiles.columns &&
         call.m <= (narrow ? tiles.narrow_rows : tiles.rows);
}

DirectTile whole_tile(const TileSet& tiles, const GemmCall& call) {
  return tile_at(tiles, call, {0, call.m, 0, call.n}, {static_cast<const std::byte*>(call.a.data), 0});
}

bool can_direct(const TileSet& tiles, const GemmCall& call) {
  return tiles.direct != nullptr && call.packed_b == nullptr && call.a.column == 1 && call.b.column == 1;
}

bool worth_direct(const TileSet& tiles, const GemmCall& call) {
  const std::int64_t bytes = tiles.element_bytes;
  if (!can_direct(tiles, call) || call.k > MOST_K) {
    return false;
  }
  if (aliased(call.a.row * bytes, call.m) || (call.m > tiles.rows && aliased(call.b.row * bytes, call.k))) {
    return false;
  }
  return call.m <= FEW_ROWS || call.n * call.k * bytes <= MOST_B_BYTES;
}

void multiply_direct(const TileSet& tiles, const GemmCall& call) {
  if (call.m * call.n * call.k <= ONE_TASK && call.m <= ROWS_OF_TASK) {
    return multiply_part(tiles, call, {0, call.m, 0, call.n});
  }
  if (call.m >= call.n) {
    const std::int64_t tasks = (call.m + ROWS_OF_TASK - 1) / ROWS_OF_TASK;
    parallel_for(tasks, 1, [&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t task = begin; task < end; ++task) {
        const std::int64_t row = call.m * task / tasks;
        multiply_part(tiles, call, {row, call.m * (task + 1) / tasks - row, 0, call.n});
      }
    });
    return;
  }
  const std::int64_t panels = (call.n + tiles.columns - 1) / tiles.columns;
  const std::int64_t grain = std::max<std::int64_t>(1, (1 << 20) / (call.m * call.k * tiles.columns + 1));
  parallel_for(panels, grain, [&](std::int64_t begin, std::int64_t end) {
    const std::int64_t last = std::min(end * tiles.columns, call.n);
    for (std::int64_t column = begin * tiles.columns; column < last; column += tiles.columns) {
      multiply_part(tiles, call, {0, call.m, column, std::min(tiles.columns, last - column)});
    }
  });
}

}  // namespace assay::gemm_tiles
