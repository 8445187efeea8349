// What the kernel tells of files, for those who follow them. A hint: who needs to be right looks
// for himself from time to time.
#pragma once

#include <string>
#include <vector>

namespace routerate {

// What was told since the last time.
struct FileChanges {
  bool names = false;  // in a watched directory files may have come, gone or been renamed
  bool all = false;  // something could not be told (a queue overflowed): anything may have changed
  std::vector<std::string> contents;  // files that were written: "<watched directory>/<name>"

  bool Empty() const { return !names && !all && contents.empty(); }
};

class FileWatch {
 public:
  virtual ~FileWatch() = default;
  // From now on what changes in `directory` is told, also after it was removed and made anew, or
  // its name leads to another one, if this is called again. False: it is not told (the directory is
  // not there, no watches are left, nobody watches).
  virtual bool Watch(const std::string& directory) = 0;
};

}  // namespace routerate
