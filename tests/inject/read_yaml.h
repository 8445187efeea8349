// A YAML text that must be one, as nodes.
#pragma once

#include <catch2/catch.hpp>
#include <string>
#include <utility>

#include "inject/yaml_reader.h"

namespace routerate {

inline YamlNode Read(const std::string& text) {
  auto node = ReadYaml(text);
  INFO(text << ": " << (node ? "" : node.error().message));
  REQUIRE(node.has_value());
  return *std::move(node);
}

}  // namespace routerate
