// A server's certificate and key, as they are in their files now.
#pragma once

#include <string>

#include "base/file_system.h"
#include "base/reloaded.h"
#include "base/tls_context.h"

namespace routerate {

// One thread at a time.
class TlsCertificate {
 public:
  // Fails when the files cannot be read, or do not hold a certificate and its key.
  static Result<TlsCertificate> Load(FileSystem& files, std::string certificate_path,
                                     std::string key_path);

  // Reads the files again. What is broken, or half written, is refused: the failure says why, and
  // what was there before stays.
  Result<Reloaded> Reload(FileSystem& files);

  const TlsContext& context() const { return context_; }
  WallMs not_after() const { return not_after_; }

 private:
  TlsCertificate(std::string certificate_path, std::string key_path)
      : certificate_path_(std::move(certificate_path)), key_path_(std::move(key_path)) {}

  std::string certificate_path_;
  std::string key_path_;
  std::string certificate_;  // the texts behind the context
  std::string key_;
  TlsContext context_;
  WallMs not_after_ = 0;
};

}  // namespace routerate
