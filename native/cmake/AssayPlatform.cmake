# Enables C++ and sets `obstacle` to the sentence that says why the native core can't be built here, or to nothing.
include(CheckLanguage)
set(obstacle "")

check_language(CXX)
if(CMAKE_CXX_COMPILER)
  enable_language(CXX)
  if((CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 11)
     OR (CMAKE_CXX_COMPILER_ID MATCHES "Clang" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 14))
    set(obstacle "${CMAKE_CXX_COMPILER_ID} ${CMAKE_CXX_COMPILER_VERSION} is too old for C++20. "
                 "Install gcc 11 or clang 14, or newer, and set CXX.")
    string(CONCAT obstacle ${obstacle})
  endif()
else()
  set(obstacle "there is no working C++ compiler. Install one (Debian: apt install g++) or set CXX.")
endif()

if(ASSAY_PYTHON)
  find_package(Python 3.11 COMPONENTS Interpreter REQUIRED)
  execute_process(
    COMMAND "${Python_EXECUTABLE}" -c "import sysconfig; print(sysconfig.get_config_var('Py_GIL_DISABLED') or 0)"
    OUTPUT_VARIABLE free_threaded OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
  if(free_threaded)
    set(obstacle "this is a free-threaded Python, which has no stable ABI. Use a Python with the GIL.")
  endif()
endif()
