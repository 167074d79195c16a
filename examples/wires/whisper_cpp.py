# pip install whisper-cpp-client; python examples/wires/whisper_cpp.py speech.wav
import json
import sys

from whisper_cpp_client.WhisperCppClient import WhisperCppClient

client = WhisperCppClient("http://localhost", 8011)
print(json.loads(client.transcribe(sys.argv[1]))["text"])
