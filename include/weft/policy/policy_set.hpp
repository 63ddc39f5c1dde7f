// One policy for each slot, in fixed order: what every template below the front is made of.
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_POLICY_POLICY_SET_HPP
#define WEFT_POLICY_POLICY_SET_HPP

#include <weft/policy/budget.hpp>
#include <weft/policy/buffer.hpp>
#include <weft/policy/key_source.hpp>
#include <weft/policy/masking.hpp>
#include <weft/policy/observer.hpp>
#include <weft/policy/peer_masking.hpp>
#include <weft/policy/role.hpp>
#include <weft/policy/timing.hpp>
#include <weft/policy/utf8.hpp>
#include <weft/policy/writing.hpp>

namespace weft {

template <role_policy Role, masking_policy Masking, key_source_policy KeySource,
          peer_masking_policy PeerMasking, utf8_policy Utf8, buffer_policy Buffer,
          budget_policy Budget, timing_policy Timing, observer_policy Observer,
          writing_policy Writing>
struct policy_set
{
    using role = Role;
    using masking = Masking;
    using key_source = KeySource;
    using peer_masking = PeerMasking;
    using utf8 = Utf8;
    using buffer = Buffer;
    using budget = Budget;
    using timing = Timing;
    using observer = Observer;
    using writing = Writing;
};

} // namespace weft

#endif
