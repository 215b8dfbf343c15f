// Weights of a decoder, by layer.
#pragma once

#include <string_view>
#include <vector>

#include "matrix.h"

namespace assay::decoder {

using Vector = std::vector<float>;

struct Network {
  Matrix gate, up, down;
};

struct Layer {
  Matrix q, k, v, o, router;
  std::vector<Network> networks;  // one, or the experts
  Vector attention_norm, ffn_norm, q_norm, k_norm;
  Vector q_bias, k_bias, v_bias, o_bias, gate_bias, up_bias, down_bias;
};

struct Model {
  explicit Model(DecoderShape of);

  // Throws Error where there is none of that name.
  [[nodiscard]] Matrix& matrix(std::int64_t layer, std::int64_t expert, std::string_view name);
  [[nodiscard]] Vector& vector(std::int64_t layer, std::string_view name);
  void require_whole() const;
  [[nodiscard]] std::int64_t bytes() const;

  DecoderShape shape;
  std::vector<Layer> layers;
  Vector norm;
  Matrix lm_head;
  WeightView embedding{.kind = WeightKind::f32, .rows = 0, .columns = 0, .data = nullptr};

 private:
  void require_layer(std::size_t index) const;
};

}  // namespace assay::decoder
