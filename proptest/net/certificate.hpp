// A certificate and its key, made for one run of a test.
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_PROPTEST_NET_CERTIFICATE_HPP
#define WEFT_PROPTEST_NET_CERTIFICATE_HPP

#include <memory>
#include <stdexcept>
#include <string>

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

namespace weft::proptest {

/// Signed by itself, for `host`, in PEM.
class certificate
{
public:
    explicit certificate(const std::string& host)
    {
        const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> made(EVP_EC_gen("P-256"),
                                                                       &EVP_PKEY_free);
        const std::unique_ptr<X509, decltype(&X509_free)> x(X509_new(), &X509_free);
        require(made && x);
        require(X509_set_version(x.get(), 2) == 1);
        require(ASN1_INTEGER_set(X509_get_serialNumber(x.get()), 1) == 1);
        require(X509_gmtime_adj(X509_getm_notBefore(x.get()), -60) != nullptr);
        require(X509_gmtime_adj(X509_getm_notAfter(x.get()), 3600) != nullptr);
        require(X509_set_pubkey(x.get(), made.get()) == 1);
        X509_NAME* const name = X509_get_subject_name(x.get());
        const auto* const text = reinterpret_cast<const unsigned char*>(host.c_str());
        require(X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, text, -1, -1, 0) == 1);
        require(X509_set_issuer_name(x.get(), name) == 1);
        const std::string names = "DNS:" + host;
        X509_EXTENSION* const also =
            X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, names.c_str());
        require(also != nullptr && X509_add_ext(x.get(), also, -1) == 1);
        X509_EXTENSION_free(also);
        require(X509_sign(x.get(), made.get(), EVP_sha256()) != 0);
        pem_ = text_of([&](BIO* to) { return PEM_write_bio_X509(to, x.get()); });
        key_ = text_of([&](BIO* to) {
            return PEM_write_bio_PrivateKey(to, made.get(), nullptr, nullptr, 0, nullptr, nullptr);
        });
    }

    const std::string& pem() const noexcept { return pem_; }
    const std::string& key() const noexcept { return key_; }

private:
    static void require(bool good)
    {
        if (!good)
            throw std::runtime_error("OpenSSL made no certificate");
    }

    template <class Write>
    static std::string text_of(Write write)
    {
        const std::unique_ptr<BIO, decltype(&BIO_free)> to(BIO_new(BIO_s_mem()), &BIO_free);
        require(to && write(to.get()) == 1);
        char* first = nullptr;
        const long size = BIO_get_mem_data(to.get(), &first);
        return {first, static_cast<std::size_t>(size)};
    }

    std::string pem_;
    std::string key_;
};

} // namespace weft::proptest

#endif
