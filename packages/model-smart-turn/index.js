"use strict";

const path = require("node:path");

exports.name = "smart-turn-v3.2";
exports.path = path.join(__dirname, "smart-turn-v3.2-float.onnx");
exports.sizeBytes = 8_650_309;
exports.sha256 = "9f8fe99277e2ef9afe49413a5c72ca1540c0e856e4a4e6dedf82a2be4784ae2d";
