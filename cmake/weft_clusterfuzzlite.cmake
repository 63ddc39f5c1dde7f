# weft_clusterfuzzlite(GIT <url> TAG <tag or branch>)
#
# Writes .clusterfuzzlite/ into the project's folder: the files with which ClusterFuzzLite, or
# OSS-Fuzz, builds every fuzz target of weft_test_policies in this project. They fetch weft from
# GIT. And writes .github/workflows/cflite_*.yml, weft's own, which have GitHub run them for each pull
# request and around the clock. What is there is yours, and left as it is: delete .clusterfuzzlite/, and
# the workflows that you want anew, to have them written again.
function(weft_clusterfuzzlite)
    cmake_parse_arguments(PARSE_ARGV 0 arg "" "GIT;TAG" "")
    if(arg_UNPARSED_ARGUMENTS OR NOT arg_GIT OR NOT arg_TAG)
        message(FATAL_ERROR "weft_clusterfuzzlite: GIT <url> and TAG <tag or branch>, where weft is "
            "fetched from, and nothing else, are needed")
    endif()
    set(folder "${PROJECT_SOURCE_DIR}/.clusterfuzzlite")
    if(EXISTS "${folder}")
        return()
    endif()
    set(weft "${CMAKE_CURRENT_FUNCTION_LIST_DIR}/clusterfuzzlite") # as installed, or weft's sources
    if(NOT EXISTS "${weft}")
        get_filename_component(weft "${CMAKE_CURRENT_FUNCTION_LIST_DIR}" DIRECTORY)
    endif()
    set(ours "${weft}/.clusterfuzzlite")
    file(COPY "${ours}/project.yaml" "${ours}/BoostConfig.cmake" "${ours}/BoostConfigVersion.cmake"
        DESTINATION "${folder}")
    set(workflows "${PROJECT_SOURCE_DIR}/.github/workflows")
    foreach(workflow IN ITEMS cflite_pr.yml cflite_build.yml cflite_batch.yml cflite_cron.yml)
        if(NOT EXISTS "${workflows}/${workflow}")
            file(COPY "${weft}/.github/workflows/${workflow}" DESTINATION "${workflows}")
        endif()
    endforeach()

    # Weft's own Dockerfile, where weft is the project.
    file(READ "${ours}/Dockerfile" dockerfile)
    string(REPLACE "$SRC/weft" "$SRC/${PROJECT_NAME}" dockerfile "${dockerfile}")
    string(REPLACE "\nCOPY . " "
RUN git clone --depth 1 --branch ${arg_TAG} ${arg_GIT} weft && \\
    cmake -S weft -B weft/build -G Ninja -DWEFT_BUILD_TESTS=OFF -DWEFT_BUILD_EXAMPLES=OFF && \\
    cmake --install weft/build

COPY . " dockerfile "${dockerfile}")
    file(WRITE "${folder}/Dockerfile" "${dockerfile}")

    file(CONFIGURE OUTPUT "${folder}/build.sh" @ONLY NEWLINE_STYLE UNIX CONTENT [[
#!/bin/bash -eu
# Builds the fuzz targets of weft_test_policies into $OUT with the compiler, flags and engine that
# ClusterFuzzLite or OSS-Fuzz hands over, and lays their seeds and dictionary beside them.
cd "$SRC/@PROJECT_NAME@"
cmake -S . -B "$WORK/build" -G Ninja -DCMAKE_BUILD_TYPE=None "-DLIB_FUZZING_ENGINE=$LIB_FUZZING_ENGINE"
cmake --build "$WORK/build" --target weft_fuzz_targets

seeds=$(sed -n 's/^weft_FUZZ_SEEDS:INTERNAL=//p' "$WORK/build/CMakeCache.txt")
dictionary=$(sed -n 's/^weft_FUZZ_DICTIONARY:INTERNAL=//p' "$WORK/build/CMakeCache.txt")
for program in "$WORK"/build/weft_fuzz_targets/*; do
    name=${program##*/}
    cp "$program" "$OUT/"
    cp "$dictionary" "$OUT/$name.dict"
    printf '[libfuzzer]\nmax_len = 4096\ntimeout = 10\n' >"$OUT/$name.options"
    rm -f "$OUT/${name}_seed_corpus.zip"
    zip -q -j -r "$OUT/${name}_seed_corpus.zip" "$seeds"
done
]])
    file(CHMOD "${folder}/build.sh" PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ
        GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
    message(STATUS "weft_clusterfuzzlite: wrote ${folder} and ${workflows}")
endfunction()
