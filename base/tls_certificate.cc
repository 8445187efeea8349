// Both files are read whole each time: they are small, and a time of modification says less than
// their content, where a Secret is mounted by symbolic links.
#include "base/tls_certificate.h"

#include <fmt/format.h>

#include <utility>

namespace routerate {

Result<TlsCertificate> TlsCertificate::Load(FileSystem& files, std::string certificate_path,
                                            std::string key_path) {
  TlsCertificate certificate(std::move(certificate_path), std::move(key_path));
  if (auto loaded = certificate.Reload(files); !loaded) {
    return std::unexpected(std::move(loaded.error()));
  }
  return certificate;
}

Result<Reloaded> TlsCertificate::Reload(FileSystem& files) {
  auto certificate = files.ReadWhole(certificate_path_);
  if (!certificate) return std::unexpected(std::move(certificate.error()));
  auto key = files.ReadWhole(key_path_);
  if (!key) return std::unexpected(std::move(key.error()));
  if (context_ && *certificate == certificate_ && *key == key_) return Reloaded::kSame;
  WallMs not_after = 0;
  auto context = ServerTlsContext(*certificate, *key, &not_after);
  if (!context) {
    return Fail(
        fmt::format("{} with {}: {}", certificate_path_, key_path_, context.error().message));
  }
  certificate_ = std::move(*certificate);
  key_ = std::move(*key);
  context_ = std::move(*context);
  not_after_ = not_after;
  return Reloaded::kNew;
}

}  // namespace routerate
