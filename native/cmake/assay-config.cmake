# find_package(assay) leads here; projects link assay::vgpu.
if(CMAKE_VERSION VERSION_LESS 3.24)
  set(assay_FOUND FALSE)
  set(assay_NOT_FOUND_MESSAGE "assay needs CMake 3.24 or newer; this is ${CMAKE_VERSION}")
  return()
endif()

include(CMakeFindDependencyMacro)
find_dependency(Threads)
include("${CMAKE_CURRENT_LIST_DIR}/assay-targets.cmake")

# Kernels register themselves: no symbol asks for their objects, so the linker must be told to take them all.
if(NOT TARGET assay::vgpu)
  add_library(assay::vgpu INTERFACE IMPORTED)
  target_link_libraries(assay::vgpu INTERFACE "$<LINK_LIBRARY:WHOLE_ARCHIVE,assay::archive>")
endif()
