#define Py_LIMITED_API 0x030b0000
#include <Python.h>

#include "layout.h"

Layout their_layout() {
#include "entries.inc"
}
