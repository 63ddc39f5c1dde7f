// Counts a program's system calls that read, write or wait, and what it asks of the heap: to be
// preloaded (glibc). At SIGTERM it prints "calls", reads, writes, waits, allocations.
// SPDX-License-Identifier: BSL-1.0

#include <csignal>
#include <cstddef>
#include <cstdio>

#include <dlfcn.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

namespace {

struct
{
    std::size_t reads, writes, waits, allocations;
} counted;

void print_and_end(int)
{
    char line[128];
    const int n = std::snprintf(line, sizeof line, "calls %zu %zu %zu %zu\n", counted.reads,
                                counted.writes, counted.waits, counted.allocations);
    ::_exit(::write(STDERR_FILENO, line, static_cast<std::size_t>(n)) == n ? 0 : 1);
}

[[maybe_unused]] const auto installed = std::signal(SIGTERM, print_and_end);

} // namespace

#define COUNT_CALL(counter, result, name, parameters, arguments)                                   \
    extern "C" result name parameters                                                              \
    {                                                                                              \
        static auto* const real = reinterpret_cast<result(*) parameters>(dlsym(RTLD_NEXT, #name)); \
        ++counted.counter;                                                                         \
        return real arguments;                                                                     \
    }

COUNT_CALL(reads, ssize_t, read, (int a, void* b, size_t c), (a, b, c))
COUNT_CALL(reads, ssize_t, readv, (int a, const iovec* b, int c), (a, b, c))
COUNT_CALL(reads, ssize_t, recv, (int a, void* b, size_t c, int d), (a, b, c, d))
COUNT_CALL(reads, ssize_t, recvmsg, (int a, msghdr* b, int c), (a, b, c))
COUNT_CALL(writes, ssize_t, write, (int a, const void* b, size_t c), (a, b, c))
COUNT_CALL(writes, ssize_t, writev, (int a, const iovec* b, int c), (a, b, c))
COUNT_CALL(writes, ssize_t, send, (int a, const void* b, size_t c, int d), (a, b, c, d))
COUNT_CALL(writes, ssize_t, sendmsg, (int a, const msghdr* b, int c), (a, b, c))
COUNT_CALL(waits, int, epoll_wait, (int a, epoll_event* b, int c, int d), (a, b, c, d))
COUNT_CALL(waits, int, poll, (pollfd * a, nfds_t b, int c), (a, b, c))

// Not by dlsym, which allocates. operator new calls malloc.
#define COUNT_ALLOCATION(name, libc, parameters, arguments)                                        \
    extern "C" void* libc parameters noexcept;                                                     \
    extern "C" void* name parameters noexcept                                                      \
    {                                                                                              \
        ++counted.allocations;                                                                     \
        return libc arguments;                                                                     \
    }

COUNT_ALLOCATION(malloc, __libc_malloc, (std::size_t a), (a))
COUNT_ALLOCATION(calloc, __libc_calloc, (std::size_t a, std::size_t b), (a, b))
COUNT_ALLOCATION(realloc, __libc_realloc, (void* a, std::size_t b), (a, b))
COUNT_ALLOCATION(aligned_alloc, __libc_memalign, (std::size_t a, std::size_t b), (a, b))
