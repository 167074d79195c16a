import { expect, it } from "vitest";
import { httpUrl } from "../src/diagnosis/http-probe.js";

it.each([
  ["ws://localhost:8012/v1/stream", "http://localhost:8012/readyz"],
  ["wss://example.org/stt/v1/stream", "https://example.org/stt/readyz"],
  ["wss://example.org/a/b.c/v1/stream?x=1", "https://example.org/a/b.c/readyz"],
])("the probes of %s go to %s", (url, probe) => {
  expect(httpUrl(url, "/readyz")).toBe(probe);
});
