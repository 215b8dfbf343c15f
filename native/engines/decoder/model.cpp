#include "model.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "assay/core/error.h"

namespace assay::decoder {
namespace {

using MatrixName = std::pair<std::string_view, Matrix Layer::*>;
using NetworkName = std::pair<std::string_view, Matrix Network::*>;
using VectorName = std::pair<std::string_view, Vector Layer::*>;

constexpr std::array MATRICES{MatrixName{"q", &Layer::q}, MatrixName{"k", &Layer::k}, MatrixName{"v", &Layer::v},
                              MatrixName{"o", &Layer::o}, MatrixName{"router", &Layer::router}};
constexpr std::array NETWORKS{NetworkName{"gate", &Network::gate}, NetworkName{"up", &Network::up},
                              NetworkName{"down", &Network::down}};
constexpr std::array VECTORS{
    VectorName{"attention_norm", &Layer::attention_norm},
    VectorName{"ffn_norm", &Layer::ffn_norm},
    VectorName{"q_norm", &Layer::q_norm},
    VectorName{"k_norm", &Layer::k_norm},
    VectorName{"q_bias", &Layer::q_bias},
    VectorName{"k_bias", &Layer::k_bias},
    VectorName{"v_bias", &Layer::v_bias},
    VectorName{"o_bias", &Layer::o_bias},
    VectorName{"gate_bias", &Layer::gate_bias},
    VectorName{"up_bias", &Layer::up_bias},
    VectorName{"down_bias", &Layer::down_bias},
};

[[noreturn]] void refuse_name(std::string_view name) {
  throw Error(ErrorKind::usage, "decoder: there is no weight '" + std::string(name) + "' at this place");
}

[[noreturn]] void refuse_shape(const std::string& what) { throw Error(ErrorKind::usage, "decoder: " + what); }

std::string place_of(std::size_t layer, std::string_view name) {
  return "layer " + std::to_string(layer) + ": " + std::string(name);
}

void require_matrix(const Matrix& matrix, std::int64_t outputs, std::int64_t inputs, const std::string& what) {
  if (matrix.empty()) {
    refuse_shape(what + " is missing; give every weight");
  }
  if (matrix.outputs() != outputs || matrix.inputs() != inputs) {
    refuse_shape(what + " is " + std::to_string(matrix.outputs()) + " x " + std::to_string(matrix.inputs()) +
                 ", where the shape says " + std::to_string(outputs) + " x " + std::to_string(inputs));
  }
}

void require_vector(const Vector& vector, std::int64_t length, bool may_lack, const std::string& what) {
  if (vector.empty() ? !may_lack : static_cast<std::int64_t>(vector.size()) != length) {
    refuse_shape(what + " has " + std::to_string(vector.size()) + " elements, not " + std::to_string(length));
  }
}

}  // namespace

Model::Model(DecoderShape of) : shape(std::move(of)), layers(shape.windows.size()) {
  for (Layer& layer : layers) {
    layer.networks.resize(static_cast<std::size_t>(std::max<std::int64_t>(shape.experts, 1)));
  }
}

Matrix& Model::matrix(std::int64_t layer, std::int64_t expert, std::string_view name) {
  if (layer < 0 && name == "lm_head") {
    return lm_head;
  }
  if (layer < 0 || layer >= static_cast<std::int64_t>(layers.size())) {
    refuse_name(name);
  }
  Layer& of = layers[static_cast<std::size_t>(layer)];
  for (const auto& [known, member] : MATRICES) {
    if (known == name) {
      return of.*member;
    }
  }
  for (const auto& [known, member] : NETWORKS) {
    if (known == name && expert >= 0 && expert < static_cast<std::int64_t>(of.networks.size())) {
      return of.networks[static_cast<std::size_t>(expert)].*member;
    }
  }
  refuse_name(name);
}

Vector& Model::vector(std::int64_t layer, std::string_view name) {
  if (layer < 0 && name == "norm") {
    return norm;
  }
  for (const auto& [known, member] : VECTORS) {
    if (known == name && layer >= 0 && layer < static_cast<std::int64_t>(layers.size())) {
      return layers[static_cast<std::size_t>(layer)].*member;
    }
  }
  refuse_name(name);
}

void Model::require_layer(std::size_t index) const {
  const Layer& layer = layers[index];
  const std::int64_t q = shape.heads * shape.head_dim;
  const std::int64_t kv = shape.kv_heads * shape.head_dim;
  require_matrix(layer.q, q, shape.hidden, place_of(index, "q"));
  require_matrix(layer.k, kv, shape.hidden, place_of(index, "k"));
  require_matrix(layer.v, kv, shape.hidden, place_of(index, "v"));
  require_matrix(layer.o, shape.hidden, q, place_of(index, "o"));
  const bool routed = !layer.router.empty();
  if (routed) {
    require_matrix(layer.router, shape.experts, shape.hidden, place_of(index, "router"));
  }
  const std::int64_t width = routed ? shape.expert_ffn : shape.ffn;
  for (std::size_t expert = 0; expert < (routed ? layer.networks.size() : 1); ++expert) {
    const Network& network = layer.networks[expert];
    if (shape.gated) {
      require_matrix(network.gate, width, shape.hidden, place_of(index, "gate"));
    }
    require_matrix(network.up, width, shape.hidden, place_of(index, "up"));
    require_matrix(network.down, shape.hidden, width, place_of(index, "down"));
  }
  require_vector(layer.attention_norm, shape.hidden, false, place_of(index, "attention_norm"));
  require_vector(layer.ffn_norm, shape.hidden, false, place_of(index, "ffn_norm"));
  require_vector(layer.q_norm, shape.head_dim, true, place_of(index, "q_norm"));
  require_vector(layer.k_norm, shape.head_dim, true, place_of(index, "k_norm"));
  require_vector(layer.q_bias, q, true, place_of(index, "q_bias"));
  require_vector(layer.k_bias, kv, true, place_of(index, "k_bias"));
  require_vector(layer.v_bias, kv, true, place_of(index, "v_bias"));
  require_vector(layer.o_bias, shape.hidden, true, place_of(index, "o_bias"));
  require_vector(layer.gate_bias, width, true, place_of(index, "gate_bias"));
  require_vector(layer.up_bias, width, true, place_of(index, "up_bias"));
  require_vector(layer.down_bias, shape.hidden, true, place_of(index, "down_bias"));
}

void Model::require_whole() const {
  for (std::size_t index = 0; index < layers.size(); ++index) {
    require_layer(index);
  }
  require_vector(norm, shape.hidden, false, "norm");
  require_matrix(lm_head, shape.vocabulary, shape.hidden, "lm_head");
  if (embedding.data == nullptr || embedding.rows < shape.vocabulary || embedding.columns != shape.hidden) {
    refuse_shape("embeddings of " + std::to_string(shape.vocabulary) + " x " + std::to_string(shape.hidden) +
                 " are missing");
  }
}

std::int64_t Model::bytes() const {
  std::int64_t sum = lm_head.bytes();
  for (const Layer& layer : layers) {
    for (const auto& [name, member] : MATRICES) {
      sum += (layer.*member).bytes();
    }
    for (const Network& network : layer.networks) {
      sum += network.gate.bytes() + network.up.bytes() + network.down.bytes();
    }
  }
  return sum;
}

}  // namespace assay::decoder
