# Tests of what packaging/build.sh makes: Debian packages, services, the image's root file system.
# Only of a release build, so sanitizers have no part in it.
if(ROUTERATE_SANITIZE)
  return()
endif()

# Compiles for minutes the first time, beside tests that mostly wait.
add_test(NAME "e2e: packages" COMMAND nice -n 19 ${PROJECT_SOURCE_DIR}/packaging/build.sh)
set_tests_properties("e2e: packages" PROPERTIES FIXTURES_SETUP packages LABELS e2e TIMEOUT 1800
                     COST 900 RESOURCE_LOCK compiling)

function(routerate_packaging)
  routerate_end_to_end(${ARGV} FOLDER packaging LABEL e2e PACKAGES PAIRED)
endfunction()

routerate_packaging("the packages hold what they should, and the Dockerfile runs what is tested"
                    RUN test_packages SECONDS 60)
routerate_packaging("both programs work inside the image's root file system, confined"
                    RUN test_image SECONDS 120)
routerate_packaging("both services work under systemd, confined, and come and go with their packages"
                    RUN test_services SECONDS 120)
