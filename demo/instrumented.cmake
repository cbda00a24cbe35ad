# tally_demo_add_instrumented(NAME OF PROGRAM LIBRARY...)
#
# Builds bin/NAME from the sources of the given targets, with their include directories and
# definitions, but with the build tree's tally-cc as the compiler: it is clang with the plugin,
# whatever compiler builds the rest. A change of the wrapper, a plugin or the runtime builds it
# anew. The target that does so is NAME itself.

# The options that CMake itself would compile PROGRAM with, as far as they are set by variables.
function(tally_demo_compile_options result)
  string(TOUPPER "${CMAKE_BUILD_TYPE}" configuration)
  separate_arguments(options UNIX_COMMAND "${CMAKE_C_FLAGS} ${CMAKE_C_FLAGS_${configuration}}")
  set(${result} -std=gnu${CMAKE_C_STANDARD} ${options} -g -fPIE -Wall -Wextra PARENT_SCOPE)
endfunction()

# What must be there before tally-cc can compile. A library or program among DEPENDS is also a file
# whose change is noticed; tally_plugins only names those that are.
function(tally_demo_compiler_files result)
  set(files tally_wrapper tally_plugins)
  get_target_property(plugins tally_plugins MANUALLY_ADDED_DEPENDENCIES)
  foreach(plugin IN LISTS plugins)
    if(TARGET ${plugin})
      get_target_property(plugin_type ${plugin} TYPE)
      if(plugin_type MATCHES "MODULE_LIBRARY|SHARED_LIBRARY")
        list(APPEND files ${plugin})
      endif()
    endif()
  endforeach()
  set(${result} ${files} PARENT_SCOPE)
endfunction()

function(tally_demo_add_instrumented name)
  cmake_parse_arguments(PARSE_ARGV 1 ARG "" "" "OF")
  list(GET ARG_OF 0 program)
  set(compiler ${CMAKE_RUNTIME_OUTPUT_DIRECTORY}/tally-cc)
  tally_demo_compile_options(options)
  tally_demo_compiler_files(compiler_files)
  # Includes and definitions of the program are those of its libraries too: they are PUBLIC there.
  set(includes $<TARGET_PROPERTY:${program},INCLUDE_DIRECTORIES>)
  set(definitions $<TARGET_PROPERTY:${program},COMPILE_DEFINITIONS>)

  set(objects "")
  foreach(target IN LISTS ARG_OF)
    get_target_property(sources ${target} SOURCES)
    foreach(source IN LISTS sources)
      cmake_path(ABSOLUTE_PATH source BASE_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR} OUTPUT_VARIABLE
                 path)
      set(object ${CMAKE_CURRENT_BINARY_DIR}/${name}.dir/${source}.o)
      cmake_path(GET object PARENT_PATH object_directory)
      file(MAKE_DIRECTORY ${object_directory})
      add_custom_command(
        OUTPUT ${object}
        COMMAND ${compiler} ${options} "-D$<JOIN:${definitions},;-D>" "-I$<JOIN:${includes},;-I>" -MD -MF
                ${object}.d -c ${path} -o ${object}
        DEPENDS ${path} ${compiler_files}
        DEPFILE ${object}.d
        COMMENT "Instrumenting ${source}"
        COMMAND_EXPAND_LISTS VERBATIM)
      list(APPEND objects ${object})
    endforeach()
  endforeach()

  set(binary ${CMAKE_RUNTIME_OUTPUT_DIRECTORY}/${name})
  add_custom_command(
    OUTPUT ${binary}
    COMMAND ${compiler} ${options} ${objects} -pie -o ${binary} ${PCRE2_LINK_LIBRARIES}
            ${LIBCRYPTO_LINK_LIBRARIES} ${JANSSON_LINK_LIBRARIES} -pthread
    DEPENDS ${objects} ${compiler_files} tally
    COMMENT "Linking instrumented ${name}"
    COMMAND_EXPAND_LISTS VERBATIM)
  add_custom_target(${name} ALL DEPENDS ${binary})
endfunction()
