// The methods of the module, one subject a file: a file that makes a Methods object adds its methods, and no list
// elsewhere names it.
#pragma once

#include <initializer_list>
#include <vector>

#include "bind.h"

namespace assay::python {

// Every method of the module, in no order. Complete once the module is loaded.
[[nodiscard]] std::vector<PyMethodDef>& all_methods();

// Made once, at load, by the file that binds a subject: static const Methods methods{bind<&f, "f">("..."), ...};
struct Methods {
  Methods(std::initializer_list<PyMethodDef> methods) {
    all_methods().insert(all_methods().end(), methods.begin(), methods.end());
  }
};

}  // namespace assay::python
