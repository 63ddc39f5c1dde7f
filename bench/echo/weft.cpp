// weft with its default policies.
// SPDX-License-Identifier: BSL-1.0

#include "weft_session.hpp"

int main() { return echo::serve<echo::weft_session<>, echo::typed_socket>(); }
