#[[
tally_instrument(<target> [OPTIONS <key=value>...])

Compiles the C and C++ sources of <target> so that Tally counts and times their calls, and links the
runtime to it. For a library the runtime becomes a part of what its users link.

  clang   by the plugin that Tally has for its version; OPTIONS are the plugin's
          (exclude=GLOB, exclude-file=GLOB, alloc=GLOB:size=N, ...)
  gcc     by -finstrument-functions; of the OPTIONS only exclude=NAME and exclude-file=NAME exist,
          where NAME may also be written *NAME*

It is an error if the compiler of an enabled language is neither, or a clang without a plugin.
find_package(Tally) defines this function and TALLY_PLUGIN_DIRECTORY, the place of the plugins.
#]]

function(tally_instrument target)
  cmake_parse_arguments(PARSE_ARGV 1 ARG "" "" "OPTIONS")
  if(ARG_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "tally_instrument: unknown arguments: ${ARG_UNPARSED_ARGUMENTS}")
  endif()
  if(NOT TARGET ${target})
    message(FATAL_ERROR "tally_instrument: there is no target ${target}")
  endif()
  get_property(languages GLOBAL PROPERTY ENABLED_LANGUAGES)
  foreach(language C CXX)
    if(language IN_LIST languages)
      _tally_compile_options(${language} options ${ARG_OPTIONS})
      foreach(option IN LISTS options)
        target_compile_options(${target} PRIVATE "$<$<COMPILE_LANGUAGE:${language}>:${option}>")
      endforeach()
    endif()
  endforeach()
  _tally_link_runtime(${target})
endfunction()

# Set as properties: target_link_libraries refuses to be called with PRIVATE here when the project
# calls it without.
function(_tally_link_runtime target)
  get_target_property(type ${target} TYPE)
  if(type MATCHES "STATIC_LIBRARY|OBJECT_LIBRARY")
    set_property(TARGET ${target} APPEND PROPERTY
      INTERFACE_LINK_LIBRARIES "$<LINK_ONLY:Tally::tally>")
  else()
    set_property(TARGET ${target} APPEND PROPERTY LINK_LIBRARIES Tally::tally)
  endif()
  if(NOT type STREQUAL "INTERFACE_LIBRARY")
    target_include_directories(${target} PRIVATE
      "$<TARGET_PROPERTY:Tally::tally,INTERFACE_INCLUDE_DIRECTORIES>")
  endif()
endfunction()

# _tally_compile_options(<language> <out-var> [key=value...])
function(_tally_compile_options language out)
  if(CMAKE_${language}_COMPILER_ID STREQUAL "Clang")
    _tally_clang_options(${language} options ${ARGN})
  elseif(CMAKE_${language}_COMPILER_ID STREQUAL "GNU")
    _tally_gcc_options(options ${ARGN})
  else()
    message(FATAL_ERROR "tally_instrument: the ${language} compiler is "
      "${CMAKE_${language}_COMPILER_ID}; Tally works with Clang and GNU")
  endif()
  set(${out} "${options}" PARENT_SCOPE)
endfunction()

function(_tally_clang_options language out)
  string(REGEX MATCH "^[0-9]+" version "${CMAKE_${language}_COMPILER_VERSION}")
  set(plugin "${TALLY_PLUGIN_DIRECTORY}/llvm-${version}/tally.so")
  if(NOT EXISTS "${plugin}")
    message(FATAL_ERROR "tally_instrument: the ${language} compiler is Clang ${version}, for which "
      "Tally has no plugin: there is no ${plugin}")
  endif()
  set(options "-fplugin=${plugin}")
  if(language STREQUAL "CXX" AND version LESS 19) # see cli/wrapper/compose.c
    list(APPEND options "SHELL:-Xclang -mno-constructor-aliases")
  endif()
  foreach(option IN LISTS ARGN)
    list(APPEND options "-fplugin-arg-tally-${option}")
  endforeach()
  set(${out} "${options}" PARENT_SCOPE)
endfunction()

# gcc's lists are of substrings: *NAME* says what it does, NAME is taken for the same.
function(_tally_gcc_options out)
  set(options -finstrument-functions)
  foreach(option IN LISTS ARGN)
    if(NOT option MATCHES "^(exclude|exclude-file)=([*]?)([^]*?{}[,\\]+)([*]?)$" OR
        NOT CMAKE_MATCH_2 STREQUAL CMAKE_MATCH_4)
      message(FATAL_ERROR "tally_instrument: OPTIONS ${option}: with gcc, only exclude=NAME and "
        "exclude-file=NAME can be used, NAME being plain or *NAME*")
    endif()
    set(name "${CMAKE_MATCH_3}")
    if(CMAKE_MATCH_1 STREQUAL "exclude")
      list(APPEND options "-finstrument-functions-exclude-function-list=${name}")
    else()
      list(APPEND options "-finstrument-functions-exclude-file-list=${name}")
    endif()
  endforeach()
  set(${out} "${options}" PARENT_SCOPE)
endfunction()
