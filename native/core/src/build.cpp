#include "assay/core/build.h"

#define ASSAY_TEXT_OF(value) #value
#define ASSAY_TEXT(value) ASSAY_TEXT_OF(value)

namespace assay {

std::string_view compiler() noexcept {
#if defined(__clang__)
  return "clang " ASSAY_TEXT(__clang_major__) "." ASSAY_TEXT(__clang_minor__) "." ASSAY_TEXT(__clang_patchlevel__);
#elif defined(__GNUC__)
  return "gcc " ASSAY_TEXT(__GNUC__) "." ASSAY_TEXT(__GNUC_MINOR__) "." ASSAY_TEXT(__GNUC_PATCHLEVEL__);
#else
  return "unknown";
#endif
}

}  // namespace assay
