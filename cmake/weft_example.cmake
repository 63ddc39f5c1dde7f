# weft_example(<name> [SOURCES <file>…] [LIBS <target>…] [CHECK <argument>…])
#
# One example program from <name>.cpp in the calling folder, or from SOURCES. With CHECK, running
# it with these arguments is a test: an example that no longer works is a broken page.
function(weft_example name)
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;LIBS;CHECK")
    if(arg_UNPARSED_ARGUMENTS)
        message(FATAL_ERROR "weft_example(${name}): unknown arguments: ${arg_UNPARSED_ARGUMENTS}")
    endif()
    if(NOT arg_SOURCES)
        set(arg_SOURCES "${name}.cpp")
    endif()
    add_executable(${name} ${arg_SOURCES})
    target_link_libraries(${name} PRIVATE weft_dev ${arg_LIBS})
    if(arg_CHECK)
        add_test(NAME examples.${name} COMMAND ${name} ${arg_CHECK})
        set_tests_properties(examples.${name} PROPERTIES LABELS examples)
    endif()
endfunction()
