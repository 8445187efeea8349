"""Where metrics API servers do not answer alike, and why (api_comparison.compare)."""

from api_comparison import Difference

# What our questions expect, and custom-metrics-apiserver's answer.
EXPECTED_AND_REFERENCE = (
    Difference("client: *_id!=none", "* items", "500 *", "its library cannot repeat !="),
    Difference("client: *color!=red", "* items", "500 *", "its library cannot repeat !="),
)
