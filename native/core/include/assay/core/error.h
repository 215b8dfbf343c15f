// The one exception type of the native core.
#pragma once

#include <stdexcept>
#include <string>

namespace assay {

enum class ErrorKind {
  usage,        // the caller passed a value that can't be right anywhere
  type,         // the same of a type of elements
  unavailable,  // the value is fine, but this machine or build can't do it
  memory,       // no tier has room
  storage,      // a file could not be read or written
};

// The message starts with the operation and ends in what to do.
class Error : public std::runtime_error {
 public:
  Error(ErrorKind kind, const std::string& message) : std::runtime_error(message), kind_(kind) {}

  [[nodiscard]] ErrorKind kind() const noexcept { return kind_; }

 private:
  ErrorKind kind_;
};

}  // namespace assay
