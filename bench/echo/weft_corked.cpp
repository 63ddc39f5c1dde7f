// weft gathering the answers to all messages that one read has brought; so the buffer should hold
// many of them.
// SPDX-License-Identifier: BSL-1.0

#include "weft_session.hpp"

using session = echo::weft_session<weft::writing::corked<65536>, weft::buffer::flat<65536>>;

int main() { return echo::serve<session, echo::typed_socket>(); }
