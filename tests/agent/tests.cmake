routerate_tests(agent SOURCES agent_options_test.cc line_splitter_test.cc file_identity_test.cc
                              checkpoint_test.cc agent_test.cc agent_history_test.cc
                              kafka_producer_test.cc parse_command_test.cc
                LIBRARIES rr_agent PkgConfig::rdkafka)
