import { trace } from "@opentelemetry/api";
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from "@opentelemetry/sdk-trace-base";
import { afterAll, expect, it, vi } from "vitest";
import { recording } from "../support/recordings.js";
import { stream } from "../support/stream-client.js";
import { createTestServer } from "../support/test-server.js";

const exporter = new InMemorySpanExporter();
trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }));
afterAll(() => trace.disable());

it("writes a span for the session, below it one for each utterance, below that one for each decode", async () => {
  const server = await createTestServer();
  const { text } = await stream(server.url, recording("en_01"));
  await vi.waitFor(() => expect(exporter.getFinishedSpans().map(({ name }) => name)).toContain("stt.session"));
  await server.server.close();

  const spans = exporter.getFinishedSpans();
  const session = spans.find(({ name }) => name === "stt.session")!;
  const utterance = spans.find(({ name }) => name === "stt.utterance")!;
  const finals = spans.filter(({ attributes }) => ["final", "speculative"].includes(String(attributes["stt.kind"])));
  expect(session.attributes).toMatchObject({ "stt.wire": "stream", "stt.resumed": false });
  expect(utterance.parentSpanContext?.spanId).toBe(session.spanContext().spanId);
  expect(utterance.events.map(({ name }) => name)).toContain("endpoint");
  expect(finals.length).toBeGreaterThan(0);
  expect(finals.map(({ parentSpanContext }) => parentSpanContext?.spanId)).toContain(utterance.spanContext().spanId);

  // What was said is nobody's business but the client's.
  const told = JSON.stringify(spans.map(({ attributes, events }) => ({ attributes, events }))).toLowerCase();
  for (const word of text.toLowerCase().match(/\p{L}{5,}/gu)!) expect(told).not.toContain(word);
});
