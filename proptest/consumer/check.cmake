# Installs the library, then configures, builds and runs a user's project against the installed
# package, with the first C++ block of the README as one of its sources. Run by ctest with -P.
function(run)
    execute_process(COMMAND ${ARGV} RESULT_VARIABLE result)
    if(result)
        list(JOIN ARGV " " command)
        message(FATAL_ERROR "failed (${result}): ${command}")
    endif()
endfunction()

set(prefix "${scratch}/prefix")
set(configured "${scratch}/build")
file(REMOVE_RECURSE "${prefix}" "${configured}") # a header that is no longer installed must not linger

run("${CMAKE_COMMAND}" --install "${built}" --prefix "${prefix}" --config "${config}")

set(readme_source "")
if(EXISTS "${readme}")
    # Not a regular expression: a code block holds semicolons and brackets, which CMake lists split.
    file(READ "${readme}" page)
    string(FIND "\n${page}" "\n```cpp\n" from)
    if(from EQUAL -1)
        message(FATAL_ERROR "${readme} has no \`\`\`cpp block")
    endif()
    math(EXPR from "${from} + 7")
    string(SUBSTRING "${page}" ${from} -1 block)
    string(FIND "${block}" "\n```" to)
    if(to EQUAL -1)
        message(FATAL_ERROR "the first \`\`\`cpp block of ${readme} has no end")
    endif()
    string(SUBSTRING "${block}" 0 ${to} block)
    set(readme_source "${scratch}/readme.cpp")
    file(WRITE "${readme_source}" "${block}\n")
endif()

run("${CMAKE_COMMAND}" -S "${CMAKE_CURRENT_LIST_DIR}" -B "${configured}" -G "${generator}"
    "-DCMAKE_CXX_COMPILER=${compiler}" "-DCMAKE_PREFIX_PATH=${prefix}"
    "-DREADME_SOURCE=${readme_source}")
run("${CMAKE_COMMAND}" --build "${configured}")
run("${configured}/consumer")
