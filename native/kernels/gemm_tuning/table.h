// The table of tuned classes, for those who fill it.
#pragma once

#include <span>

#include "assay/kernels/tuning/classes.h"

namespace assay {

// Throw where a value is out of its range, or there are too many.
void require_tuned(const GemmTuned& tuned);
void require_table(std::span<const GemmTuned> tuned);

// Replaces what is there by a table that is as required. Takes no lock.
void fill_table(std::span<const GemmTuned> tuned);

}  // namespace assay
