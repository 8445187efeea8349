routerate_tests(sim TIMEOUT 600 SOURCES sim_test.cc broken_agents_test.cc io_faults_test.cc sim_oracle_test.cc
                            sim_actions.cc sim_profile.cc sim_settings.cc sim_broker.cc sim_oracle.cc sim_disk.cc
                            sim_writer.cc sim_rotation.cc broken_agents.cc sim_pod.cc
                            sim_aggregator.cc sim_world.cc sim_run.cc
                LIBRARIES rr_agent rr_aggregator spdlog::spdlog)
