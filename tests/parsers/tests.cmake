find_package(ZLIB REQUIRED)
routerate_tests(parsers SOURCES
  decimal_test.cc timestamp_test.cc request_line_test.cc text_escapes_test.cc
  nginx_json_test.cc tomcat_json_test.cc combined_line_test.cc line_parser_test.cc
  log_corpora_test.cc event_redaction_test.cc event_record_test.cc record_headers_test.cc pod_description_test.cc summary_record_test.cc request_summary_test.cc
  path_template_test.cc route_id_test.cc route_matcher_test.cc route_target_test.cc rule_set_test.cc latency_sketch_test.cc
  hostile_values_test.cc hostile_text.cc hostile_escapes.cc hostile_lines.cc hostile_nginx.cc
  hostile_tomcat.cc hostile_combined.cc hostile_servers.cc hostile_check.cc hostile_log.cc
  LIBRARIES rr_parsers ZLIB::ZLIB)
