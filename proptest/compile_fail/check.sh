#!/usr/bin/env bash
# check.sh gcc|clang <file> <compiler> [flag…]    the file must be refused, in the expected words
# check.sh --self-test <compiler>                 this check itself must tell right from wrong
#
# The expectations are comments at the very top of the file, each as often as needed:
#     // expect: text           in the output of every compiler
#     // expect-gcc: text       of g++ only
#     // expect-clang: text     of clang++ only
#     // max-lines: 20          no more output than this
# A file that expects nothing of a compiler proves nothing, and fails.
set -euo pipefail
export LC_ALL=C # plain quotes in the compiler's messages

fail() { echo "FAILED: $1"; echo "--- the compiler said:"; cat "$2"; exit 1; }

check() { # family file compiler flags…
    local family=$1 file=$2 compiler=$3 key text wanted=0 max_lines=0
    shift 3
    said=$(mktemp) # not local: the trap outlives this function
    trap 'rm -f "$said"' EXIT
    if "$compiler" -std=c++20 -fsyntax-only -fdiagnostics-color=never "$@" "$file" >"$said" 2>&1; then
        fail "it compiles" "$said"
    fi
    while IFS= read -r line && [[ $line == //* ]]; do
        [[ $line =~ ^//\ (expect|expect-gcc|expect-clang|max-lines):\ (.+)$ ]] || continue
        key=${BASH_REMATCH[1]} text=${BASH_REMATCH[2]}
        case $key in
            max-lines) max_lines=$text ;;
            expect | "expect-$family")
                wanted=$((wanted + 1))
                grep -qF -- "$text" "$said" || fail "the message lacks: $text" "$said" ;;
        esac
    done <"$file"
    ((wanted > 0)) || fail "the file expects nothing of $family" "$said"
    if ((max_lines > 0 && $(wc -l <"$said") > max_lines)); then
        fail "the message has $(wc -l <"$said") lines, allowed are $max_lines" "$said"
    fi
}

self_test() { # compiler
    local compiler=$1 folder wrong=0 verdict expected
    folder=$(mktemp -d)
    local refused='static_assert(sizeof(char) == 2, "a char is not that wide");'
    printf '// expect: a char is not that wide\n// max-lines: 20\n%s\n' "$refused" >"$folder/good.cpp"
    printf '// expect: a char is not that wide\nint compiles;\n' >"$folder/compiles.cpp"
    printf '// expect: other words\n%s\n' "$refused" >"$folder/other_words.cpp"
    printf '// expect: a char is not\n// expect-gcc: other words\n%s\n' "$refused" >"$folder/one_of_two.cpp"
    printf '// expect-clang: a char is not that wide\n%s\n' "$refused" >"$folder/nothing.cpp"
    printf '// expect: a char is not that wide\n// max-lines: 1\n%s\n%s\n' "$refused" "$refused" >"$folder/long.cpp"
    for file in "$folder"/*.cpp; do
        expected=refuse
        [[ $file == */good.cpp ]] && expected=accept
        verdict=refuse
        (check gcc "$file" "$compiler") >/dev/null && verdict=accept
        if [[ $verdict != "$expected" ]]; then
            echo "FAILED: $(basename "$file"): $verdict, not $expected"
            wrong=1
        fi
    done
    rm -rf "$folder"
    return $wrong
}

if [[ $1 == --self-test ]]; then
    self_test "$2"
else
    check "$@"
fi
