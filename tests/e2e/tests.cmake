# End-to-end tests: each runs the real programs. All of them with the programs of preset dev, label
# e2e; with sanitizers one pipeline over the embedded broker, which needs nothing but the programs.
find_package(Python3 REQUIRED COMPONENTS Interpreter)

# FOLDER: of the module, by default e2e.
# PAIRED: runs beside another such test. It has what it needs to itself and asks nothing of time.
function(routerate_end_to_end claim)
  cmake_parse_arguments(arg "KAFKA;KUBERNETES;PACKAGES;PAIRED" "RUN;FOLDER;SECONDS;LABEL" "" ${ARGN})
  string(REGEX MATCH "^[a-z_]+" module ${arg_RUN})
  string(REGEX REPLACE "^[a-z_]+\\.?" "" test "${arg_RUN}")
  if(NOT arg_FOLDER)
    set(arg_FOLDER e2e)
  endif()
  set(name "e2e: ${claim}")
  add_test(NAME ${name} COMMAND ${Python3_EXECUTABLE} -B
           ${CMAKE_CURRENT_SOURCE_DIR}/${arg_FOLDER}/${module}.py -v ${test})
  set(environment ROUTERATE_BUILD=${PROJECT_BINARY_DIR})
  set(fixtures "")
  if(arg_KAFKA)
    list(APPEND environment ROUTERATE_KAFKA=${PROJECT_BINARY_DIR}/kafka)
    list(APPEND fixtures kafka)
  endif()
  if(arg_KUBERNETES)
    list(APPEND fixtures kubernetes)
  endif()
  if(arg_PACKAGES)
    list(APPEND fixtures packages)
  endif()
  set_tests_properties(${name} PROPERTIES FIXTURES_REQUIRED "${fixtures}")
  set_tests_properties(${name} PROPERTIES ENVIRONMENT "${environment}" LABELS "${arg_LABEL}"
                       TIMEOUT ${arg_SECONDS})
  if(NOT arg_PAIRED)
    set_tests_properties(${name} PROPERTIES RUN_SERIAL TRUE)
  endif()
endfunction()

if(ROUTERATE_SANITIZE)
  routerate_end_to_end("draining loses nothing, embedded broker" RUN test_drain.Drain.test_embedded
                       SECONDS 180 LABEL pipeline)
  return()
endif()

set(scripts ${CMAKE_CURRENT_SOURCE_DIR}/kafka)
set(folder ${PROJECT_BINARY_DIR}/kafka)
# What an interrupted run left behind goes first.
add_test(NAME "e2e: kafka up" COMMAND bash -c
         "./kafka_down.sh ${folder} && rm -rf ${folder} && ./kafka_up.sh ${folder}"
         WORKING_DIRECTORY ${scripts})
add_test(NAME "e2e: kafka down" COMMAND ${scripts}/kafka_down.sh ${folder})
set_tests_properties("e2e: kafka up" PROPERTIES FIXTURES_SETUP kafka LABELS e2e TIMEOUT 300)
set_tests_properties("e2e: kafka down" PROPERTIES FIXTURES_CLEANUP kafka LABELS e2e TIMEOUT 60)

# Compiles for minutes the first time, beside tests that mostly wait, and not beside another such one.
add_test(NAME "e2e: kubernetes" COMMAND nice -n 19 ${CMAKE_CURRENT_SOURCE_DIR}/kubernetes/build.sh)
set_tests_properties("e2e: kubernetes" PROPERTIES FIXTURES_SETUP kubernetes LABELS e2e TIMEOUT 1800
                     COST 1000 RESOURCE_LOCK compiling)

function(routerate_e2e)
  routerate_end_to_end(${ARGV} LABEL e2e)
endfunction()

routerate_e2e("what a user sees of a mistake" RUN test_user_errors SECONDS 120 PAIRED)
routerate_e2e("what inject prints, and what it refuses" RUN test_inject_command SECONDS 60 PAIRED)
routerate_e2e("stats, metrics, health and heartbeats" RUN test_views SECONDS 120)
routerate_e2e("the HTTP port asks for a token, speaks TLS and limits its clients"
              RUN test_http_access SECONDS 240 PAIRED)
routerate_e2e("what a client does wrong is told as its mistake" RUN test_http_requests SECONDS 240 PAIRED)
routerate_e2e("docs/stats.md: its commands work, and its schema is the rows'" RUN test_stats_docs
              SECONDS 240 PAIRED)
routerate_e2e("the dashboard in a browser: what it shows, and what it does without data"
              RUN test_dashboard SECONDS 300 PAIRED)
routerate_e2e("top in a terminal" RUN test_top SECONDS 60 PAIRED)
# The release build is there: the documents' own commands find nothing to build.
routerate_e2e("the documents' commands do what the documents say" RUN test_documents.Documents
              SECONDS 1500 PACKAGES)
routerate_e2e("the documents' commands for Kubernetes work on a real API server"
              RUN test_documents.InKubernetes SECONDS 300 KUBERNETES PAIRED)
routerate_e2e("the corpora's counts are the truth, embedded broker"
              RUN test_corpora.Corpora.test_embedded SECONDS 300 PAIRED)
routerate_e2e("the corpora's counts are the truth, real Kafka"
              RUN test_corpora.Corpora.test_kafka SECONDS 300 KAFKA PAIRED)
routerate_e2e("draining loses nothing, embedded broker"
              RUN test_drain.Drain.test_embedded SECONDS 120 PAIRED)
routerate_e2e("draining loses nothing, real Kafka"
              RUN test_drain.Drain.test_kafka SECONDS 120 KAFKA PAIRED)
foreach(watch inotify poll)
  routerate_e2e("whatever happens to a file, its lines are delivered once or told lost, ${watch}"
                RUN test_rotations.Rotations.test_${watch} SECONDS 420)
endforeach()
routerate_e2e("whatever happens to a file, its lines are delivered once or told lost, real Kafka"
              RUN test_rotations.Rotations.test_kafka SECONDS 300 KAFKA)
routerate_e2e("a real logrotate under a loaded nginx loses nothing" RUN test_logrotate SECONDS 300 KAFKA)
routerate_e2e("a storm of rotations, kill -9 and restarts of the broker changes no count"
              RUN test_storm SECONDS 300)
routerate_e2e("ten kill -9 under a loaded nginx change no count" RUN test_kills SECONDS 300 KAFKA)
routerate_e2e("summaries count as events do, through eight kill -9" RUN test_summaries SECONDS 300
              KAFKA PAIRED)
routerate_e2e("a broker's restart loses nothing" RUN test_broker_restart SECONDS 240 PAIRED)
routerate_e2e("three replicas say the same, and the truth, through kill -9"
              RUN test_replicas SECONDS 400)
routerate_e2e("catching up after an outage is no burst" RUN test_outage SECONDS 400)
routerate_e2e("where the pipeline is cut rates go away, and are never 0" RUN test_cuts SECONDS 400 KAFKA)
routerate_e2e("a topic made anew, a lower limit, a lost permission lose nothing"
              RUN test_kafka_refusals SECONDS 400 PAIRED)
routerate_e2e("a backlog is not read into memory" RUN test_memory SECONDS 120)
# Skipped where tests/kubernetes/build.sh has built nothing.
# Of these most is waiting for a controller to look.
routerate_e2e("a real control plane comes up, scales by a metric, and goes"
              RUN test_control_plane SECONDS 240 KUBERNETES PAIRED)
routerate_e2e("prometheus-adapter with our rules answers what the gauges say"
              RUN test_prometheus_rules SECONDS 240 KUBERNETES PAIRED)
routerate_e2e("the metrics APIs answer Kubernetes' own clients as a server of its library does"
              RUN test_metrics_api SECONDS 240 KUBERNETES PAIRED)
routerate_e2e("the HPAs that are shipped and printed are taken by a real API server"
              RUN test_hpa_examples SECONDS 240 KUBERNETES PAIRED)
routerate_e2e("policy, template and command inject the same, on a real API server"
              RUN test_injection SECONDS 300 KUBERNETES PAIRED)
routerate_e2e("the classic layout works with injected sidecars in the image's files"
              RUN test_classic_layout SECONDS 300 KUBERNETES PACKAGES PAIRED)
routerate_e2e("the chart renders what it should, and alerts on metrics that exist"
              RUN test_chart_renders SECONDS 120 KUBERNETES PAIRED)
routerate_e2e("the chart is installed, upgraded, tested and removed on a real API server"
              RUN test_chart SECONDS 400 KUBERNETES PAIRED)
routerate_e2e("a real HPA follows its route's traffic, and no other's"
              RUN test_hpa.Hpa.test_step SECONDS 600 KAFKA KUBERNETES PAIRED)
routerate_e2e("a real HPA holds where the pipeline is blind"
              RUN test_hpa.Hpa.test_blind SECONDS 900 KUBERNETES PAIRED)
routerate_e2e("a real HPA scales from zero by a front server's log, and back"
              RUN test_hpa.Hpa.test_from_zero SECONDS 600 KAFKA KUBERNETES PAIRED)
routerate_e2e("a real HPA follows its route's traffic by way of Prometheus"
              RUN test_hpa.HpaThroughPrometheus.test_step SECONDS 600 KAFKA KUBERNETES PAIRED)
routerate_e2e("the demo checks itself, embedded broker"
              RUN test_demo.Demo.test_embedded SECONDS 1500)
routerate_e2e("the demo checks itself, real Kafka" RUN test_demo.Demo.test_kafka SECONDS 300 KAFKA)
