routerate_tests(agent SOURCES agent_options_test.cc redaction_options_test.cc
                              line_splitter_test.cc file_identity_test.cc
                              checkpoint_test.cc agent_test.cc drain_test.cc labels_file_test.cc
                              rotation_test.cc between_looks_test.cc
                              dead_letters_test.cc reject_metrics_test.cc record_sizes_test.cc
                              input_metrics_test.cc agent_metrics_test.cc field_test.cc
                              topic_standing_test.cc send_window_test.cc too_large_test.cc
                              delivery_metrics_test.cc
                              kafka_error_class_test.cc parse_command_test.cc summaries_test.cc
                              reclaim_test.cc reclaim_on_disk_test.cc ../memory_file_system.cc
                THREADED kafka_producer_test.cc kafka_recovery_test.cc kafka_dead_letters_test.cc
                LIBRARIES rr_agent PkgConfig::rdkafka spdlog::spdlog prometheus-cpp::core)
