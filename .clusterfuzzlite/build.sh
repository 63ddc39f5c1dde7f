#!/bin/bash -eu
# Builds the fuzz targets into $OUT with the compiler, flags and engine that ClusterFuzzLite or
# OSS-Fuzz hands over, and lays their seeds, dictionaries and options beside them.
# fuzz/check-build.sh runs it without Docker.
cd "$SRC/weft"
# A compiler that is newer than those we test with may warn anew: that must not stop the fuzzing.
cmake -S . -B "$WORK/weft" -G Ninja -DCMAKE_BUILD_TYPE=None -DWEFT_WARNINGS_ARE_ERRORS=OFF \
    -DWEFT_BUILD_FUZZ=ON -DWEFT_BUILD_TESTS=OFF -DWEFT_BUILD_EXAMPLES=OFF \
    "-DLIB_FUZZING_ENGINE=$LIB_FUZZING_ENGINE"
cmake --build "$WORK/weft"

for program in "$WORK"/weft/fuzz/fuzz_*; do
    name=${program##*/}
    target=${name#fuzz_}
    cp "$program" "$OUT/"
    cp "fuzz/$target.options" "$OUT/$name.options"
    if [[ -f fuzz/$target.dict ]]; then
        cp "fuzz/$target.dict" "$OUT/$name.dict"
    fi
    rm -f "$OUT/${name}_seed_corpus.zip"
    zip -q -j -r "$OUT/${name}_seed_corpus.zip" "$WORK/weft/fuzz/seeds/$target"
done
