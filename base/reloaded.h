// What reading a file again has found.
#pragma once

namespace routerate {

enum class Reloaded { kSame, kNew };

}  // namespace routerate
