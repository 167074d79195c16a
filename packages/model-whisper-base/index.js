"use strict";

const path = require("node:path");

exports.name = "base";
exports.path = path.join(__dirname, "ggml-base-q8_0.bin");
exports.sizeBytes = 81_768_585;
exports.sha256 = "d7258eee6ae81e73717a3e59530af38ace5532b822c1aba5c315122097147b7a";
