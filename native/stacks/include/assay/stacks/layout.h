// Where the fields of one version of CPython lie, in bytes from the start of their structure.
#pragma once

#include <cstdint>

namespace assay::stacks {

// All are int64, so that a caller hands them over as one array in this order. -1: this version has no such field.
struct Layout {
  std::int64_t runtime_interpreters;
  std::int64_t interpreter_next;
  std::int64_t interpreter_threads;
  std::int64_t thread_next;
  std::int64_t thread_pthread;  // the C library's handle
  std::int64_t thread_native;   // the kernel's number; before 3.11 it is read out of the C library's structure
  std::int64_t thread_frame;    // the innermost frame, or the C frame that points at it
  std::int64_t cframe_frame;    // 3.11 and 3.12: from the C frame to the innermost frame
  std::int64_t frame_code;
  std::int64_t frame_previous;
  std::int64_t frame_instruction;
  std::int64_t frame_owner;
  std::int64_t instruction_unit;  // 0: the field is a pointer into the code; else an index of units of so many bytes
  std::int64_t owner_none;        // owner of a frame that belongs to no Python function; it is passed over
  std::int64_t code_name;
  std::int64_t code_filename;
  std::int64_t code_first_line;
  std::int64_t code_lines;
  std::int64_t code_instructions;
  std::int64_t text_ascii;     // first byte of a text that is ASCII
  std::int64_t text_compact;   // first byte of any other
  std::int64_t pthread_tid;    // the kernel's number in the C library's structure of a thread
  std::int64_t code_type;      // address of the type of code objects in the target; 0 where it is not known
  std::int64_t minor_version;  // only passed on: it says in which format a function's lines are
};

}  // namespace assay::stacks
