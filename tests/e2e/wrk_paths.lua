-- Requests with varying ids, statuses and methods, a few thousand a second.
local paths = { "/orders/%d", "/products/%d", "/products/%d/reviews", "/cart/%d/items" }
local replies = { [0] = "404", [1] = "500", [2] = "201" }

function request()
  local dice = math.random(0, 99)
  local path = string.format(paths[math.random(#paths)], math.random(100000))
  local headers = { Host = "shop.example.com" }
  if replies[dice] then headers["X-Reply"] = replies[dice] end
  return wrk.format(dice < 20 and "POST" or "GET", path, headers)
end

function delay()
  return math.random(1, 3) -- milliseconds, on each connection
end
