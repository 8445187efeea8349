# Tests of documents that need the programs and nothing else. Those that need a pipeline: e2e.
if(ROUTERATE_SANITIZE)
  return()
endif()
find_package(Python3 REQUIRED COMPONENTS Interpreter)

function(routerate_documents claim module)
  add_test(NAME "docs: ${claim}" COMMAND ${Python3_EXECUTABLE} -B
           ${CMAKE_CURRENT_SOURCE_DIR}/docs/${module} -v)
  set_tests_properties("docs: ${claim}" PROPERTIES TIMEOUT 120
                       ENVIRONMENT ROUTERATE_BUILD=${PROJECT_BINARY_DIR})
endfunction()

routerate_documents("configuration.md is what the programs take" configuration_test.py)
routerate_documents("troubleshooting.md has every message" messages_test.py)
routerate_documents("manual pages and completions are the programs'" shell_files_test.py)
routerate_documents("the picture is of its script's commands" picture_test.py)
