# weft_bench(<target> masking|utf8 [HEADER <file>] [STREAM <type>] [MASKING <type>…] [UTF8 <type>…]
#            [LIBS <target>…])
#
# A Google Benchmark program that measures weft's kernels for a slot, memcpy, other libraries that are
# installed, and your own policies, which HEADER defines: those of STREAM, and those named. It says how
# it is compiled: optimised, whatever the build type.
function(weft_bench target slot)
    cmake_parse_arguments(PARSE_ARGV 2 arg "" "HEADER;STREAM" "MASKING;UTF8;LIBS")
    if(arg_UNPARSED_ARGUMENTS)
        message(FATAL_ERROR "weft_bench(${target}): unknown arguments: ${arg_UNPARSED_ARGUMENTS}")
    endif()
    if(NOT slot MATCHES "^(masking|utf8)$")
        message(FATAL_ERROR "weft_bench(${target} ${slot}): masking or utf8 can be measured")
    endif()
    weft_bench_folder(bench)
    add_executable(${target} "${bench}/${slot}.cpp" "${bench}/session.cpp")
    target_link_libraries(${target} PRIVATE benchmark::benchmark ${arg_LIBS})
    weft_bench_own_()
    weft_bench_flags_()

    # Who is measured beside weft, where it is installed. wslay is not among them: it masks inside
    # wslay_frame_send and wslay_frame_recv, checks UTF-8 inside wslay_event_recv, and exposes neither.
    find_path(WEFT_WEBSOCKETPP websocketpp/frame.hpp)
    mark_as_advanced(WEFT_WEBSOCKETPP)
    find_package(simdjson QUIET)
    find_package(simdutf QUIET)
    weft_bench_peer_(beast TRUE)
    weft_bench_peer_(websocketpp "${WEFT_WEBSOCKETPP}")
    weft_bench_peer_(simdjson "${simdjson_FOUND}" simdjson::simdjson)
    weft_bench_peer_(simdutf "${simdutf_FOUND}" simdutf::simdutf)
    target_compile_definitions(${target} PRIVATE
        "WEFT_BENCH_NOT_INSTALLED=\"$<JOIN:$<TARGET_PROPERTY:WEFT_NOT_INSTALLED>, >\"")
endfunction()

# The next four are parts of weft_bench, whose variables they read.

# peers/<name>_<slot>.cpp, if there is one: a file of its own, so that its headers are compiled once.
# The program says who is not installed.
function(weft_bench_peer_ name found)
    set(file "${bench}/peers/${name}_${slot}.cpp")
    if(NOT EXISTS "${file}")
        return()
    endif()
    if(found)
        target_sources(${target} PRIVATE "${file}")
        target_link_libraries(${target} PRIVATE ${ARGN})
    else()
        set_property(TARGET ${target} APPEND PROPERTY WEFT_NOT_INSTALLED ${name})
    endif()
endfunction()

# Your own policies, which add themselves before main.
function(weft_bench_own_)
    if(NOT arg_HEADER)
        return()
    endif()
    get_filename_component(header "${arg_HEADER}" ABSOLUTE)
    set(masking weft::masking::simd)
    if(arg_STREAM)
        set(masking "${arg_STREAM}::policies::masking")
        list(PREPEND arg_MASKING "${masking}")
        list(PREPEND arg_UTF8 "${arg_STREAM}::policies::utf8")
    endif()
    set(own "")
    if(slot STREQUAL "masking")
        foreach(type IN LISTS arg_MASKING)
            string(APPEND own "    bench::add_masker<${type}>();\n")
        endforeach()
    else()
        foreach(type IN LISTS arg_UTF8)
            string(APPEND own "    bench::add_checker<${type}, ${masking}>();\n")
        endforeach()
    endif()
    set(file "${CMAKE_CURRENT_BINARY_DIR}/${target}.own.cpp")
    file(CONFIGURE OUTPUT "${file}" @ONLY CONTENT [=[
#include "@header@"

#include "@bench@/own_policies.hpp"

[[maybe_unused]] static const bool added = [] {
@own@    return true;
}();
]=])
    target_sources(${target} PRIVATE "${file}")
endfunction()

# What a benchmark says of slow code is worth nothing: -O2, unless the build type asks for more.
function(weft_bench_flags_)
    weft_bench_compiler(compiler)
    target_compile_definitions(${target} PRIVATE "WEFT_BENCH_COMPILER=\"${compiler}\"")
    if(NOT CMAKE_CONFIGURATION_TYPES)
        weft_bench_flags_of_("${CMAKE_BUILD_TYPE}" 1)
    endif()
    foreach(config IN LISTS CMAKE_CONFIGURATION_TYPES)
        weft_bench_flags_of_(${config} "$<CONFIG:${config}>")
    endforeach()
endfunction()

function(weft_bench_flags_of_ config when)
    weft_bench_flags(flags "${config}")
    if(NOT flags MATCHES "^(.* )?-O([^ ]*)" OR CMAKE_MATCH_2 MATCHES "^[0g]$") # the last one counts
        target_compile_options(${target} PRIVATE "$<${when}:-O2>")
    endif()
    string(REGEX REPLACE "([\\\"])" "\\\\\\1" flags "${flags}")
    # And what the folder, the target and its libraries add.
    set(added "$<FILTER:$<TARGET_PROPERTY:COMPILE_OPTIONS>,INCLUDE,^-[Ofm]>")
    target_compile_definitions(${target} PRIVATE
        "$<${when}:WEFT_BENCH_FLAGS=\"${flags} $<JOIN:${added}, >\">")
endfunction()

# weft_bench_folder(<variable>): where the sources and the scripts are.
function(weft_bench_folder variable)
    set(folder "${CMAKE_CURRENT_FUNCTION_LIST_DIR}/bench") # as installed, or else weft's own
    if(NOT EXISTS "${folder}")
        get_filename_component(folder "${CMAKE_CURRENT_FUNCTION_LIST_DIR}/../bench" ABSOLUTE)
    endif()
    set(${variable} "${folder}" PARENT_SCOPE)
endfunction()

# weft_bench_compiler(<variable>): the compiler, in words.
function(weft_bench_compiler variable)
    set(name ${CMAKE_CXX_COMPILER_ID})
    list(TRANSFORM name REPLACE "^GNU$" "g++")
    list(TRANSFORM name REPLACE "^Clang$" "clang++")
    set(${variable} "${name} ${CMAKE_CXX_COMPILER_VERSION}" PARENT_SCOPE)
endfunction()

# weft_bench_flags(<variable> <build type>): its flags, without warnings, which change no code.
function(weft_bench_flags variable config)
    string(TOUPPER "${config}" config)
    string(REGEX REPLACE " +" ";" flags "${CMAKE_CXX_FLAGS} ${CMAKE_CXX_FLAGS_${config}}")
    list(FILTER flags EXCLUDE REGEX "^(-W[^,]*|-pedantic.*|)$")
    list(JOIN flags " " flags)
    set(${variable} "${flags}" PARENT_SCOPE)
endfunction()
