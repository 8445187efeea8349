// The text of charts/routerate/files/sidecar.yaml, built in.
#pragma once

namespace routerate {

extern const char kDefaultSidecar[];

}  // namespace routerate
