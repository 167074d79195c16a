/** The scripted session behind real WebSockets on a free port. */
import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { type WebSocket, WebSocketServer } from "ws";
import { DEFAULT_SCRIPT, type Script, ScriptedSession } from "../../../core/test/client/support/scripted-session.js";

export interface TestServer {
  url: string;
  port: number;
  script: Script;
  sessions: ScriptedSession[];
  /** Headers of each upgrade request. */
  upgrades: IncomingHttpHeaders[];
  paths: string[];
  /** Refuse upgrades with this status and these headers; null accepts. */
  refuse: { status: number; headers?: string[] } | null;
  /** Cuts all connections without a goodbye. */
  cut(): void;
  close(): Promise<void>;
}

export async function createTestServer(script: Partial<Script> = {}, port = 0): Promise<TestServer> {
  const http: Server = createServer((_request, response) => response.writeHead(404).end());
  const sockets = new WebSocketServer({
    noServer: true,
    handleProtocols: (offered) => (offered.has("stt.v1") ? "stt.v1" : false),
  });
  const open = new Set<WebSocket>();
  http.on("upgrade", (request, socket, head) => {
    server.upgrades.push(request.headers);
    server.paths.push(request.url ?? "");
    if (server.refuse) {
      const { status, headers = [] } = server.refuse;
      socket.end(
        [`HTTP/1.1 ${status} Refused`, "Connection: close", "Content-Length: 0", ...headers, "", ""].join("\r\n"),
      );
      return;
    }
    sockets.handleUpgrade(request, socket, head, (ws) => {
      open.add(ws);
      const session = new ScriptedSession(server.script, {
        send: (text) => ws.send(text),
        close: (code, reason) => ws.close(code, reason),
      });
      server.sessions.push(session);
      ws.on("message", (data, isBinary) => {
        const bytes = data as Buffer;
        session.receive(isBinary ? bytes : bytes.toString("utf8"));
      });
      ws.on("close", () => open.delete(ws));
    });
  });
  await new Promise<void>((resolve) => http.listen(port, "127.0.0.1", resolve));
  const bound = (http.address() as AddressInfo).port;
  const server: TestServer = {
    url: `ws://127.0.0.1:${bound}`,
    port: bound,
    script: { ...DEFAULT_SCRIPT, utteranceSamples: 16_000, ...script },
    sessions: [],
    upgrades: [],
    paths: [],
    refuse: null,
    cut: () => {
      for (const ws of open) ws.terminate();
    },
    close: () => {
      for (const ws of open) ws.terminate();
      return new Promise((resolve) => http.close(() => resolve()));
    },
  };
  return server;
}
