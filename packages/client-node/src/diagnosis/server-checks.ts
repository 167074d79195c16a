/** The way from this program to the server. */
import { isSttError, messageOf } from "@stt/core";
import type { Connection } from "../cli/server-options.js";
import type { DoctorTexts } from "./doctor-texts.js";
import { type Finding, fill } from "./finding.js";
import { askHttp } from "./http-probe.js";
import { meetServer } from "./meet-server.js";

/** @param variable that decides the address: its name goes into the sentences */
export async function checkPort(
  id: "control" | "data",
  variable: string,
  { url, token }: Connection,
  texts: DoctorTexts,
): Promise<Finding> {
  const address = new URL(url).host;
  const { status, body, failure } = await askHttp(url, "/healthz", token);
  const values = { variable, address, status: status ?? "", reason: failure ?? "" };
  const broken = (finding: string, remedy: string): Finding => ({
    id,
    status: "broken",
    finding: fill(finding, values),
    remedy: fill(remedy, values),
  });
  if (failure === "ECONNREFUSED") return broken(texts.refused, texts.refusedRemedy);
  if (failure === "ENOTFOUND" || failure === "EAI_AGAIN") return broken(texts.unknownHost, texts.unknownHostRemedy);
  if (failure !== undefined) return broken(texts.silentHost, texts.silentHostRemedy);
  const isOurs = status === 200 && (body as { status?: unknown } | undefined)?.status === "ok";
  if (!isOurs) return broken(texts.stranger, texts.strangerRemedy);
  return { id, status: "ok", finding: fill(texts.port, values) };
}

/** Opens a session as dictation would. */
export async function checkSession(connection: Connection, texts: DoctorTexts): Promise<Finding> {
  try {
    const { server, latenciesMs } = await meetServer(connection, 1);
    const { model, realtimeModel, device } = server;
    const latency = (latenciesMs[0] ?? 0).toFixed(1);
    return { id: "session", status: "ok", finding: fill(texts.session, { model, realtimeModel, device, latency }) };
  } catch (error) {
    const isToken = isSttError(error) && error.code === "unauthorized";
    const finding = fill(texts.noSession, { reason: messageOf(error) });
    return { id: "session", status: "broken", finding, remedy: isToken ? texts.tokenRemedy : texts.noSessionRemedy };
  }
}
