#include "assay/kernels/decoder/steps.h"

namespace assay {
namespace {

template <class Function>
Function at(const char* name, Rung rung) {
  return function_of<Function>(kernel_at("decoder", name, rung));
}

template <class Function>
Function best(const char* name) {
  return function_of<Function>(best_kernel("decoder", name));
}

}  // namespace

void normalise(const NormCall& call) {
  static const auto function = best<Norm>("normalise");
  function(call);
}

void rotate(const RotateCall& call) {
  static const auto function = best<Rotate>("rotate");
  function(call);
}

void apply_gate(const GateCall& call) {
  static const auto function = best<ApplyGate>("apply_gate");
  function(call);
}

void attend(const AttendCall& call) {
  static const auto function = best<Attend>("attend");
  function(call);
}

void normalise(const NormCall& call, Rung rung) { at<Norm>("normalise", rung)(call); }
void rotate(const RotateCall& call, Rung rung) { at<Rotate>("rotate", rung)(call); }
void apply_gate(const GateCall& call, Rung rung) { at<ApplyGate>("apply_gate", rung)(call); }
void attend(const AttendCall& call, Rung rung) { at<Attend>("attend", rung)(call); }

}  // namespace assay
