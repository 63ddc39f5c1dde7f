// Every kernel, and how one is chosen.
#include <weft/kernel/mask_kernels.hpp>
#include <weft/kernel/utf8_kernels.hpp>
#include <weft/kernel/utf8_text.hpp>

template class weft::kernel::utf8_text<weft::kernel::utf8_best>;

namespace weft::kernel {

std::size_t probe(std::size_t n)
{
    return mask_kernels().size() + utf8_kernels().size() + utf8_best::prefix(nullptr, n);
}

} // namespace weft::kernel
