// What must hold for every event, whatever the bytes that it was read from. For fuzz targets: a
// broken promise ends the program with a sentence.
#pragma once

#include <string>
#include <string_view>

#include "parsers/access_event.h"

namespace routerate {

// Ends the program unless `holds`.
void Promise(bool holds, std::string_view sentence, std::string_view on_what);

// Each text is valid UTF-8, each number within its bounds, and the event's record line is one line
// of valid UTF-8 and valid JSON that says the same. The JSON is judged by a parser of another
// library.
void CheckEventPromises(const AccessEvent& event);

bool SameEvent(const AccessEvent& a, const AccessEvent& b);

}  // namespace routerate
