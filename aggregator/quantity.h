// Numbers as Kubernetes' resource.Quantity writes them: "12500m" is 12.5, "250u" is 0.00025.
// (apimachinery pkg/api/resource/quantity.go)
#pragma once

#include <string>

namespace routerate {

// In thousandths, the finest that an HPA reads, rounded up: a rate above 0 is never told as 0.
// 0 <= value < 10^12.
std::string MilliQuantity(double value);

// In millionths, likewise: for seconds that are mostly thousandths.
std::string MicroQuantity(double value);

}  // namespace routerate
