# Headers, targets and the package files that make find_package(weft) work. Nothing in the package
# depends on the machine's architecture, so it goes to share/ and its version file says so.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(weft_package_dir "${CMAKE_INSTALL_DATADIR}/cmake/weft")

install(TARGETS weft EXPORT weft-targets FILE_SET HEADERS)
install(EXPORT weft-targets NAMESPACE weft:: DESTINATION "${weft_package_dir}")

configure_package_config_file(cmake/weft-config.cmake.in weft-config.cmake
    INSTALL_DESTINATION "${weft_package_dir}" NO_SET_AND_CHECK_MACRO)
write_basic_package_version_file(weft-config-version.cmake
    COMPATIBILITY SameMinorVersion ARCH_INDEPENDENT)
install(FILES
    "${PROJECT_BINARY_DIR}/weft-config.cmake"
    "${PROJECT_BINARY_DIR}/weft-config-version.cmake"
    cmake/weft_test_policies.cmake
    cmake/weft_bench.cmake
    cmake/weft_clusterfuzzlite.cmake
    fuzz/protocol.dict
    DESTINATION "${weft_package_dir}")
install(DIRECTORY .clusterfuzzlite DESTINATION "${weft_package_dir}/clusterfuzzlite")
install(DIRECTORY .github/workflows DESTINATION "${weft_package_dir}/clusterfuzzlite/.github"
    FILES_MATCHING PATTERN "cflite_*.yml")
# What measures their masking and their check of UTF-8.
install(FILES bench/masking.cpp bench/utf8.cpp bench/session.cpp bench/session.hpp bench/kernels.hpp
    bench/own_policies.hpp bench/place.hpp bench/texts.hpp bench/results.py bench/table.py bench/plot.py
    DESTINATION "${weft_package_dir}/bench")
install(DIRECTORY bench/peers DESTINATION "${weft_package_dir}/bench"
    FILES_MATCHING REGEX "_(masking|utf8)\\.cpp$")

# What the fuzzers of users' policies begin with, whether weft is installed or a part of their project.
# It is made now, since who installs headers need not build anything before.
find_package(Python3 QUIET COMPONENTS Interpreter)
if(Python3_Interpreter_FOUND)
    execute_process(COMMAND "${Python3_EXECUTABLE}" "${PROJECT_SOURCE_DIR}/fuzz/seeds.py" compile
        "${PROJECT_SOURCE_DIR}/fuzz/seeds/protocol" "${PROJECT_BINARY_DIR}/seeds")
    install(DIRECTORY "${PROJECT_BINARY_DIR}/seeds" DESTINATION "${weft_package_dir}")
else()
    message(STATUS "weft: without Python 3 the fuzzers of weft_test_policies have no seeds")
endif()
