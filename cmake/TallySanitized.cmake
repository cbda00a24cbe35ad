# What runs under sanitizers (presets asan-ubsan and tsan): the tests whose code is in processes of
# its own. The runtime and the plugins live in other programs' processes, which would have to be
# built with the same sanitizer, compiler included.
#
#   target tally_sanitized    builds what these tests need, beside bin/tally
#   file sanitized-tests      their names, as a regular expression for ctest -R
get_property(demo_tests GLOBAL PROPERTY TALLY_DEMO_PARTS_WITH_THREADS)
set(demo_program_tests demo_workers demo_orders)
if(CMAKE_C_FLAGS MATCHES "fsanitize=thread") # the only code that more than one thread runs
  set(sanitized_targets tally-demo-plain)
  set(sanitized_tests ${demo_program_tests})
  set(sanitized_directories unit/rt)
else()
  get_property(demo_others GLOBAL PROPERTY TALLY_DEMO_PARTS)
  list(APPEND demo_tests ${demo_others})
  set(sanitized_targets tally-demo-plain tally_wrapper)
  set(sanitized_tests ${demo_program_tests} wrapper.arguments wrapper.choice)
  set(sanitized_directories unit/pprof unit/rt unit/cli cli) # tests/fuzz has sanitizers of its own
endif()
list(TRANSFORM demo_tests PREPEND demo_)
list(APPEND sanitized_targets ${demo_tests})
list(APPEND sanitized_tests ${demo_tests})
foreach(directory IN LISTS sanitized_directories)
  set(directory ${PROJECT_SOURCE_DIR}/tests/${directory})
  if(EXISTS ${directory}/CMakeLists.txt)
    get_property(targets DIRECTORY ${directory} PROPERTY BUILDSYSTEM_TARGETS)
    get_property(tests DIRECTORY ${directory} PROPERTY TESTS)
    list(APPEND sanitized_tests ${tests})
    foreach(target IN LISTS targets)
      get_target_property(type ${target} TYPE)
      if(type STREQUAL "EXECUTABLE")
        list(APPEND sanitized_targets ${target})
      endif()
    endforeach()
  endif()
endforeach()

# rt_memory_limit sets RLIMIT_AS, and AddressSanitizer needs terabytes of address space. rt_ends dies
# of signals on purpose, which the sanitizers take for errors of their own to report.
list(REMOVE_ITEM sanitized_tests rt_memory_limit rt_ends)

add_custom_target(tally_sanitized DEPENDS ${sanitized_targets})
list(JOIN sanitized_tests "|" sanitized_tests)
string(REPLACE "." "[.]" sanitized_tests "${sanitized_tests}")
file(WRITE ${PROJECT_BINARY_DIR}/sanitized-tests "^(${sanitized_tests})$\n")
