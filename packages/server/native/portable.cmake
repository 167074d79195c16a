# The portable build: the addon, ggml-base, and one backend library for each kind of processor (and one for CUDA), all in one
# directory. ggml's registry loads the best backend at run time, see load_backends in src/addon.cpp.

# A selection of ggml's variants: those left out differ in instructions that Whisper's types (f16, q5, q8) gain nothing from, or
# in processors that are gone. A processor takes the best one whose instructions it has.
if (TARGET ggml-cpu-haswell)
  set(CPU_VARIANTS x64 sandybridge haswell alderlake skylakex icelake sapphirerapids)
elseif (APPLE)
  set(CPU_VARIANTS apple_m1 apple_m2_m3 apple_m4)
else()
  set(CPU_VARIANTS armv8.0_1 armv8.2_1 armv8.2_2 armv8.2_3 armv8.6_1 armv8.6_2)
endif()

set(BACKENDS "")
foreach (VARIANT IN LISTS CPU_VARIANTS)
  # The compiler may not know all of them: ggml defines no AMX variant for MSVC.
  if (TARGET ggml-cpu-${VARIANT})
    list(APPEND BACKENDS ggml-cpu-${VARIANT})
  endif()
endforeach()
if (GGML_CUDA)
  list(APPEND BACKENDS ggml-cuda)
  # What the target ggml would pass on: the size that CUDA's attention pads to.
  set_property(SOURCE src/whisper_unit.cpp APPEND PROPERTY COMPILE_DEFINITIONS GGML_USE_CUDA)
endif()

# The registry goes into the addon: the target ggml, where it lives otherwise, would build every variant there is.
target_sources(stt_whisper PRIVATE
  "${WHISPER_CPP_DIR}/ggml/src/ggml-backend-reg.cpp" "${WHISPER_CPP_DIR}/ggml/src/ggml-backend-dl.cpp")
set_source_files_properties(
  "${WHISPER_CPP_DIR}/ggml/src/ggml-backend-reg.cpp" "${WHISPER_CPP_DIR}/ggml/src/ggml-backend-dl.cpp"
  PROPERTIES COMPILE_DEFINITIONS GGML_BUILD)
target_compile_definitions(stt_whisper PRIVATE STT_PORTABLE)
target_include_directories(stt_whisper SYSTEM PRIVATE "${WHISPER_CPP_DIR}/ggml/src")
target_link_libraries(stt_whisper PRIVATE ggml-base ${CMAKE_DL_LIBS})
add_dependencies(stt_whisper ${BACKENDS})

# No version in the file names: they would be links, which an npm package cannot hold. A name of our own for the library that
# others refer to by name alone: another addon in the process may have brought its ggml-base.
foreach (LIBRARY IN ITEMS ggml-base ${BACKENDS})
  set_property(TARGET ${LIBRARY} PROPERTY VERSION)
  set_property(TARGET ${LIBRARY} PROPERTY SOVERSION)
  # The generator expression keeps Visual Studio from adding a folder for the configuration.
  set_target_properties(${LIBRARY} PROPERTIES
    LIBRARY_OUTPUT_DIRECTORY "$<1:${CMAKE_BINARY_DIR}/out>" RUNTIME_OUTPUT_DIRECTORY "$<1:${CMAKE_BINARY_DIR}/out>")
endforeach()
set_target_properties(ggml-base PROPERTIES OUTPUT_NAME stt-ggml-base)

# OpenMP's run time is not on every machine either. GCC ships it as a library of its own, without which no backend loads.
if (CMAKE_SYSTEM_NAME STREQUAL "Linux" AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  execute_process(COMMAND ${CMAKE_CXX_COMPILER} -print-file-name=libgomp.so.1
    OUTPUT_VARIABLE LIBGOMP OUTPUT_STRIP_TRAILING_WHITESPACE)
  configure_file("${LIBGOMP}" "${CMAKE_BINARY_DIR}/out/libgomp.so.1" COPYONLY)
endif()
