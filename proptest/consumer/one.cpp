#include <weft/weft.hpp>

int two();

int main() { return two() - 2; }
