// Objects that Python names by a number. Used with the GIL held, which is its lock.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>

#include "assay/core/error.h"

namespace assay::python {

template <class T>
class Table {
 public:
  explicit Table(const char* what) : what_(what) {}

  std::int64_t add(std::shared_ptr<T> object) {
    objects_.emplace(++last_, std::move(object));
    return last_;
  }

  [[nodiscard]] const std::shared_ptr<T>& at(std::int64_t handle) const {
    const auto found = objects_.find(handle);
    if (found == objects_.end()) {
      throw Error(ErrorKind::usage, std::string("the ") + what_ + " is closed; make another one");
    }
    return found->second;
  }

  // Null where there is none.
  std::shared_ptr<T> take(std::int64_t handle) {
    const auto found = objects_.find(handle);
    if (found == objects_.end()) {
      return nullptr;
    }
    std::shared_ptr<T> object = std::move(found->second);
    objects_.erase(found);
    return object;
  }

 private:
  const char* const what_;
  std::int64_t last_ = 0;
  std::unordered_map<std::int64_t, std::shared_ptr<T>> objects_;
};

}  // namespace assay::python
