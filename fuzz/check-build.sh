#!/usr/bin/env bash
# check-build.sh <scratch folder> [address | undefined | coverage]…
#
# Runs .clusterfuzzlite/build.sh as ClusterFuzzLite does, but without Docker, and checks what it has
# built: what the infrastructure's own check looks at, and what it doesn't.
set -euo pipefail
here=$(cd "$(dirname "$0")/.." && pwd)
scratch=${1:?a folder to build in is needed}
shift
modes=("$@")
((${#modes[@]})) || modes=(address undefined coverage)
mkdir -p "$scratch"
scratch=$(cd "$scratch" && pwd)
wrong=0

complain() { # what
    echo "FAILED: $*" >&2
    wrong=1
}

# What the base image exports, but for the compiler's version, and for its static libc++: Debian's
# libFuzzer wants libstdc++, so that is what is linked statically.
environment() { # sanitizer
    export SANITIZER=$1 FUZZING_ENGINE=libfuzzer FUZZING_LANGUAGE=c++ ARCHITECTURE=x86_64
    export SRC=$scratch/src OUT=$scratch/$1/out WORK=$scratch/$1/work
    export CC=clang-19 CXX=clang++-19 LIB_FUZZING_ENGINE=-fsanitize=fuzzer LDFLAGS=-static-libstdc++
    local flags='-O1 -fno-omit-frame-pointer -gline-tables-only -DFUZZING_BUILD_MODE_UNSAFE_FOR_PRODUCTION'
    local undefined=array-bounds,bool,builtin,enum,function,integer-divide-by-zero,null,object-size
    undefined+=,return,returns-nonnull-attribute,shift,signed-integer-overflow
    undefined+=,unsigned-integer-overflow,unreachable,vla-bound,vptr
    case $1 in
        address) flags+=' -fsanitize=address -fsanitize-address-use-after-scope' ;;
        undefined)
            flags+=" -fsanitize=$undefined -fno-sanitize-recover=${undefined/unsigned-integer-overflow,/}"
            ;;
        coverage) flags+=' -fprofile-instr-generate -fcoverage-mapping -pthread' ;;
        *) echo "no sanitizer named $1" >&2; exit 2 ;;
    esac
    [[ $1 == coverage ]] || flags+=' -fsanitize=fuzzer-no-link'
    export CFLAGS=$flags CXXFLAGS=$flags
    export LLVM_PROFILE_FILE=$scratch/profraw
    export UBSAN_OPTIONS=silence_unsigned_overflow=1:halt_on_error=1
    rm -rf "$SRC"
    mkdir -p "$SRC/weft" "$OUT" "$WORK"
    tar -C "$here" --exclude=./build --exclude=./.git -cf - . | tar -C "$SRC/weft" -xf -
    # As the Dockerfile leaves Boost: its headers, and the files that tell CMake about them.
    local boost
    boost=$("$CXX" -x c++ -E -M - <<<'#include <boost/version.hpp>' | grep -oE '/[^ ]*/boost/version.hpp')
    mkdir -p "$scratch/local/lib/cmake/Boost" "$scratch/local/include"
    cp "$here"/.clusterfuzzlite/BoostConfig*.cmake "$scratch/local/lib/cmake/Boost/"
    ln -sfn "${boost%/version.hpp}" "$scratch/local/include/boost"
    export CMAKE_PREFIX_PATH=$scratch/local
}

# The image's library accepts the sources too.
check_libcxx() {
    local source
    for source in "$here"/fuzz/*.options; do
        source=${source%.options}.cpp
        "$CXX" -std=c++20 -stdlib=libc++ -fsyntax-only "-I$here/include" "-I$here/proptest" "$source" ||
            complain "${source##*/} needs another library than libc++"
    done
}

# Every target is there, under a name that the infrastructure takes, with all that belongs to it.
check_files() {
    local source program name
    for source in "$here"/fuzz/*.options; do
        name=fuzz_$(basename "$source" .options)
        [[ -x $OUT/$name ]] || complain "$name was not built"
    done
    for program in "$OUT"/*; do
        [[ -x $program ]] || continue
        name=${program##*/}
        [[ $name =~ ^[A-Za-z0-9_-]+$ ]] || complain "$name: no name for a target"
        grep -q LLVMFuzzerTestOneInput "$program" || complain "$name: no fuzz target"
        [[ -f $here/fuzz/${name#fuzz_}.cpp ]] || complain "$name has no source"
        [[ $(unzip -Z1 "$OUT/${name}_seed_corpus.zip" 2>/dev/null | wc -l) -gt 0 ]] ||
            complain "$name: no seeds in its zip"
        [[ ! -f $here/fuzz/${name#fuzz_}.dict || -f $OUT/$name.dict ]] || complain "$name: no dictionary"
        [[ $(head -n 1 "$OUT/$name.options") == '[libfuzzer]' ]] || complain "$name: no options"
        ! grep -vqE '^(\[libfuzzer\]|#.*|[a-z_]+ = [0-9]+)$' "$OUT/$name.options" ||
            complain "$name: options that nothing reads"
    done
}

# Nothing is needed at run time but what the base image has.
check_libraries() { # program
    local library
    while read -r library; do
        [[ $library =~ ^(linux-vdso|lib(c|m|dl|rt|pthread|gcc_s|resolv)|/lib64/ld-linux-x86-64)\.so\.[0-9]+$ ]] ||
            complain "${1##*/} needs $library"
    done < <(ldd "$1" | awk '{ print $1 }')
}

# The sanitizer is in it, and no other one; the fuzzer sees edges. What is counted are the calls that
# only instrumented code makes: a target that does nothing has none, though it is linked with both.
check_instrumentation() { # program
    local name=${1##*/} code address undefined edges
    code=$(objdump -d --no-show-raw-insn "$1" |
        grep -oE 'callq? .*<__(asan_report_(load|store)|ubsan_handle).*' || true)
    address=$(grep -c asan <<<"$code" || true)
    undefined=$(grep ubsan <<<"$code" | grep -vc cfi_bad_type || true) # that one is the library's own
    case $SANITIZER in
        address) ((address >= 10 && undefined == 0)) ;;
        undefined) ((address == 0 && undefined >= 10)) ;;
        coverage) ((address + undefined == 0)) ;;
    esac || complain "$name: $address calls of asan and $undefined of ubsan, in a build for $SANITIZER"
    if [[ $SANITIZER == coverage ]]; then
        objdump -h "$1" | grep -q __llvm_prf_cnts || complain "$name: nothing is counted for a report"
        return
    fi
    edges=$(sed -nE 's/.*\(([0-9]+) inline 8-bit counters\).*/\1/p' "$scratch/log" | head -n 1)
    ((${edges:-0} >= 100)) || complain "$name: only ${edges:-0} edges"
}

# It starts, reads its dictionary, and takes an empty input.
check_start() { # program
    local name=${1##*/} options=(-runs=4 -seed=1337)
    [[ ! -f $1.dict ]] || options+=("-dict=$1.dict")
    : >"$scratch/empty"
    (cd / && "$1" "${options[@]}") >"$scratch/log" 2>&1 || complain "$name does not start: $(tail -n 3 "$scratch/log")"
    grep -q 'Done 4 runs' "$scratch/log" || complain "$name ends before its time"
    (cd / && "$1" "$scratch/empty") >/dev/null 2>&1 || complain "$name fails on an empty input"
}

# Beside the programs that were built, the same ones with another engine: it searches nothing, and
# prints what an input counts. Not for undefined behaviour, whose check of vptr keeps a cache.
build_traces() {
    "$CXX" -std=c++20 -O1 -c "$here/fuzz/trace_main.cpp" -o "$scratch/trace.o" &&
        cmake "$WORK/weft" "-DLIB_FUZZING_ENGINE=$scratch/trace.o" && cmake --build "$WORK/weft"
}

# Each seed passes, and counts the same in another process behind other seeds: a target is a function of
# its input, and remembers nothing.
check_seeds() { # program
    local name=${1##*/} folder=$scratch/seeds order seeds seed
    rm -rf "$folder"
    mkdir -p "$folder"
    unzip -q -o "$1_seed_corpus.zip" -d "$folder"
    for order in '' -r; do
        mapfile -t seeds < <(find "$folder" -type f | LC_ALL=C sort $order)
        "$1" "${seeds[@]}" >"$scratch/log" 2>&1 ||
            complain "$name fails on a seed: $(tail -n 3 "$scratch/log")"
        [[ $SANITIZER == address ]] || return 0
        "$WORK/weft/fuzz/$name" "${seeds[@]}" >"$scratch/traces$order" || complain "$name: not every seed has a trace"
    done
    while read -r seed; do
        complain "$name does not always do the same with ${seed##*/}"
    done < <(sort -u "$scratch/traces" "$scratch/traces-r" | cut -d ' ' -f 2- | sort | uniq -d)
}

for mode in "${modes[@]}"; do
    began=$SECONDS
    environment "$mode"
    rm -rf "$OUT"
    mkdir -p "$OUT"
    if ! bash -eux "$SRC/weft/.clusterfuzzlite/build.sh" >"$scratch/$mode/log" 2>&1; then
        tail -n 40 "$scratch/$mode/log" >&2
        complain "$mode: the build"
        continue
    fi
    # The infrastructure moves what was built.
    rm -rf "$scratch/$mode/moved"
    mv "$OUT" "$scratch/$mode/moved"
    OUT=$scratch/$mode/moved
    check_files
    targets=0
    if [[ $mode == address ]] && ! build_traces >"$scratch/$mode/log" 2>&1; then
        tail -n 40 "$scratch/$mode/log" >&2
        complain "$mode: the build with trace_main.cpp"
        continue
    fi
    for program in "$OUT"/fuzz_*; do
        [[ -x $program ]] || continue
        targets=$((targets + 1))
        check_libraries "$program"
        check_start "$program"
        check_instrumentation "$program"
        check_seeds "$program"
    done
    echo "$mode: $targets targets built and checked, $((SECONDS - began)) s"
done
check_libcxx
exit $wrong
