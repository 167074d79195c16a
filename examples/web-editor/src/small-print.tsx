/** The server and how far away it is. */
import { millisecondsText } from "@stt/core";
import type { UseTranscriptionResult } from "@stt/react";
import { fill, useSecondsSince } from "@stt/ui";
import { usePage } from "./page-context.js";

export function SmallPrint({ transcription }: { transcription: UseTranscriptionResult }) {
  const { texts, preferences } = usePage();
  const { server, latencyMs, status, reconnect } = transcription;
  const isConnecting = status === "connecting" && reconnect === null;
  const seconds = useSecondsSince(isConnecting);
  if (isConnecting)
    return <p className="small-print tabular">{fill(texts.connectingTo, { server: location.host, seconds })}</p>;
  if (!server) return <p className="small-print">{`${texts.server} ${location.host} · ${texts.notConnected}`}</p>;
  const facts: [string, string][] = [
    [texts.model, server.model],
    ...(server.realtimeModel === server.model ? [] : [[texts.partialsModel, server.realtimeModel] as [string, string]]),
    [texts.device, server.device === "cuda" ? "GPU" : "CPU"],
    [texts.speech, preferences.language ?? texts.serverLanguage.toLowerCase()],
    [texts.server, new URL(server.url).host],
    [texts.latency, latencyMs === null ? "-" : millisecondsText(latencyMs, preferences.locale)],
  ];
  return (
    <dl className="small-print tabular" title={server.url}>
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
