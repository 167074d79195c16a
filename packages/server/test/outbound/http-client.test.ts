import { once } from "node:events";
import { createServer as createHttp } from "node:http";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { afterEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { HttpClient } from "../../src/outbound/http-client.js";

function client(): HttpClient {
  const http = new HttpClient();
  onTestFinished(() => http.close());
  return http;
}

async function listen(server: Server): Promise<number> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

async function read(body: AsyncIterable<Buffer>): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of body) pieces.push(piece);
  return Buffer.concat(pieces);
}

describe("an outbound request", () => {
  afterEach(() => vi.unstubAllEnvs());

  it("has the whole body although the server closed the connection before anybody read it", async () => {
    const whole = Buffer.alloc(256 * 1024, "a");
    const ended = new Promise<void>((resolve) => {
      void listen(
        createServer((socket) => {
          socket.once("data", () => {
            socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${whole.length}\r\nConnection: close\r\n\r\n`);
            socket.end(whole, resolve);
          });
        }),
      ).then((port) => vi.stubEnv("TEST_PORT", String(port)));
    });
    await vi.waitFor(() => expect(process.env.TEST_PORT).toBeDefined());
    const response = await client().request(`http://127.0.0.1:${process.env.TEST_PORT}/`);
    await ended;
    expect((await read(response)).length).toBe(whole.length);
  });

  it("fails with the code of the socket where nobody listens", async () => {
    const server = createServer();
    const port = await listen(server);
    server.close();
    await expect(client().request(`http://127.0.0.1:${port}/`)).rejects.toMatchObject({ code: "ECONNREFUSED" });
  });

  it("fails with the signal's reason, before the answer and within its body", async () => {
    const port = await listen(
      createServer((socket) => {
        socket.once("data", (data) => {
          if (String(data).startsWith("GET /body")) socket.write("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf");
        });
        socket.on("error", () => {});
      }),
    );
    const controller = new AbortController();
    const silent = client().request(`http://127.0.0.1:${port}/silent`, { signal: controller.signal });
    const { signal } = controller;
    const response = await client().request(`http://127.0.0.1:${port}/body`, { signal });
    controller.abort(new Error("enough"));
    await expect(silent).rejects.toThrow("enough");
    await expect(read(response)).rejects.toThrow();
    await expect(client().request(`http://127.0.0.1:${port}/`, { signal })).rejects.toThrow("enough");
  });

  it("goes through the proxies of the environment, http as a request and https as a tunnel", async () => {
    const asked: string[] = [];
    const proxy = createHttp((request, response) => {
      asked.push(`${request.method} ${request.url}`);
      response.end("from the proxy");
    }).on("connect", (request, socket: Socket) => {
      asked.push(`CONNECT ${request.url}`);
      socket.end("HTTP/1.1 403 Forbidden\r\n\r\n");
    });
    const address = `http://127.0.0.1:${await listen(proxy)}`;
    for (const name of ["HTTP_PROXY", "HTTPS_PROXY"]) vi.stubEnv(name, address);
    vi.stubEnv("NO_PROXY", "127.0.0.1");
    const http = client();
    const response = await http.request("http://models.example.org/a");
    expect(String(await read(response))).toBe("from the proxy");
    const refused = await http.request("https://models.example.org/b").catch(() => undefined);
    expect(refused?.statusCode ?? 403).toBe(403);
    expect(asked).toEqual(["GET http://models.example.org/a", "CONNECT models.example.org:443"]);
    await expect(http.request("http://127.0.0.1:1/")).rejects.toMatchObject({ code: "ECONNREFUSED" });
  });
});
