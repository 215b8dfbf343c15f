// Tuned classes on disk: one text file per machine and build, written by `assay vgpu tune`, read once, before the first
// product that is large enough to look. It is ignored when it is damaged, or of another machine, build or version.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "assay/kernels/tuning/classes.h"

namespace assay {

// What tuned values depend on: processor, caches, instruction set, build of the kernels. One line.
[[nodiscard]] std::string gemm_machine();

// $ASSAY_TUNING, or $XDG_CACHE_HOME/assay/gemm-<hash of the machine>.tuning; empty where ASSAY_TUNING is `off`.
[[nodiscard]] std::string gemm_tuning_path();

// The file that holds these classes; each line may end in a remark.
struct KeptTuning {
  GemmTuned tuned;
  std::string remark;  // one line, for people
};
[[nodiscard]] std::string gemm_tuning_text(const std::vector<KeptTuning>& kept);

// What such a file holds. Throws, saying why, where it can't be used here.
[[nodiscard]] std::vector<KeptTuning> gemm_tuning_in(std::string_view text);

// Where the table in use came from.
struct TuningState {
  std::string path;
  std::string reason;  // why the file is not used; empty where it is, or where there is none
  std::int64_t classes;
};

// Reads the file unless that was done, or a table was set.
TuningState load_gemm_tuning();

}  // namespace assay
