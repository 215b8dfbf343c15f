// The product by panels and tiles. C is cut into regions, one task each, that share nothing: each packs the B and A it
// needs, B a column group at a time, A a row block at a time. How C is cut never changes the order of additions in an
// element of it.
//
// Packing waits for memory and multiplying does not: so every tile fetches, and where packing is copying even copies, a
// little of what is needed next.

#include <algorithm>

#include "assay/kernels/tuning/classes.h"
#include "assay/runtime/parallel.h"
#include "assay/runtime/scratch.h"
#include "assay/runtime/spawn.h"
#include "slab.h"

namespace assay::gemm_tiles {
namespace {

constexpr std::int64_t BLOCK_ROWS = 9 * MOST_ROWS;  // packed, and the next ones fetched, they fill half of a 1 MiB L2
constexpr std::int64_t MOST_GROUP_COLUMNS = 2048;
constexpr std::int64_t SMALLEST_TASK = 1 << 18;  // multiply-adds; less is not worth a second thread
constexpr std::int64_t LINE = 64;
constexpr std::int64_t LEAST_SPLIT = 256;  // columns of a region that repay packing A for it

// The same, at multiples of `unit`.
std::int64_t unit_start(std::int64_t total, std::int64_t unit, std::int64_t count, std::int64_t index) {
  return std::min(total, piece_start(pieces_of(total, unit), count, index) * unit);
}

std::int64_t tuned_or(std::int64_t tuned, std::int64_t rule) { return tuned > 0 ? tuned : rule; }

std::int64_t k_block(const TileSet& tiles, std::int64_t k, std::int64_t tuned_bytes = 0) {
  const std::int64_t most =
      std::min(tuned_or(tuned_bytes, tiles.row_bytes), tiles.row_bytes) / tiles.step_bytes * tiles.depth;
  return round_up(pieces_of(k, std::max<std::int64_t>(1, pieces_of(k, most))), tiles.depth * UNROLLED);
}

// The slabs of a region in order: groups of columns, and within them blocks of k.
class Slabs {
 public:
  Slabs(const TileSet& tiles, const GemmCall& call, const GemmTuning& tuning, const Region& region)
      : tiles_(tiles),
        call_(call),
        region_(region),
        k_each_(k_block(tiles, call.k, tuning.k_bytes)),
        k_blocks_(pieces_of(call.k, k_each_)),
        block_rows_(tuned_or(tuning.block_rows, BLOCK_ROWS)),
        given_(call.packed_b != nullptr),
        groups_(given_ ? 1 : pieces_of(region.columns, tuned_or(tuning.group_columns, MOST_GROUP_COLUMNS))),
        group_columns_(round_up(pieces_of(region.columns, groups_), tiles.columns)) {
    const std::int64_t a_bytes = round_up((std::min(region.rows, block_rows_) + MOST_ROWS) * tiles.row_stride(), LINE);
    const std::int64_t b_bytes = given_ ? 0 : group_columns_ / tiles.columns * panel_bytes_of(tiles, k_each_);
    const bool carries = tiles.carries && call.a.column == 1;
    std::byte* const scratch = thread_scratch(a_bytes * (carries ? 2 : 1) + b_bytes);
    packed_b_ = scratch;
    places_ = {scratch + b_bytes, scratch + b_bytes + (carries ? a_bytes : 0)};
  }

  [[nodiscard]] std::int64_t count() const { return pieces_of(region_.columns, group_columns_) * k_blocks_; }
  [[nodiscard]] Places places() const { return places_; }

  [[nodiscard]] Slab slab(std::int64_t index) const {
    const std::int64_t column = index / k_blocks_ * group_columns_;
    const std::int64_t k0 = index % k_blocks_ * k_each_;
    const std::int64_t k = std::min(k_each_, call_.k - k0);
    return {
        .tiles = tiles_,
        .call = call_,
        .region = region_,
        .k0 = k0,
        .k = k,
        .column0 = region_.column + column,
        .columns = std::min(group_columns_, region_.columns - column),
        .block_rows = block_rows_,
        .packed_b = given_ ? given_b(k0, k, region_.column + column) : packed_b_,
        .given = given_,
    };
  }

 private:
  [[nodiscard]] std::byte* given_b(std::int64_t k0, std::int64_t k, std::int64_t column) const {
    auto* const whole = static_cast<std::byte*>(const_cast<void*>(call_.packed_b));  // only read
    const std::int64_t blocks_before = k0 / k_each_ * pieces_of(call_.n, tiles_.columns);
    return whole + blocks_before * panel_bytes_of(tiles_, k_each_) +
           column / tiles_.columns * panel_bytes_of(tiles_, k);
  }

  const TileSet& tiles_;
  const GemmCall& call_;
  const Region& region_;
  const std::int64_t k_each_;
  const std::int64_t k_blocks_;
  const std::int64_t block_rows_;
  const bool given_;
  const std::int64_t groups_;
  const std::int64_t group_columns_;
  std::byte* packed_b_;
  Places places_;
};

void multiply_region(const TileSet& tiles, const GemmCall& call, const GemmTuning& tuning, const Region& region) {
  const Slabs slabs(tiles, call, tuning, region);
  Places a = slabs.places();
  for (std::int64_t index = 0; index < slabs.count(); ++index) {
    const Slab slab = slabs.slab(index);
    if (index == 0) {
      tiles.pack_a(rows_of(slab, 0, a.now));
      if (!slab.given) {
        tiles.pack_b(panel_of(slab, 0));
      }
    }
    if (index + 1 == slabs.count()) {
      return multiply_slab(slab, nullptr, a);
    }
    const Slab next = slabs.slab(index + 1);
    multiply_slab(slab, &next, a);
  }
}

struct Cut {
  std::int64_t rows;
  std::int64_t columns;
};

// As many regions as there are workers, where there is enough work: side by side if that leaves them wide enough.
Cut cut_of(const TileSet& tiles, const GemmCall& call, const GemmTuning& tuning) {
  if (tuning.cut_rows > 0 && tuning.cut_columns > 0) {
    return {.rows = std::min(tuning.cut_rows, pieces_of(call.m, tiles.rows)),
            .columns = std::min(tuning.cut_columns, pieces_of(call.n, tiles.columns))};
  }
  const std::int64_t work = call.m * call.n * call.k;
  const std::int64_t wanted = std::clamp<std::int64_t>(work / SMALLEST_TASK, 1, workers());
  const std::int64_t by_columns = std::clamp<std::int64_t>(call.n / LEAST_SPLIT, 1, wanted);
  const std::int64_t columns = call.n >= call.m || by_columns == wanted ? std::max(by_columns, std::int64_t{1}) : 1;
  const std::int64_t rows = std::min(pieces_of(wanted, columns), pieces_of(call.m, tiles.rows));
  return {.rows = std::max<std::int64_t>(rows, 1), .columns = columns};
}

Region region_of(const TileSet& tiles, const GemmCall& call, const Cut& cut, std::int64_t task) {
  const std::int64_t row = unit_start(call.m, tiles.rows, cut.rows, task / cut.columns);
  const std::int64_t column = unit_start(call.n, tiles.columns, cut.columns, task % cut.columns);
  return {.row = row,
          .rows = unit_start(call.m, tiles.rows, cut.rows, task / cut.columns + 1) - row,
          .column = column,
          .columns = unit_start(call.n, tiles.columns, cut.columns, task % cut.columns + 1) - column};
}

// Hands the later half out before it begins: regions are too few to wait until another worker asks for one.
void multiply_regions(const TileSet& tiles, const GemmCall& call, const GemmTuning& tuning, const Cut& cut,
                      std::int64_t begin, std::int64_t end) {
  if (end - begin == 1) {
    return multiply_region(tiles, call, tuning, region_of(tiles, call, cut, begin));
  }
  const std::int64_t middle = begin + (end - begin) / 2;
  auto right = spawn([&, middle, end] { multiply_regions(tiles, call, tuning, cut, middle, end); });
  multiply_regions(tiles, call, tuning, cut, begin, middle);
  right.sync();
}

}  // namespace

std::int64_t pack_panels(const TileSet& tiles, const PackB& call) {
  const std::int64_t k_each = k_block(tiles, call.k);
  const std::int64_t panels = pieces_of(call.n, tiles.columns);
  std::int64_t bytes = 0;
  for (std::int64_t k0 = 0; k0 < call.k; k0 += k_each) {
    const std::int64_t k = std::min(k_each, call.k - k0);
    const std::int64_t panel_bytes = panel_bytes_of(tiles, k);
    std::byte* const out = static_cast<std::byte*>(call.out) + bytes;
    bytes += panels * panel_bytes;
    if (call.out == nullptr) {
      continue;
    }
    parallel_for(panels, 4, [&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t panel = begin; panel < end; ++panel) {
        const std::int64_t column = panel * tiles.columns;
        tiles.pack_b({
            .data = element(call.b, k0, column, tiles.element_bytes),
            .outer_bytes = call.b.column * tiles.element_bytes,
            .inner_bytes = call.b.row * tiles.element_bytes,
            .outer = std::min(tiles.columns, call.n - column),
            .k = k,
            .out = out + panel * panel_bytes,
        });
      }
    });
  }
  return bytes;
}

void multiply_blocked(const TileSet& tiles, const GemmCall& call) {
  if (call.repeat.count > 1) {
    return multiply_repeated(tiles, call);
  }
  if (call.m == 0 || call.n == 0) {
    return;
  }
  scale_by_beta(call);
  if (call.k == 0) {
    finish(call, {.row = 0, .rows = call.m, .column = 0, .columns = call.n});
    return;
  }
  const GemmTuning tuning = tuning_of(call);
  const bool one_block = call.k <= k_block(tiles, call.k, tuning.k_bytes);
  const bool rule = tuning.path == GemmPath::rule;
  if (rule ? worth_direct(tiles, call) : tuning.path == GemmPath::in_place && one_block && can_direct(tiles, call)) {
    return multiply_direct(tiles, call);
  }
  const Cut cut = cut_of(tiles, call, tuning);
  multiply_regions(tiles, call, tuning, cut, 0, cut.rows * cut.columns);
}

}  // namespace assay::gemm_tiles
