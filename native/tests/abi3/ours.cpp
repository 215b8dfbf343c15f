#include "abi3.h"
#include "layout.h"

using namespace assay::python;

Layout our_layout() {
#include "entries.inc"
}
