# Writes OUTPUT, a C++ source that holds the files of FOLDER called NAMES (separated by commas).
string(REPLACE "," ";" names "${NAMES}")
set(entries "")
foreach(name IN LISTS names)
  file(READ "${FOLDER}/${name}" text)
  string(APPEND entries "    {\"${name}\", R\"embedded(${text})embedded\"},\n")
endforeach()
file(WRITE "${OUTPUT}" "// Made of dashboard/ by embed.cmake.
#include \"aggregator/dashboard_files.h\"

namespace routerate {

std::span<const DashboardFile> DashboardFiles() {
  static constexpr DashboardFile kFiles[] = {
${entries}  };
  return kFiles;
}

}  // namespace routerate
")
