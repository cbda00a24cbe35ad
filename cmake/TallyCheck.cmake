#[[
tally_check_test(NAME <name> TARGET <executable> [ARGS <argument>...]
                 [BASELINE <directory>] [BUDGET <file>] [ALLOW <reason>...]
                 [SETTINGS <key=value>...] [OPTIONS <option>...] [WORKING_DIRECTORY <directory>])

Adds a test that runs the instrumented <executable> and has `tally check` judge what it counted:

  test   <name>.run      runs it; the profile is tally/<name>.tally in the build directory
  test   <name>          checks the profile against BASELINE, BUDGET or both
  target <name>.update   runs it and makes what was seen the new baseline and budget

  BASELINE, BUDGET    as of `tally check`; relative ones are in the source directory
  ALLOW               reasons of `tally check --allow`
  SETTINGS            of the run, as in TALLY_OPTIONS; default: timing=off, since counts are judged.
                      Budgets with limits of wall need timing=exact
  OPTIONS             more options of `tally check`, such as --markdown FILE
  WORKING_DIRECTORY   of the run; default: the source directory, so that arguments can be relative
                      and a baseline made in one checkout is good for others
#]]

function(tally_check_test)
  cmake_parse_arguments(PARSE_ARGV 0 ARG "" "NAME;TARGET;BASELINE;BUDGET;WORKING_DIRECTORY"
    "ARGS;ALLOW;SETTINGS;OPTIONS")
  _tally_check_arguments()
  set(directory "${CMAKE_CURRENT_BINARY_DIR}/tally")
  set(profile "${directory}/${ARG_NAME}.tally")
  if(profile MATCHES "[:%]")
    message(FATAL_ERROR "tally_check_test: ${profile}: the path of a profile cannot have : or %")
  endif()
  file(MAKE_DIRECTORY "${directory}")
  list(JOIN ARG_SETTINGS ":" settings)
  set(run ${CMAKE_COMMAND} -E env "TALLY_OPTIONS=${settings}:out=${profile}"
    $<TARGET_FILE:${ARG_TARGET}> ${ARG_ARGS})
  _tally_check_command(check)

  add_test(NAME ${ARG_NAME}.run COMMAND ${run} WORKING_DIRECTORY "${ARG_WORKING_DIRECTORY}")
  add_test(NAME ${ARG_NAME} COMMAND ${check} "${profile}"
    WORKING_DIRECTORY "${CMAKE_CURRENT_BINARY_DIR}")
  set_tests_properties(${ARG_NAME}.run PROPERTIES FIXTURES_SETUP ${ARG_NAME}.tally)
  set_tests_properties(${ARG_NAME} PROPERTIES FIXTURES_REQUIRED ${ARG_NAME}.tally)
  add_custom_target(${ARG_NAME}.update
    COMMAND ${CMAKE_COMMAND} -E chdir "${ARG_WORKING_DIRECTORY}" ${run}
    COMMAND ${check} --update "${profile}"
    VERBATIM)
endfunction()

# Checks what was given and fills in what was not; of the function that calls it.
macro(_tally_check_arguments)
  if(ARG_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "tally_check_test: unknown arguments: ${ARG_UNPARSED_ARGUMENTS}")
  endif()
  if(NOT ARG_NAME)
    message(FATAL_ERROR "tally_check_test: NAME is missing")
  endif()
  if(NOT TARGET "${ARG_TARGET}")
    message(FATAL_ERROR "tally_check_test: there is no target '${ARG_TARGET}'")
  endif()
  if(NOT ARG_BASELINE AND NOT ARG_BUDGET)
    message(FATAL_ERROR "tally_check_test: BASELINE, BUDGET or both are needed")
  endif()
  if(NOT ARG_SETTINGS)
    set(ARG_SETTINGS timing=off)
  endif()
  if(NOT ARG_WORKING_DIRECTORY)
    set(ARG_WORKING_DIRECTORY "${CMAKE_CURRENT_SOURCE_DIR}")
  endif()
  foreach(path BASELINE BUDGET)
    if(ARG_${path})
      get_filename_component(ARG_${path} "${ARG_${path}}" ABSOLUTE)
    endif()
  endforeach()
endmacro()

# The command but for the profile, into `out`; of the function that calls it.
macro(_tally_check_command out)
  set(${out} "${TALLY_COMMAND}" check ${ARG_OPTIONS})
  foreach(option BASELINE BUDGET)
    if(ARG_${option})
      string(TOLOWER ${option} lower)
      list(APPEND ${out} --${lower} "${ARG_${option}}")
    endif()
  endforeach()
  if(ARG_ALLOW)
    list(JOIN ARG_ALLOW "," reasons)
    list(APPEND ${out} --allow ${reasons})
  endif()
endmacro()
