# cmake -DNPM=… -DDIRECTORY=… -DOMITTED=dev|"" -DFILES="package.json;package-lock.json" -P …
# Installs what the lock file says, nothing else, and runs no package's scripts.
file(MAKE_DIRECTORY ${DIRECTORY})
file(COPY ${FILES} DESTINATION ${DIRECTORY})
set(options --ignore-scripts --prefer-offline --no-audit --no-fund --fetch-retries=1 --loglevel=error)
if(OMITTED)
  list(APPEND options --omit=${OMITTED})
endif()
execute_process(COMMAND ${NPM} ci ${options} WORKING_DIRECTORY ${DIRECTORY} RESULT_VARIABLE status
                OUTPUT_VARIABLE output ERROR_VARIABLE output)
if(NOT status EQUAL 0)
  message(FATAL_ERROR "${output}\n"
    "The packages of the page of `tally report` could not be installed from npm's registry. "
    "To build without `tally report`, configure with -DTALLY_REPORT=OFF.")
endif()
