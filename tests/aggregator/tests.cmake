set(kafka_tests kafka_consumer_test.cc)
# librdkafka starts its threads with thrd_create, which g++ 12's thread sanitizer does not know: the
# first allocation in such a thread crashes.
if(ROUTERATE_SANITIZE MATCHES thread)
  set(kafka_tests "")
endif()
routerate_tests(aggregator
  SOURCES aggregator_options_test.cc aggregator_test.cc event_time_buckets_test.cc
          high_water_marks_test.cc latency_sketch_test.cc rate_history_test.cc
          record_intake_test.cc service_time_test.cc shipped_routes_test.cc stats_views_test.cc
          ${kafka_tests}
  LIBRARIES rr_aggregator PkgConfig::rdkafka Boost::json spdlog::spdlog)
