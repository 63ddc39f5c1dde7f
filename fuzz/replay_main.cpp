// The main of a fuzz target for compilers that have no libFuzzer.
#include <weft/test/replay.hpp>

int main(int argc, char** argv) { return weft::test::replay_main(argc, argv); }
