"""What clients send that they should not: whole requests, and values of parameters."""

HOST = b"Host: x\r\n"
CHUNKED = b"Transfer-Encoding: chunked\r\n"


def post(headers, body):
    return b"POST /stats HTTP/1.1\r\n" + HOST + headers + b"\r\n" + body


# What is wrong: (bytes, statuses that are right; 0: closed without an answer)
REQUESTS = {
    "no HTTP": (b"hello\r\n\r\n", {400}),
    "TLS on a plain port": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 500, {400}),
    "NUL bytes": (b"\0" * 100, {400}),
    "NUL in the path": (b"GET /st\0ats HTTP/1.1\r\n" + HOST + b"\r\n", {400}),
    "NUL in a header": (b"GET /stats HTTP/1.1\r\nHost: x\r\nX: a\0b\r\n\r\n", {400}),
    "HTTP/0.9": (b"GET /stats\r\n\r\n", {400}),
    "HTTP/2's preface": (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", {400}),
    "HTTP/1.2": (b"GET /stats HTTP/1.2\r\n" + HOST + b"\r\n", {400}),
    "lines that end in LF": (b"GET /stats HTTP/1.1\nHost: x\n\n", {400}),
    "a space too many": (b"GET  /stats HTTP/1.1\r\n" + HOST + b"\r\n", {400}),
    "a space before the colon": (b"GET /stats HTTP/1.1\r\nHost : x\r\n\r\n", {400}),
    "a header without a name": (b"GET /stats HTTP/1.1\r\n" + HOST + b": x\r\n\r\n", {400}),
    "no Host": (b"GET /stats HTTP/1.1\r\n\r\n", {400}),
    "two Hosts": (b"GET /stats HTTP/1.1\r\n" + HOST + HOST + b"\r\n", {400}),
    "an unknown method": (b"BREW /stats HTTP/1.1\r\n" + HOST + b"\r\n", {405}),
    "a method in small letters": (b"get /stats HTTP/1.1\r\n" + HOST + b"\r\n", {405}),
    "CONNECT": (b"CONNECT x:80 HTTP/1.1\r\n" + HOST + b"\r\n", {405}),
    "OPTIONS *": (b"OPTIONS * HTTP/1.1\r\n" + HOST + b"\r\n", {405}),
    "GET *": (b"GET * HTTP/1.1\r\n" + HOST + b"\r\n", {404}),
    "a path without a slash": (b"GET stats HTTP/1.1\r\n" + HOST + b"\r\n", {404}),
    "a path with dots": (b"GET /../stats HTTP/1.1\r\n" + HOST + b"\r\n", {404}),
    "another scheme": (b"GET ftp://x/stats HTTP/1.1\r\n" + HOST + b"\r\n", {404}),
    "a long path": (b"GET /" + b"a" * 20_000 + b" HTTP/1.1\r\n" + HOST + b"\r\n", {431}),
    "a long header": (b"GET /stats HTTP/1.1\r\nX: " + b"a" * 20_000 + b"\r\n\r\n", {431}),
    "many headers": (b"GET /stats HTTP/1.1\r\n" + b"A: b\r\n" * 5_000 + b"\r\n", {431}),
    "a large body": (post(b"Content-Length: 5000\r\n", b"a" * 5_000), {413}),
    "a larger body": (post(b"Content-Length: 18446744073709551615\r\n", b"a"), {413}),
    "a length past 64 bits": (post(b"Content-Length: 18446744073709551616\r\n", b"a"), {400}),
    "a length below 0": (post(b"Content-Length: -1\r\n", b"a"), {400}),
    "a length in hex": (post(b"Content-Length: 0x5\r\n", b"hello"), {400}),
    "two lengths": (post(b"Content-Length: 5\r\nContent-Length: 6\r\n", b"hello!"), {400}),
    "a list of lengths": (post(b"Content-Length: 5, 6\r\n", b"hello!"), {400}),
    "chunked with a length": (post(CHUNKED + b"Content-Length: 5\r\n", b"0\r\n\r\n"), {400}),
    "a length, and chunked": (post(b"Content-Length: 5\r\n" + CHUNKED, b"0\r\n\r\n"), {400}),
    "chunked twice": (post(CHUNKED + CHUNKED, b"0\r\n\r\n"), {400}),
    "gzip and chunked": (post(b"Transfer-Encoding: gzip, chunked\r\n", b"0\r\n\r\n"), {400}),
    "gzip alone": (post(b"Transfer-Encoding: gzip\r\n", b"hello"), {400}),
    "a chunk's size that is none": (post(CHUNKED, b"five\r\nhello\r\n0\r\n\r\n"), {400}),
    "a chunk's size past 64 bits": (post(CHUNKED, b"F" * 17 + b"\r\nhello\r\n0\r\n\r\n"), {400}),
    "a large chunk": (post(CHUNKED, b"FFFFFFFF\r\nhello"), {413}),
    "a chunk without its end": (post(CHUNKED, b"5\r\nhello!!0\r\n\r\n"), {400}),
    "half a request line": (b"GET /sta", {0, 400}),
    "half a header": (b"GET /stats HTTP/1.1\r\nHos", {0, 400}),
    "half a body": (post(b"Content-Length: 5\r\n", b"he"), {0, 400}),
    "half a chunk": (post(CHUNKED, b"5\r\nhe"), {0, 400}),
}

# Values as they stand in a query, escapes included.
VALUES = (
    "", "0", "-1", "1e9", "01", "+1", "%201", "18446744073709551616", "9" * 400, "1.5", "0x10",
    "true", "null", "%00", "a%00b", "%FF", "%C3%28", "%ED%A0%80", "%F0%9F%98%80", "%", "%2", "%zz",
    "%25", "%0d%0aX-Injected:%20yes", "%0A", "%1B[2J", "%E2%80%A8", "a" * 5_000, "..%2F..%2Fetc",
    "%3Cscript%3E", "%22%27%5C", "=", "a=b=c", "%26format=json", "%2B", "*", "-", "(((", "[", "a{1001}",
    "((a{100}){100}){100}", "(a*)*b", "%5CpL" * 300, "(%3FP%3Cn", "%5CC", "text,json", "req/s_1m")
