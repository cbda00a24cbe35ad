# What `cmake --install` puts where. Programs and plugins are installed by their own folders; this file
# does the rest. Everything finds the others relative to itself, so that an installation can be moved
# as a whole:
#
#   bin/      tally, tally-cc, tally-c++
#   lib/      libtally.so, libtally.a, tally/llvm-N/tally.so, cmake/Tally/, pkgconfig/tally.pc
#   include/  tally/tally.h and tally/abi.h
#   share/    doc/tally/
include(CMakePackageConfigHelpers)

set(TALLY_PLUGIN_INSTALL_DIRECTORY ${CMAKE_INSTALL_LIBDIR}/tally)
set(TALLY_CMAKE_INSTALL_DIRECTORY ${CMAKE_INSTALL_LIBDIR}/cmake/Tally)
set(TALLY_PKGCONFIG_INSTALL_DIRECTORY ${CMAKE_INSTALL_LIBDIR}/pkgconfig)

# ---- runtime and headers ----
install(TARGETS tally EXPORT TallyTargets
  LIBRARY
  INCLUDES DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(FILES ${CMAKE_ARCHIVE_OUTPUT_DIRECTORY}/libtally.a DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(FILES
  ${PROJECT_SOURCE_DIR}/rt/include/tally/tally.h
  ${PROJECT_SOURCE_DIR}/rt/include/tally/abi.h
  DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/tally)

# ---- find_package(Tally) ----
install(EXPORT TallyTargets NAMESPACE Tally:: DESTINATION ${TALLY_CMAKE_INSTALL_DIRECTORY})
configure_package_config_file(
  ${CMAKE_CURRENT_LIST_DIR}/TallyConfig.cmake.in ${PROJECT_BINARY_DIR}/cmake/TallyConfig.cmake
  INSTALL_DESTINATION ${TALLY_CMAKE_INSTALL_DIRECTORY}
  PATH_VARS CMAKE_INSTALL_INCLUDEDIR CMAKE_INSTALL_BINDIR CMAKE_INSTALL_LIBDIR TALLY_PLUGIN_INSTALL_DIRECTORY)
write_basic_package_version_file(${PROJECT_BINARY_DIR}/cmake/TallyConfigVersion.cmake
  COMPATIBILITY SameMinorVersion) # 0.x: a new minor version may change anything
install(FILES
  ${PROJECT_BINARY_DIR}/cmake/TallyConfig.cmake
  ${PROJECT_BINARY_DIR}/cmake/TallyConfigVersion.cmake
  ${CMAKE_CURRENT_LIST_DIR}/TallyInstrument.cmake
  ${CMAKE_CURRENT_LIST_DIR}/TallyCheck.cmake
  DESTINATION ${TALLY_CMAKE_INSTALL_DIRECTORY})

# ---- pkg-config ----
file(RELATIVE_PATH TALLY_PREFIX_FROM_PKGCONFIG
  /prefix/${TALLY_PKGCONFIG_INSTALL_DIRECTORY} /prefix)
string(REGEX REPLACE "/$" "" TALLY_PREFIX_FROM_PKGCONFIG "${TALLY_PREFIX_FROM_PKGCONFIG}")
list(JOIN TALLY_STATIC_LINK_OPTIONS " " TALLY_STATIC_LINK_FLAGS)
configure_file(${CMAKE_CURRENT_LIST_DIR}/tally.pc.in ${PROJECT_BINARY_DIR}/cmake/tally.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/cmake/tally.pc DESTINATION ${TALLY_PKGCONFIG_INSTALL_DIRECTORY})

# ---- documents ----
install(FILES README.md CHANGELOG.md LICENSE DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/tally)
install(DIRECTORY docs/ DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/tally FILES_MATCHING PATTERN *.md)
