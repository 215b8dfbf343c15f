# The C++ API for other projects: one static library of all floors, their headers, and what find_package(assay) reads.
# In a wheel it lies inside the Python package, which tells where: python -m assay.vgpu --cmake-dir
include(CMakePackageConfigHelpers)
include(GNUInstallDirs)
find_package(Threads REQUIRED)

set(cpp_root "")
if(SKBUILD)
  set(cpp_root assay/vgpu/cpp/)
  set(CMAKE_INSTALL_LIBDIR lib)
  set(CMAKE_INSTALL_INCLUDEDIR include)
endif()
set(package_folder "${cpp_root}${CMAKE_INSTALL_LIBDIR}/cmake/assay")
set(header_folder "${cpp_root}${CMAKE_INSTALL_INCLUDEDIR}")

set(floors core runtime kernels engines)
list(TRANSFORM floors REPLACE "(.+)" "$<TARGET_OBJECTS:assay_\\1>" OUTPUT_VARIABLE objects)
add_library(assay_archive STATIC ${objects})
set_target_properties(assay_archive PROPERTIES OUTPUT_NAME assay_vgpu EXPORT_NAME archive)
target_compile_features(assay_archive INTERFACE cxx_std_20)
target_include_directories(assay_archive INTERFACE "$<INSTALL_INTERFACE:${header_folder}>")
target_link_libraries(assay_archive INTERFACE Threads::Threads ${CMAKE_DL_LIBS})

configure_file("${CMAKE_CURRENT_LIST_DIR}/assay-config.cmake" assay-config.cmake COPYONLY)
write_basic_package_version_file(assay-config-version.cmake COMPATIBILITY SameMinorVersion)
install(TARGETS assay_archive EXPORT assay ARCHIVE DESTINATION "${cpp_root}${CMAKE_INSTALL_LIBDIR}" COMPONENT cpp)
install(EXPORT assay NAMESPACE assay:: FILE assay-targets.cmake DESTINATION "${package_folder}" COMPONENT cpp)
install(FILES "${CMAKE_CURRENT_BINARY_DIR}/assay-config.cmake" "${CMAKE_CURRENT_BINARY_DIR}/assay-config-version.cmake"
        DESTINATION "${package_folder}" COMPONENT cpp)
foreach(floor IN LISTS floors)
  install(DIRECTORY ${floor}/include/ DESTINATION "${header_folder}" COMPONENT cpp FILES_MATCHING PATTERN "*.h")
endforeach()
