// Everything of floor 0, so that a change that changes no code shows as such.
#include <weft/wire/error_code.hpp>
#include <weft/wire/frame_header.hpp>
