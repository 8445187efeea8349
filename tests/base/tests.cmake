routerate_tests(base SOURCES units_test.cc yaml_config_test.cc file_system_test.cc
                             ../memory_file_system.cc http_server_test.cc waiter_test.cc
                LIBRARIES rr_base)
