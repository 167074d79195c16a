// What an agent's program does: node examples/wires/mcp-client.mjs speech.wav (npm install @modelcontextprotocol/sdk)
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";

const client = new Client({ name: "example", version: "1" });
await client.connect(new StdioClientTransport({ command: "npx", args: ["mic-stream", "mcp"] }));
const { content } = await client.callTool({ name: "transcribe_file", arguments: { path: process.argv[2] } });
console.log(content[0].text);
await client.close();
