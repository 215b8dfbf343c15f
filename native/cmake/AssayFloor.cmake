# What every floor of the native core is compiled with.
add_library(assay_settings INTERFACE)
target_compile_features(assay_settings INTERFACE cxx_std_20)
# Contraction off: a result must not depend on whether the compiler found a multiply to fuse.
target_compile_options(assay_settings INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wnon-virtual-dtor
                                                -Woverloaded-virtual -ffp-contract=off -fno-math-errno)
if(ASSAY_WERROR)
  target_compile_options(assay_settings INTERFACE -Werror)
endif()
if(ASSAY_SANITIZE)
  target_compile_options(assay_settings INTERFACE -fsanitize=${ASSAY_SANITIZE} -fno-sanitize-recover=all
                                                  -fno-omit-frame-pointer -g)
  target_link_options(assay_settings INTERFACE -fsanitize=${ASSAY_SANITIZE})
endif()
# Lines of the core are counted, not those of its tests.
add_library(assay_counted INTERFACE)
if(ASSAY_COVERAGE)
  target_compile_options(assay_counted INTERFACE --coverage -fprofile-update=atomic)
  target_link_options(assay_settings INTERFACE --coverage)
endif()

# What most files include takes longer to read than they do: read once. Files for other instruction sets can't share it.
set(assay_common_headers <algorithm> <array> <atomic> <functional> <memory> <mutex> <optional> <span> <string> <vector>)
function(assay_share_headers target first)
  if(ASSAY_PRECOMPILED AND target STREQUAL first)
    target_precompile_headers(${target} PRIVATE ${assay_common_headers} ${ARGN})
  elseif(ASSAY_PRECOMPILED)
    target_precompile_headers(${target} REUSE_FROM ${first})
  endif()
endfunction()

# assay_floor(<name> SOURCES <file>... ABOVE <floor>...): objects whose headers only higher floors can include.
function(assay_floor name)
  cmake_parse_arguments(PARSE_ARGV 1 floor "" "" "SOURCES;ABOVE")
  add_library(assay_${name} OBJECT ${floor_SOURCES})
  target_include_directories(assay_${name} PUBLIC include)
  target_link_libraries(assay_${name} PRIVATE assay_settings assay_counted)
  assay_share_headers(assay_${name} assay_core)
  foreach(below IN LISTS floor_ABOVE)
    target_link_libraries(assay_${name} PUBLIC assay_${below})
  endforeach()
endfunction()
