#include "reflect.h"

namespace assay {
namespace linalg {
namespace {

template <class T>
void qr_one(const Stack& stack, T* a, T* q, T* r, std::int64_t kept) {
  const Real<T> scale = scale_of(a, stack.rows * stack.columns);
  scale_all(a, stack.rows * stack.columns, scale);
  const Reflections<T> reflections(a, stack.rows, stack.columns);
  std::transform(a, a + kept * stack.columns, r, [scale](T x) { return x / scale; });
  std::fill_n(q, stack.rows * kept, T{});
  for (std::int64_t i = 0; i < kept; ++i) {
    q[i * kept + i] = T{1};
  }
  reflections.apply_to({q, kept}, kept);
}

}  // namespace
}  // namespace linalg

void qr(const Stack& stack, std::byte* a, std::byte* q, std::byte* r, std::int64_t kept) {
  linalg::with_field(stack.dtype, "qr", [&]<class T>(T) {
    linalg::for_each_matrix(stack, [&](std::int64_t i) {
      linalg::qr_one(stack, reinterpret_cast<T*>(a) + i * stack.rows * stack.columns,
                     reinterpret_cast<T*>(q) + i * stack.rows * kept,
                     reinterpret_cast<T*>(r) + i * kept * stack.columns, kept);
    });
  });
}

}  // namespace assay
