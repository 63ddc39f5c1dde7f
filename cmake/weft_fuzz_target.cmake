# weft_fuzz_target(<name> [LIBS <target>…])
#
# The fuzzer fuzz/<name>.cpp. With Clang it is linked with libFuzzer (or with what the variable
# LIB_FUZZING_ENGINE names, as OSS-Fuzz and ClusterFuzzLite ask); with any other compiler it is
# linked with replay_main.cpp, so that every compiler builds every target. The texts in seeds/<name>/
# become inputs in the build folder, which a test replays; with libFuzzer another test explores for a
# few seconds, as <name>.options says, which is also what ClusterFuzzLite and `./dev fuzz` read.
set(LIB_FUZZING_ENGINE "$ENV{LIB_FUZZING_ENGINE}" CACHE STRING "Linked instead of libFuzzer")
set(WEFT_FUZZ_SECONDS 3 CACHE STRING "How long the test of one fuzz target explores")

function(weft_fuzz_target name)
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "LIBS")
    if(arg_UNPARSED_ARGUMENTS)
        message(FATAL_ERROR "weft_fuzz_target(${name}): unknown: ${arg_UNPARSED_ARGUMENTS}")
    endif()
    set(program fuzz_${name})
    set(seeds "${CMAKE_CURRENT_BINARY_DIR}/seeds/${name}")
    set(dictionary "${CMAKE_CURRENT_SOURCE_DIR}/${name}.dict")
    set(replay ${program} "${seeds}")

    add_executable(${program} "${name}.cpp")
    target_link_libraries(${program} PRIVATE weft_dev ${arg_LIBS})
    target_include_directories(${program} PRIVATE "${PROJECT_SOURCE_DIR}/proptest")
    weft_seeds_()
    add_dependencies(${program} ${program}_seeds)

    if(LIB_FUZZING_ENGINE)
        target_link_libraries(${program} PRIVATE ${LIB_FUZZING_ENGINE})
        list(APPEND replay -runs=0)
    elseif(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
        target_compile_options(${program} PRIVATE -fsanitize=fuzzer ${weft_optimise})
        target_link_options(${program} PRIVATE -fsanitize=fuzzer)
        list(APPEND replay -runs=0)

        # libFuzzer writes what it finds into the first folder: never into the seeds.
        set(found "${CMAKE_CURRENT_BINARY_DIR}/explored/${name}")
        file(MAKE_DIRECTORY "${found}")
        set(explore ${program} -max_total_time=${WEFT_FUZZ_SECONDS} -seed=1
            "-artifact_prefix=${found}-" "${found}" "${seeds}")
        file(STRINGS "${CMAKE_CURRENT_SOURCE_DIR}/${name}.options" options REGEX "=")
        list(TRANSFORM options REPLACE "^([a-z_]+) *= *" "-\\1=")
        list(APPEND explore ${options})
        if(EXISTS "${dictionary}")
            list(APPEND explore "-dict=${dictionary}")
        endif()
        add_test(NAME fuzz.${name}.explore COMMAND ${explore})
        set_tests_properties(fuzz.${name}.explore PROPERTIES LABELS fuzz)
    else()
        target_sources(${program} PRIVATE replay_main.cpp)
    endif()

    add_test(NAME fuzz.${name}.seeds COMMAND ${replay})
    set_tests_properties(fuzz.${name}.seeds PROPERTIES LABELS fuzz)
endfunction()

# A part of weft_fuzz_target, whose variables it reads.
function(weft_seeds_)
    find_package(Python3 REQUIRED COMPONENTS Interpreter)
    set(texts "${CMAKE_CURRENT_SOURCE_DIR}/seeds/${name}")
    file(GLOB files CONFIGURE_DEPENDS "${texts}/*.txt")
    # The list is a file that changes with it: a text that is gone makes nothing else newer.
    file(CONFIGURE OUTPUT "${seeds}.list" CONTENT "${files}" @ONLY)
    add_custom_command(OUTPUT "${seeds}.compiled"
        COMMAND "${Python3_EXECUTABLE}" "${CMAKE_CURRENT_SOURCE_DIR}/seeds.py" compile "${texts}" "${seeds}"
        COMMAND "${CMAKE_COMMAND}" -E touch "${seeds}.compiled"
        DEPENDS ${files} "${seeds}.list" seeds.py tails.py
        COMMENT "Compiling the seeds of ${name}" VERBATIM)
    add_custom_target(${program}_seeds DEPENDS "${seeds}.compiled")
endfunction()
