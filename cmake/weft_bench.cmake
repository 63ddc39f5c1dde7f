# weft_bench(<name> [SOURCES <file>…] [LIBS <target>…])
#
# One Google Benchmark program from <name>.cpp in the calling folder. It is told how it is compiled,
# and which peers are not installed.
function(weft_bench name)
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;LIBS")
    if(arg_UNPARSED_ARGUMENTS)
        message(FATAL_ERROR "weft_bench(${name}): unknown arguments: ${arg_UNPARSED_ARGUMENTS}")
    endif()
    add_executable(bench_${name} "${name}.cpp" ${arg_SOURCES})
    target_link_libraries(bench_${name} PRIVATE weft_dev benchmark::benchmark ${arg_LIBS})
    weft_bench_compiler(compiler flags)
    target_compile_definitions(bench_${name} PRIVATE
        "WEFT_BENCH_COMPILER=\"${compiler}\""
        "WEFT_BENCH_FLAGS=\"${flags}\""
        "WEFT_BENCH_NOT_INSTALLED=\"$<JOIN:$<TARGET_PROPERTY:WEFT_NOT_INSTALLED>, >\"")
endfunction()

# weft_bench_peer(<name> BENCHES <bench>… [IF <variable>] [LIBS <target>…])
#
# Measures another library too, by peers/<name>_<bench>.cpp: a file of its own, so that its headers
# are compiled once. Where <variable> is false, the benches say that it is not installed.
function(weft_bench_peer name)
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "IF" "BENCHES;LIBS")
    if(arg_UNPARSED_ARGUMENTS OR NOT arg_BENCHES)
        message(FATAL_ERROR "weft_bench_peer(${name}): wrong arguments: ${arg_UNPARSED_ARGUMENTS}")
    endif()
    if(NOT DEFINED arg_IF)
        set(arg_IF TRUE)
    endif()
    foreach(bench IN LISTS arg_BENCHES)
        if(${arg_IF})
            target_sources(bench_${bench} PRIVATE "peers/${name}_${bench}.cpp")
            target_link_libraries(bench_${bench} PRIVATE ${arg_LIBS})
        else()
            set_property(TARGET bench_${bench} APPEND PROPERTY WEFT_NOT_INSTALLED ${name})
        endif()
    endforeach()
endfunction()

# weft_bench_policy(<bench> <type> HEADER <file>)
#
# Measures a policy of the user's own, for the slot `masking` or `utf8`, beside weft's.
function(weft_bench_policy bench type)
    cmake_parse_arguments(PARSE_ARGV 2 arg "" "HEADER" "")
    if(arg_UNPARSED_ARGUMENTS OR NOT arg_HEADER)
        message(FATAL_ERROR "weft_bench_policy(${bench} ${type}): HEADER, and nothing else, is needed")
    endif()
    if(bench STREQUAL "masking")
        set(kernel masker)
    elseif(bench STREQUAL "utf8")
        set(kernel checker)
    else()
        message(FATAL_ERROR "weft_bench_policy(${bench} ${type}): masking or utf8 can be measured")
    endif()
    get_filename_component(header "${arg_HEADER}" ABSOLUTE)
    string(MAKE_C_IDENTIFIER "${bench}_${type}" file)
    file(CONFIGURE OUTPUT "${file}.cpp" @ONLY CONTENT [[
#include "@header@"
#include "@PROJECT_SOURCE_DIR@/bench/kernels.hpp"
static const bench::add own{bench::@kernel@_of<@type@>("@type@")};
]])
    target_sources(bench_${bench} PRIVATE "${CMAKE_CURRENT_BINARY_DIR}/${file}.cpp")
endfunction()

# weft_bench_compiler(<compiler> <flags>): how the benchmarks are compiled, in words.
function(weft_bench_compiler compiler flags)
    set(name ${CMAKE_CXX_COMPILER_ID})
    list(TRANSFORM name REPLACE "^GNU$" "g++")
    list(TRANSFORM name REPLACE "^Clang$" "clang++")
    set(${compiler} "${name} ${CMAKE_CXX_COMPILER_VERSION}" PARENT_SCOPE)
    string(TOUPPER "${CMAKE_BUILD_TYPE}" config)
    string(STRIP "${CMAKE_CXX_FLAGS} ${CMAKE_CXX_FLAGS_${config}}" all_flags)
    set(${flags} "${all_flags}" PARENT_SCOPE)
endfunction()
