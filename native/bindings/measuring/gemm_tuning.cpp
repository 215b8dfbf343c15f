// Tuned classes of products. A class and its values are a row of 13 numbers, in the order of GemmClass and GemmTuning.

#include <array>
#include <tuple>
#include <vector>

#include "../methods.h"
#include "assay/kernels/tuning/classes.h"
#include "assay/kernels/tuning/kept.h"

namespace assay::python {
namespace {

constexpr std::size_t WIDTH = 13;
constexpr std::int64_t MOST_TYPE = static_cast<std::int64_t>(GemmType::f16);
constexpr std::int64_t MOST_PATH = static_cast<std::int64_t>(GemmPath::in_place);

int small(std::int64_t value) { return static_cast<int>(std::clamp<std::int64_t>(value, -1, INT16_MAX)); }

GemmTuned tuned_of(std::span<const std::int64_t> row) {
  if (row[0] < 0 || row[0] > MOST_TYPE || row[11] < 0 || row[11] > MOST_PATH) {
    throw Error(ErrorKind::usage, "gemm tuning: no such type or path");
  }
  return {.of = {.type = static_cast<GemmType>(row[0]),
                 .a_transposed = row[1] != 0,
                 .b_transposed = row[2] != 0,
                 .m = small(row[3]),
                 .n = small(row[4]),
                 .k = small(row[5]),
                 .workers = small(row[6])},
          .tuning = {.block_rows = row[7],
                     .group_columns = row[8],
                     .cut_rows = row[9],
                     .cut_columns = row[10],
                     .path = static_cast<GemmPath>(row[11]),
                     .k_bytes = row[12]}};
}

std::vector<GemmTuned> table_of(const Buffer& buffer) {
  const std::span<const std::int64_t> numbers = buffer.as<std::int64_t>("q");
  if (numbers.size() % WIDTH != 0) {
    throw Error(ErrorKind::usage, "gemm tuning: a row has 13 numbers");
  }
  std::vector<GemmTuned> table;
  for (std::size_t at = 0; at < numbers.size(); at += WIDTH) {
    table.push_back(tuned_of(numbers.subspan(at, WIDTH)));
  }
  return table;
}

void gemm_tuning_set(const Buffer& rows) { set_gemm_tuning(table_of(rows)); }

// Remarks are lines of one text, one a row.
std::string gemm_tuning_write(const Buffer& rows, std::string_view remarks) {
  std::vector<KeptTuning> kept;
  for (const GemmTuned& tuned : table_of(rows)) {
    const std::size_t end = std::min(remarks.find('\n'), remarks.size());
    kept.push_back({tuned, std::string(remarks.substr(0, end))});
    remarks.remove_prefix(std::min(end + 1, remarks.size()));
  }
  return gemm_tuning_text(kept);
}

auto gemm_tuning_read(std::string_view text) {
  std::vector<std::tuple<std::vector<std::int64_t>, std::string>> found;
  for (const auto& [tuned, remark] : gemm_tuning_in(text)) {
    const auto& [of, tuning] = tuned;
    found.push_back({{static_cast<std::int64_t>(of.type), of.a_transposed ? 1 : 0, of.b_transposed ? 1 : 0, of.m, of.n,
                      of.k, of.workers, tuning.block_rows, tuning.group_columns, tuning.cut_rows, tuning.cut_columns,
                      static_cast<std::int64_t>(tuning.path), tuning.k_bytes},
                     remark});
  }
  return found;
}

auto gemm_tuning_state() {
  const TuningState state = load_gemm_tuning();
  return std::tuple(state.path, state.reason, state.classes);
}

std::int64_t gemm_size_class(std::int64_t size) { return gemm_bin(size); }

const Methods methods{
    bind<&gemm_tuning_set, "gemm_tuning_set">("Replaces the table of tuned classes, until the process ends."),
    bind<&gemm_tuning_write, "gemm_tuning_write">("The text of a file of tuned classes."),
    bind<&gemm_tuning_read, "gemm_tuning_read">("(row, remark) of each class in such a text; ValueError says why not."),
    bind<&gemm_tuning_state, "gemm_tuning_state">("(path, reason, classes) of the file this process read."),
    bind<&gemm_tuning_path, "gemm_tuning_path">("Where tuned classes of this machine are kept; empty if nowhere."),
    bind<&gemm_machine, "gemm_machine">("What tuned values depend on."),
    bind<&gemm_size_class, "gemm_size_class">("The class that a size falls into."),
};

}  // namespace
}  // namespace assay::python
