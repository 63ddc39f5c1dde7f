#include <weft/weft.hpp>

int two();

int two() { return 2; }
