// The hash by which answers are kept.
#include "aggregator/reviews.h"

#include <openssl/sha.h>

namespace routerate {

std::string ReviewKey(std::string_view question) {
  std::string key(SHA256_DIGEST_LENGTH, '\0');
  SHA256(reinterpret_cast<const unsigned char*>(question.data()), question.size(),
         reinterpret_cast<unsigned char*>(key.data()));
  return key;
}

}  // namespace routerate
