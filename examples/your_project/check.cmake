# Installs weft and builds this project with it: as it is every test passes, and my::mask is measured;
# with either bug the laws of the policies fail, and say what is wrong. What weft_clusterfuzzlite writes
# builds a fuzz target. Run by ctest with -P.
function(run)
    execute_process(COMMAND ${ARGV} RESULT_VARIABLE result OUTPUT_VARIABLE said ERROR_VARIABLE said)
    if(result)
        list(JOIN ARGV " " command)
        message(FATAL_ERROR "failed (${result}): ${command}\n${said}")
    endif()
endfunction()

set(prefix "${scratch}/prefix")
set(project "${scratch}/src/your_project") # a copy: weft_clusterfuzzlite writes into it
set(configured "${scratch}/build")
set(warnings "-Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror")
file(REMOVE_RECURSE "${prefix}" "${project}" "${configured}" "${scratch}/fuzz")
file(COPY "${CMAKE_CURRENT_LIST_DIR}" DESTINATION "${scratch}/src")
run("${CMAKE_COMMAND}" --install "${built}" --prefix "${prefix}")

function(configure_and_build bug)
    run("${CMAKE_COMMAND}" -S "${project}" -B "${configured}" -G "${generator}"
        "-DCMAKE_CXX_COMPILER=${compiler}" "-DCMAKE_CXX_FLAGS=${warnings}"
        "-DCMAKE_PREFIX_PATH=${prefix}" "-DWITH_BUG=${bug}" -DWITH_CLUSTERFUZZLITE=ON)
    run("${CMAKE_COMMAND}" --build "${configured}" ${ARGN})
endfunction()

configure_and_build("")
# One of the two benchmarks will do: their tests build them.
run("${CMAKE_CTEST_COMMAND}" --test-dir "${configured}" --output-on-failure -E bench_utf8)

set(program "${configured}/my_deployment_bench_masking")
if(EXISTS "${program}")
    execute_process(COMMAND "${program}" --benchmark_list_tests OUTPUT_VARIABLE said ERROR_QUIET)
    if(NOT said MATCHES "in_place/my::mask/size:125/")
        message(FATAL_ERROR "my::mask is not measured:\n${said}")
    endif()
else()
    message("Google Benchmark is not found: nothing was measured")
endif()

function(finds bug sentence)
    configure_and_build(${bug} --target my_deployment.policies)
    execute_process(
        COMMAND "${CMAKE_CTEST_COMMAND}" --test-dir "${configured}" --output-on-failure -R policies
        RESULT_VARIABLE result OUTPUT_VARIABLE said)
    if(NOT result)
        message(FATAL_ERROR "the bug in the ${bug} is not found:\n${said}")
    endif()
    string(FIND "${said}" "${sentence}" at)
    if(at EQUAL -1)
        message(FATAL_ERROR "the bug in the ${bug} is not told as `${sentence}`:\n${said}")
    endif()
    message("${bug}: ${sentence}")
endfunction()

finds(masking "BROKEN  my::mask: masks as the reference does
        apply() differs from the reference: 2 bytes, offset 7, phase 0, byte 1: 93, not 5e")
finds(buffer "BROKEN  my::window: has room for the rest of a control frame, wherever its bytes stand
        prepare(138) with 1 bytes held, 118 consumed before, gives only 137 bytes")

# As ClusterFuzzLite builds, but without Docker, and with Debian's compiler.
file(GLOB workflows RELATIVE "${project}/.github/workflows" "${project}/.github/workflows/*")
if(NOT workflows STREQUAL "cflite_batch.yml;cflite_build.yml;cflite_cron.yml;cflite_pr.yml")
    message(FATAL_ERROR "weft_clusterfuzzlite wrote other workflows than weft's: ${workflows}")
endif()
find_program(clang clang++-19)
find_program(zip zip)
if(clang AND zip)
    set(name my_deployment_fuzz)
    set(out "${scratch}/fuzz/out")
    file(MAKE_DIRECTORY "${out}" "${scratch}/fuzz/work")
    run("${CMAKE_COMMAND}" -E env "SRC=${scratch}/src" "OUT=${out}" "WORK=${scratch}/fuzz/work" "CXX=${clang}"
        "CXXFLAGS=-O1 -gline-tables-only -fsanitize=address,fuzzer-no-link"
        LIB_FUZZING_ENGINE=-fsanitize=fuzzer "CMAKE_PREFIX_PATH=${prefix}"
        bash -eu "${project}/.clusterfuzzlite/build.sh")
    file(ARCHIVE_EXTRACT INPUT "${out}/${name}_seed_corpus.zip" DESTINATION "${scratch}/fuzz/seeds")
    run("${out}/${name}" -runs=2000 -seed=1 -max_len=4096 "-dict=${out}/${name}.dict"
        "-artifact_prefix=${out}/" "${scratch}/fuzz/seeds")
else()
    message("clang++-19 or zip is not found: what weft_clusterfuzzlite writes was not built")
endif()

# What is wrong with a call is told in a sentence.
function(refuses call sentence)
    file(WRITE "${scratch}/misuse.cmake" "cmake_minimum_required(VERSION 3.24)\n"
        "include(${prefix}/share/cmake/weft/weft_test_policies.cmake)\n"
        "include(${prefix}/share/cmake/weft/weft_clusterfuzzlite.cmake)\n${call}\n")
    execute_process(COMMAND "${CMAKE_COMMAND}" -P "${scratch}/misuse.cmake"
        RESULT_VARIABLE result ERROR_VARIABLE said)
    string(REGEX REPLACE "[ \n]+" " " said "${said}") # it is wrapped
    string(FIND "${said}" "${sentence}" at)
    if(NOT result OR at EQUAL -1)
        message(FATAL_ERROR "${call} is not refused as `${sentence}`:\n${said}")
    endif()
endfunction()

set(my "HEADER ${CMAKE_CURRENT_LIST_DIR}/my/policies.hpp STREAM my::stream")
refuses("weft_test_policies(my-own ${my})" "the name must be one of letters, digits and _")
refuses("weft_test_policies(own ${my} MASK my::mask)" "it has no argument MASK")
refuses("weft_test_policies(own ${my} MASKING)" "nothing stands behind MASKING")
refuses("weft_test_policies(own STREAM my::stream)" "HEADER, the file that defines your policies")
refuses("weft_test_policies(own HEADER no.hpp STREAM my::stream)" "there is no HEADER")
refuses("weft_test_policies(own ${my})" "the project must have the language CXX")
refuses("weft_clusterfuzzlite(GIT here)" "GIT <url> and TAG <tag or branch>")
