# weft_test(<path> [COMPUTES] [SOURCES <file>…] [LIBS <target>…] [LABELS <label>…])
#
# One GoogleTest program from <path>.cpp (relative to the calling folder) and one ctest for the
# whole program: wire/frame_header becomes the target and the test wire.frame_header. A program
# is one test, and not one for each case, because listing the cases would start it once more.
# COMPUTES: it is optimised in every build tree. SOURCES adds further files, LIBS further libraries.
# RapidCheck and the main are always linked.
function(weft_test path)
    cmake_parse_arguments(PARSE_ARGV 1 arg "COMPUTES" "" "SOURCES;LIBS;LABELS")
    if(arg_UNPARSED_ARGUMENTS)
        message(FATAL_ERROR "weft_test(${path}): unknown arguments: ${arg_UNPARSED_ARGUMENTS}")
    endif()
    string(REPLACE "/" "." name "${path}")

    add_executable(${name} "${path}.cpp" ${arg_SOURCES})
    target_link_libraries(${name} PRIVATE
        weft_dev GTest::gtest_main rapidcheck rapidcheck_gtest ${arg_LIBS})
    target_include_directories(${name} PRIVATE "${PROJECT_SOURCE_DIR}/proptest")
    if(arg_COMPUTES)
        target_compile_options(${name} PRIVATE ${weft_optimise})
    endif()

    add_test(NAME ${name} COMMAND ${name} WORKING_DIRECTORY "${CMAKE_CURRENT_SOURCE_DIR}")
    set_tests_properties(${name} PROPERTIES LABELS "${arg_LABELS}")
endfunction()
