# weft_test_policies(<name> HEADER <file> STREAM <type> [MASKING <type>…] [UTF8 <type>…]
#                    [LIBS <target>…])
#
# Builds the laws of weft for your own policies, and registers them with ctest; enable_testing()
# comes before. HEADER defines STREAM, a weft::basic_ws_stream, of whose composition they are asked,
# and further policies for the slots `masking` and `utf8`. LIBS are what the header needs.
#
#   <name>.policies     each policy, for all lengths, places, phases, cuts, code points
#   <name>.receiving    the protocol core with STREAM's policies, beside a model of RFC 6455
#   <name>.simulation   STREAM over a simulated layer: the usual scenarios, each with every kind of bad
#                       luck and in up to two thousand schedules, and ten thousand that are made up
#   <name>.fuzz         all of it as a fuzz target: with Clang linked with libFuzzer, or with what
#                       LIB_FUZZING_ENGINE names; else it replays weft's seeds
#   <name>.bench        is no test: `cmake --build build --target <name>.bench` measures your masking
#                       and UTF-8 policies beside weft's, memcpy and other libraries, and prints
#                       tables, for WEFT_BENCH_OPTIONS of Google Benchmark. Thereafter
#                       <name>.bench_plots draws them, if Python has matplotlib
#   <name>.bench_masking, <name>.bench_utf8    are its programs. Nothing else builds them but their
#                       tests, which see that every answer is right, and measure nothing
#
# Where Google Benchmark isn't found, there are no benchmarks. No test library is needed. A law that
# does not hold is told in a sentence, and the test fails.
include("${CMAKE_CURRENT_LIST_DIR}/weft_bench.cmake")

set(LIB_FUZZING_ENGINE "$ENV{LIB_FUZZING_ENGINE}" CACHE STRING "Linked instead of libFuzzer")
set(WEFT_FUZZ_SECONDS 3 CACHE STRING "How long the test of one fuzz target explores")
set(WEFT_BENCH_OPTIONS "" CACHE STRING "Of Google Benchmark, for <name>.bench")

function(weft_test_policies name)
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "HEADER;STREAM" "MASKING;UTF8;LIBS")
    set(call "weft_test_policies(${name})")
    if(NOT name MATCHES "^[A-Za-z][A-Za-z0-9_]*$")
        message(FATAL_ERROR "${call}: the name must be one of letters, digits and _")
    endif()
    if(arg_UNPARSED_ARGUMENTS)
        message(FATAL_ERROR "${call}: it has no argument ${arg_UNPARSED_ARGUMENTS}; it has HEADER, "
            "STREAM, MASKING, UTF8 and LIBS")
    endif()
    if(arg_KEYWORDS_MISSING_VALUES)
        message(FATAL_ERROR "${call}: nothing stands behind ${arg_KEYWORDS_MISSING_VALUES}")
    endif()
    if(NOT arg_HEADER OR NOT arg_STREAM)
        message(FATAL_ERROR "${call}: HEADER, the file that defines your policies, and STREAM, your "
            "weft::basic_ws_stream of them, are needed")
    endif()
    get_filename_component(header "${arg_HEADER}" ABSOLUTE)
    if(NOT EXISTS "${header}")
        message(FATAL_ERROR "${call}: there is no HEADER ${header}")
    endif()
    if(TARGET ${name}.policies)
        message(FATAL_ERROR "${call}: there is another of this name")
    endif()
    get_property(languages GLOBAL PROPERTY ENABLED_LANGUAGES)
    if(NOT CXX IN_LIST languages)
        message(FATAL_ERROR "${call}: the project must have the language CXX")
    endif()
    if(NOT CMAKE_TESTING_ENABLED)
        message(WARNING "${call}: enable_testing() comes before it, or ctest knows nothing of its tests")
    endif()

    set(stream "${arg_STREAM}")
    # Before anything else would complain in its own words.
    set(promises "    static_assert(weft::test::is_stream<stream>, \"STREAM must be a weft::basic_ws_stream\");\n")
    set(policies "")
    set(inputs "")
    foreach(type IN LISTS arg_MASKING)
        string(APPEND promises "    static_assert(weft::masking_policy<${type}>, \"MASKING ${type} must be \"\n"
            "        \"a policy of the slot masking: see weft/policy/masking.hpp\");\n")
        string(APPEND policies "    weft::test::check_masking<${type}>(report);\n")
        string(APPEND inputs "    input.masking<${type}>();\n")
    endforeach()
    foreach(type IN LISTS arg_UTF8)
        string(APPEND promises "    static_assert(weft::utf8_policy<${type}>, \"UTF8 ${type} must be \"\n"
            "        \"a policy of the slot utf8: see weft/policy/utf8.hpp\");\n")
        string(APPEND policies "    weft::test::check_utf8<${type}, stream::policies::masking>(report);\n")
        string(APPEND inputs "    input.utf8<${type}, stream::policies::masking>();\n")
    endforeach()

    weft_policy_test_(policies policy_checks.hpp
        "    weft::test::check_policies_of<stream>(report);\n${policies}")
    weft_policy_test_(receiving composition_checks.hpp
        "    weft::test::check_receiving<stream>(report, \"${stream}\");\n")
    weft_policy_test_(simulation composition_checks.hpp
        "    weft::test::check_simulation<stream>(report, \"${stream}\");\n")
    weft_policy_fuzz_()
    weft_policy_bench_()
endfunction()

# These are parts of weft_test_policies, whose variables they read.
function(weft_policy_program_ part text)
    set(file "${CMAKE_CURRENT_BINARY_DIR}/${name}/${part}.cpp")
    file(CONFIGURE OUTPUT "${file}" CONTENT "${text}" @ONLY)
    add_executable(${name}.${part} "${file}")
    set_target_properties(${name}.${part} PROPERTIES OUTPUT_NAME ${name}_${part})
    target_link_libraries(${name}.${part} PRIVATE weft::weft ${arg_LIBS})
endfunction()

function(weft_policy_test_ part laws checks)
    weft_policy_program_(${part} [[
#include "@header@"

#include <weft/test/@laws@>

int main()
{
    using stream = @stream@;
@promises@    weft::test::law_report report;
@checks@    return report.exit_code();
}
]])
    add_test(NAME ${name}.${part} COMMAND ${name}.${part})
endfunction()

function(weft_policy_fuzz_)
    weft_policy_program_(fuzz [[
#include "@header@"

#include <weft/test/composition_fuzz.hpp>
#include <weft/test/mutator.hpp>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size)
{
    using stream = @stream@;
@promises@    const weft::test::composition_fuzz input(std::as_bytes(std::span(bytes, size)));
    input.composition<stream>();
@inputs@    return 0;
}
]])
    set(program ${name}.fuzz)
    set_target_properties(${program} PROPERTIES
        RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/weft_fuzz_targets")
    if(NOT TARGET weft_fuzz_targets)
        add_custom_target(weft_fuzz_targets)
    endif()
    add_dependencies(weft_fuzz_targets ${program})
    set(seeds "${CMAKE_CURRENT_FUNCTION_LIST_DIR}/seeds") # as installed, or as a part of this project
    if(NOT EXISTS "${seeds}")
        set(seeds "${weft_BINARY_DIR}/seeds")
    endif()
    if(NOT EXISTS "${seeds}") # there was no Python to make them: one that is empty
        set(seeds "${CMAKE_CURRENT_BINARY_DIR}/${name}/seeds")
        file(WRITE "${seeds}/nothing" "")
    endif()
    # For the build.sh of weft_clusterfuzzlite.
    set(weft_FUZZ_SEEDS "${seeds}" CACHE INTERNAL "What every fuzz target begins with")
    set(dictionary "${CMAKE_CURRENT_FUNCTION_LIST_DIR}/protocol.dict")
    if(NOT EXISTS "${dictionary}")
        set(dictionary "${CMAKE_CURRENT_FUNCTION_LIST_DIR}/../fuzz/protocol.dict")
    endif()
    set(weft_FUZZ_DICTIONARY "${dictionary}" CACHE INTERNAL "Of every fuzz target")
    if(LIB_FUZZING_ENGINE)
        target_link_libraries(${program} PRIVATE ${LIB_FUZZING_ENGINE})
        add_test(NAME ${program} COMMAND ${program} -runs=0 "${seeds}")
    elseif(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
        target_compile_options(${program} PRIVATE -fsanitize=fuzzer)
        target_link_options(${program} PRIVATE -fsanitize=fuzzer)
        # libFuzzer writes what it finds into the first folder: never into the seeds.
        set(found "${CMAKE_CURRENT_BINARY_DIR}/${name}/explored")
        file(MAKE_DIRECTORY "${found}")
        add_test(NAME ${program} COMMAND ${program} -max_total_time=${WEFT_FUZZ_SECONDS} -seed=1
            -max_len=4096 -timeout=10 "-artifact_prefix=${found}-" "${found}" "${seeds}")
    else()
        set(main "${CMAKE_CURRENT_BINARY_DIR}/${name}/replay_main.cpp")
        file(CONFIGURE OUTPUT "${main}" CONTENT [[
#include <weft/test/replay.hpp>

int main(int argc, char** argv) { return weft::test::replay_main(argc, argv); }
]])
        target_sources(${program} PRIVATE "${main}")
        add_test(NAME ${program} COMMAND ${program} "${seeds}")
    endif()
endfunction()

function(weft_policy_bench_)
    if(NOT TARGET benchmark::benchmark)
        find_package(benchmark QUIET)
    endif()
    if(NOT UNIX OR NOT TARGET benchmark::benchmark)
        message(STATUS "${call}: no benchmarks, which need Google Benchmark, on a Unix")
        return()
    endif()
    find_package(Python3 QUIET COMPONENTS Interpreter)
    weft_bench_folder(scripts)
    set(results "${CMAKE_CURRENT_BINARY_DIR}/${name}")
    set(run "")
    set(draw "")
    foreach(slot IN ITEMS masking utf8)
        set(program ${name}.bench_${slot})
        weft_bench(${program} ${slot} HEADER "${header}" STREAM "${stream}" MASKING ${arg_MASKING}
            UTF8 ${arg_UTF8} LIBS weft::weft ${arg_LIBS})
        set_target_properties(${program} PROPERTIES OUTPUT_NAME ${name}_bench_${slot}
            EXCLUDE_FROM_ALL TRUE)
        target_compile_options(${program} PRIVATE -w) # ${name}.policies warns of your header
        # Who only builds doesn't wait for them: their tests do.
        add_test(NAME ${program}.builds COMMAND "${CMAKE_COMMAND}" --build "${CMAKE_BINARY_DIR}"
            --config "$<CONFIG>" --target ${program})
        set_tests_properties(${program}.builds PROPERTIES FIXTURES_SETUP ${program}
            RESOURCE_LOCK weft_bench_builds)
        add_test(NAME ${program} COMMAND ${program} --benchmark_list_tests)
        set_tests_properties(${program} PROPERTIES FIXTURES_REQUIRED ${program})
        if(Python3_FOUND)
            list(APPEND run COMMAND ${program} ${WEFT_BENCH_OPTIONS} > "${results}/${slot}.json"
                COMMAND Python3::Interpreter "${scripts}/table.py" "${results}/${slot}.json")
            list(APPEND draw COMMAND Python3::Interpreter "${scripts}/plot.py"
                "${results}/${slot}.json" "${results}/plots")
        else()
            list(APPEND run COMMAND ${program} --benchmark_format=console ${WEFT_BENCH_OPTIONS})
        endif()
    endforeach()
    add_custom_target(${name}.bench ${run} USES_TERMINAL VERBATIM
        COMMENT "Measuring, which takes minutes")
    if(Python3_FOUND)
        add_custom_target(${name}.bench_plots ${draw} VERBATIM)
    endif()
endfunction()
