import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Config } from "@stt/core/config";
import { FakeEngine, FakeVad } from "@stt/core/testing";
import { afterEach } from "vitest";
import { WebSocket } from "ws";
import type { CreateServerOptions, Log } from "../../src/index.js";
import { type ApiKey, hashOf, newApiKey } from "../../src/security/api-key.js";
import { createTestServer, type TestServer } from "./test-server.js";

const cleanups: (() => Promise<unknown> | unknown)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** Ends with the test, last in first out. */
export function later(cleanup: () => Promise<unknown> | unknown): void {
  cleanups.push(cleanup);
}

/** An empty folder that goes with the test. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "stt-security-"));
  later(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** The whole server with fakes for models; ends with the test. */
export async function guardedServer(
  config: Partial<Config> = {},
  options: Omit<CreateServerOptions, "config"> = {},
): Promise<TestServer> {
  const target = await createTestServer(config, { engine: new FakeEngine(), vad: new FakeVad(), ...options });
  later(() => target.server.close());
  return target;
}

/** A file of keys that a test changes as it likes. */
export class KeyFile {
  readonly #keys = new Map<string, ApiKey>();

  private constructor(readonly path: string) {}

  static async create(): Promise<KeyFile> {
    const file = new KeyFile(join(await temporaryFolder(), "keys.json"));
    await file.#write();
    return file;
  }

  /** @returns the key itself */
  async add(name: string, fields: Partial<ApiKey> = {}): Promise<string> {
    const key = newApiKey();
    this.#keys.set(name, { name, hash: hashOf(key), scopes: ["transcribe"], ...fields });
    await this.#write();
    return key;
  }

  async change(name: string, fields: Partial<ApiKey>): Promise<void> {
    this.#keys.set(name, { ...this.#keys.get(name)!, ...fields });
    await this.#write();
  }

  async revoke(name: string): Promise<void> {
    this.#keys.delete(name);
    await this.#write();
  }

  async break(): Promise<void> {
    await writeFile(this.path, '{"keys": [');
  }

  async #write(): Promise<void> {
    await writeFile(this.path, JSON.stringify({ keys: [...this.#keys.values()] }));
  }
}

/** A log that remembers. */
export class MemoryLog implements Log {
  readonly lines: { level: string; fields: object; message: string }[] = [];
  debug = this.#at("debug");
  info = this.#at("info");
  warn = this.#at("warn");
  error = this.#at("error");

  messages(level: string): string[] {
    return this.lines.filter((line) => line.level === level).map(({ message }) => message);
  }

  #at(level: string) {
    return (fields: object, message: string) => {
      this.lines.push({ level, fields, message });
    };
  }
}

/** How the server answers an upgrade: 101, or the refusal. */
export function knock(
  url: string,
  { headers = {}, protocols = ["stt.v1"] }: { headers?: Record<string, string>; protocols?: string[] } = {},
): Promise<{ status: number; code?: string; message?: string; retryAfter?: string | undefined; protocol?: string }> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, protocols, { headers, rejectUnauthorized: false });
    later(() => socket.terminate());
    socket.on("error", reject);
    socket.on("open", () => resolve({ status: 101, protocol: socket.protocol }));
    socket.on("unexpected-response", async (_request, response) => {
      const { error } = JSON.parse((await response.toArray()).join(""));
      const retryAfter = response.headers["retry-after"];
      resolve({ status: response.statusCode!, code: error.code, message: error.message, retryAfter });
    });
  });
}

/** The header that shows a key or token. */
export function bearer(key: string): { authorization: string } {
  return { authorization: `Bearer ${key}` };
}
