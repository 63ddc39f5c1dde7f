# weft_bench(<name> [SOURCES <file>…] [LIBS <target>…])
#
# One Google Benchmark program from <name>.cpp in the calling folder.
function(weft_bench name)
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;LIBS")
    if(arg_UNPARSED_ARGUMENTS)
        message(FATAL_ERROR "weft_bench(${name}): unknown arguments: ${arg_UNPARSED_ARGUMENTS}")
    endif()
    add_executable(bench_${name} "${name}.cpp" ${arg_SOURCES})
    target_link_libraries(bench_${name} PRIVATE
        weft_dev benchmark::benchmark benchmark::benchmark_main ${arg_LIBS})
endfunction()
