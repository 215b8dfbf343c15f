// Memory of other libraries as arrays, and arrays as theirs: the buffer protocol and DLPack.
#pragma once

#include "object.h"

namespace assay::python {

// Shares the memory of an object with the buffer protocol. Throws TypeError for elements that arrays don't have.
[[nodiscard]] Owned array_from_buffer(PyObject& exporter);

// A capsule "dltensor", or "dltensor_versioned" of DLPack 1.
[[nodiscard]] Owned array_to_capsule(ArrayObject& array, bool versioned, bool is_copy);
// Takes the tensor out of a capsule of either kind.
[[nodiscard]] Owned array_from_capsule(PyObject& capsule);

}  // namespace assay::python
