# What runs under sanitizers (presets asan-ubsan and tsan): the tests whose code is in processes of
# its own. The runtime and the plugins live in other programs' processes, which would have to be
# built with the same sanitizer, compiler included.
#
#   target tally_sanitized    builds what these tests need, beside bin/tally
#   file sanitized-tests      their names, as a regular expression for ctest -R
if(CMAKE_C_FLAGS MATCHES "fsanitize=thread") # the only code that more than one thread runs
  set(sanitized_targets demo_lru_cache demo_document_store demo_processors_agree demo_channel
                        demo_worker_pool demo_wait_group demo_document_pool demo_documents_run
                        demo_order_pool)
  set(sanitized_tests ${sanitized_targets})
  set(sanitized_directories unit/rt)
else()
  set(demo_tests demo_common demo_heap_capture demo_lru_cache demo_processor_steps demo_document_store
                 demo_document_sources demo_document_processor demo_processors_agree demo_channel
                 demo_worker_pool demo_multiset_digest demo_bench demo_wait_group demo_document_pool
                 demo_documents_run
                 demo_order_validation demo_order_pricing demo_order_queue demo_order_pool demo_orders_agree)
  set(sanitized_targets tally_wrapper ${demo_tests})
  set(sanitized_tests wrapper.arguments wrapper.choice ${demo_tests})
  set(sanitized_directories unit/pprof unit/rt unit/cli cli) # tests/fuzz has sanitizers of its own
endif()
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
