# weft_compile_fail(<name>)
#
# <name>.cpp, in the calling folder's compile_fail/, must be refused by the compiler in the words
# that its first comment lines expect; compile_fail/check.sh says how they are written. Both
# compilers are tried where they are found, whichever of them this build tree uses.
function(weft_compile_fail name)
    if(ARGC GREATER 1)
        message(FATAL_ERROR "weft_compile_fail(${name}): unknown arguments: ${ARGN}")
    endif()
    find_program(WEFT_GCC g++)
    find_program(WEFT_CLANG NAMES clang++-19)
    set(gcc "${WEFT_GCC}")
    set(clang "${WEFT_CLANG}")
    if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
        set(gcc "${CMAKE_CXX_COMPILER}")
    elseif(CMAKE_CXX_COMPILER_ID MATCHES "Clang")
        set(clang "${CMAKE_CXX_COMPILER}")
    endif()

    set(folder "${CMAKE_CURRENT_SOURCE_DIR}/compile_fail")
    if(NOT EXISTS "${folder}/${name}.cpp")
        message(FATAL_ERROR "weft_compile_fail(${name}): there is no ${folder}/${name}.cpp")
    endif()
    set(boost_dirs "$<TARGET_PROPERTY:Boost::headers,INTERFACE_INCLUDE_DIRECTORIES>")
    foreach(family IN ITEMS gcc clang)
        if(${family})
            add_test(NAME compile_fail.${name}.${family}
                COMMAND bash "${folder}/check.sh" ${family} "${folder}/${name}.cpp" "${${family}}"
                    "-I${PROJECT_SOURCE_DIR}/include" "-I$<JOIN:${boost_dirs},;-I>"
                COMMAND_EXPAND_LISTS)
            set_tests_properties(compile_fail.${name}.${family} PROPERTIES LABELS source)
        endif()
    endforeach()
endfunction()
