// A small pool of random bytes, filled by the operating system's generator.
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_POLICY_ENTROPY_POOL_HPP
#define WEFT_POLICY_ENTROPY_POOL_HPP

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdlib>
#include <span>

#if defined(__unix__) || defined(__APPLE__)
#define WEFT_HAS_GETENTROPY 1
#include <pthread.h>
#include <unistd.h>
#if defined(__APPLE__)
#include <sys/random.h>
#endif
#else
#define WEFT_HAS_GETENTROPY 0
#include <random>
#endif

namespace weft::detail {

/// Counts the forks of this process, so that a child never hands out its parent's bytes.
class fork_count
{
public:
    static unsigned now() noexcept
    {
#if WEFT_HAS_GETENTROPY
        [[maybe_unused]] static const int registered = ::pthread_atfork(
            nullptr, nullptr, [] { count_.fetch_add(1, std::memory_order_relaxed); });
#endif
        return count_.load(std::memory_order_relaxed);
    }

private:
    static inline constinit std::atomic<unsigned> count_{0};
};

/// One pool for each thread: no lock, one system call for each 256 bytes, and each byte is handed
/// out once and erased. There is no generator of our own between the system's and the user.
class entropy_pool
{
public:
    static entropy_pool& of_this_thread() noexcept
    {
        static thread_local entropy_pool pool;
        return pool;
    }

    /// Fills `out`, at most 256 bytes, with bytes that were never handed out before. Ends the
    /// program if the system has no randomness: going on would be predictable. O(n), amortised.
    void take(std::span<std::byte> out) noexcept
    {
        if (left_ < out.size() || forks_ != fork_count::now())
            refill();
        left_ -= out.size();
        const auto taken = std::span(bytes_).subspan(left_, out.size());
        std::copy(taken.begin(), taken.end(), out.begin());
        std::fill(taken.begin(), taken.end(), std::byte{0});
    }

private:
    void refill() noexcept
    {
#if WEFT_HAS_GETENTROPY
        if (::getentropy(bytes_.data(), bytes_.size()) != 0)
            std::abort();
#else
        // On Windows this is the system's generator; an exception ends the program (noexcept).
        std::random_device device;
        for (std::byte& b : bytes_)
            b = static_cast<std::byte>(device() & 0xFF);
#endif
        left_ = bytes_.size();
        forks_ = fork_count::now();
    }

    std::array<std::byte, 256> bytes_{};
    std::size_t left_ = 0;
    unsigned forks_ = 0;
};

} // namespace weft::detail

#endif
