// Every operand lies against a page that faults: sanitizers don't see what hand-written assembly touches.

#include <doctest/doctest.h>
#include <sys/mman.h>

#include <cstring>
#include <initializer_list>

#include "assay/kernels/gemm.h"

namespace assay {
namespace {

constexpr std::size_t PAGE = 4096;

// `bytes` bytes whose end, or whose start, is the end or start of what may be touched.
class Guarded {
 public:
  Guarded(std::size_t bytes, bool at_end) : pages_((bytes + PAGE - 1) / PAGE * PAGE + 2 * PAGE) {
    base_ = static_cast<std::byte*>(mmap(nullptr, pages_, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    REQUIRE(base_ != MAP_FAILED);
    REQUIRE(mprotect(base_ + PAGE, pages_ - 2 * PAGE, PROT_READ | PROT_WRITE) == 0);
    data_ = at_end ? base_ + pages_ - PAGE - bytes : base_ + PAGE;
    std::memset(data_, 0, bytes);
  }
  ~Guarded() { munmap(base_, pages_); }
  Guarded(const Guarded&) = delete;
  Guarded& operator=(const Guarded&) = delete;
  [[nodiscard]] std::byte* data() const { return data_; }

 private:
  std::size_t pages_;
  std::byte* base_;
  std::byte* data_;
};

struct Sizes {
  GemmType type;
  std::string_view kernel;
  std::size_t element;
  std::size_t result;
};

constexpr Sizes TYPES[] = {
    {GemmType::f64, "multiply_f64", 8, 8},   {GemmType::f32, "multiply_f32", 4, 4},
    {GemmType::bf16, "multiply_bf16", 2, 4}, {GemmType::i8, "multiply_i8", 1, 4},
    {GemmType::f16, "multiply_f16", 2, 4},
};

struct Shape {
  std::int64_t m, n, k;
};

MatrixView view_of(const Guarded& memory, std::int64_t rows, std::int64_t columns, bool turned) {
  return {memory.data(), turned ? 1 : columns, turned ? rows : 1};
}

std::size_t bytes_of(std::int64_t rows, std::int64_t columns, std::size_t element) {
  return static_cast<std::size_t>(rows * columns) * element;
}

void multiply_guarded(const Sizes& sizes, const Shape& shape, Rung rung, int variant) {
  const bool at_end = (variant & 1) != 0;
  const Guarded a(bytes_of(shape.m, shape.k, sizes.element), at_end);
  const Guarded b(bytes_of(shape.k, shape.n, sizes.element), at_end);
  const Guarded c(bytes_of(shape.m, shape.n, sizes.result), at_end);
  gemm({.type = sizes.type,
        .m = shape.m,
        .n = shape.n,
        .k = shape.k,
        .a = view_of(a, shape.m, shape.k, (variant & 2) != 0),
        .b = view_of(b, shape.k, shape.n, (variant & 4) != 0),
        .c = c.data(),
        .c_row = shape.n,
        .beta = (variant & 8) != 0 ? 1.0 : 0.0},
       rung);
}

TEST_CASE("nothing outside the operands is touched") {
  for (const Sizes& sizes : TYPES) {
    for (const Kernel* kernel : kernels()) {
      if (kernel->name != sizes.kernel || !runs_on(kernel->rung, detected_isa())) {
        continue;
      }
      for (const Shape& shape : {Shape{1, 1, 1}, Shape{3, 5, 7}, Shape{16, 16, 16}, Shape{14, 32, 8}, Shape{17, 33, 65},
                                 Shape{128, 9, 40}, Shape{90, 100, 129}, Shape{1, 70, 600}, Shape{140, 65, 550}}) {
        for (int variant = 0; variant < 16; ++variant) {
          multiply_guarded(sizes, shape, kernel->rung, variant);
        }
      }
    }
  }
}

}  // namespace
}  // namespace assay
