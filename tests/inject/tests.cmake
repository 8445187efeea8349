routerate_tests(inject SOURCES manifests_test.cc pod_injection_test.cc injection_test.cc
                               sidecar_definition_test.cc yaml_writer_test.cc text_changes_test.cc
                LIBRARIES rr_inject)
