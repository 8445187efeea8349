routerate_tests(base SOURCES units_test.cc yaml_config_test.cc file_system_test.cc
                             waiter_test.cc certificate_test.cc
                     THREADED http_server_test.cc http_stream_test.cc http_tls_test.cc http_client_test.cc
                LIBRARIES rr_base OpenSSL::SSL)
