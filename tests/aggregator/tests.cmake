routerate_tests(aggregator
  SOURCES aggregator_options_test.cc count_record_test.cc counts_replication_test.cc
          counts_start_test.cc dashboard_pages_test.cc event_time_buckets_test.cc high_water_marks_test.cc
          latency_tally_test.cc max_routes_test.cc merged_latency_test.cc
          pod_descriptions_test.cc pod_stats_test.cc rate_history_test.cc recent_history_test.cc record_intake_test.cc
          routes_command_test.cc rule_index_test.cc series_metrics_test.cc service_time_test.cc
          shipped_routes_test.cc stats_csv_test.cc stats_page_test.cc stats_views_test.cc
          summary_corpora_test.cc summary_counts_test.cc target_stats_test.cc top_screen_test.cc
          workload_stats_test.cc
          label_selector_test.cc metric_question_test.cc metrics_api_test.cc metrics_world.cc
          quantity_test.cc request_info_test.cc route_values_test.cc
          access_tokens_test.cc http_access_test.cc token_buckets_test.cc
  THREADED aggregator_test.cc api_server_test.cc api_security_test.cc api_world.cc
           stand_in_api_server.cc kafka_consumer_test.cc kafka_counts_log_test.cc
           http_port_test.cc probe_test.cc
  LIBRARIES rr_aggregator ZLIB::ZLIB PkgConfig::rdkafka Boost::json prometheus-cpp::core
            spdlog::spdlog OpenSSL::SSL)
