/** Which server this is and how it stands, in words; language and colours. */
import {
  Button,
  fill,
  formatTime,
  Icon,
  type IconName,
  PageControls,
  Pill,
  serverUrl,
  type Tone,
  useSecondsUntil,
} from "@stt/ui";
import { formatDuration } from "./format.js";
import { usePage } from "./page-context.js";
import type { Status } from "./server-types.js";
import type { Texts } from "./texts.js";

export function Header() {
  const { texts, apiKey, signIn, snapshot } = usePage();
  const { status } = snapshot;
  return (
    <>
      <header>
        <h1>
          {texts.heading} <span>{location.host}</span>
        </h1>
        <ServerState />
        <p className="facts tabular">{status && factsOf(status, texts)}</p>
        <nav>
          <a href={serverUrl("editor/")}>{texts.editor}</a>
          {apiKey !== "" && (
            <Button className="quiet" onClick={() => signIn("")}>
              {texts.signOut}
            </Button>
          )}
          <PageControls />
        </nav>
      </header>
      <div className="notices">
        <Lost />
      </div>
    </>
  );
}

/** What it runs, and for how long. */
function factsOf({ models, uptimeMinutes }: Status, texts: Texts): string {
  const facts: string[] = [];
  if (models) facts.push(`${models.final.model} ${texts.device} ${models.final.actualDevice.toUpperCase()}`);
  if (uptimeMinutes > 0) facts.push(fill(texts.uptime, { time: formatDuration(60_000 * uptimeMinutes, texts) }));
  return facts.join(" · ");
}

function ServerState() {
  const { texts, snapshot } = usePage();
  const { connection, status } = snapshot;
  const [tone, icon, words] = ((): [Tone, IconName, string] => {
    if (connection.phase === "lost") return ["bad", "unplugged", texts.disconnected];
    if (connection.phase === "refused") return ["busy", "warning", texts.keyNeeded];
    if (!status) return ["busy", "dots", fill(texts.connecting, { server: location.host })];
    if (status.state === "ready") return ["live", "check", texts.ready];
    if (status.state === "draining") return ["busy", "drain", texts.draining];
    return ["bad", "warning", fill(texts.notReady, { reason: reasonText(status.load.reason ?? "", texts) })];
  })();
  return (
    <div role="status" data-state={connection.phase === "live" ? status?.state : connection.phase}>
      <Pill icon={icon} tone={tone}>
        {words}
      </Pill>
    </div>
  );
}

export function reasonText(reason: string, texts: Texts): string {
  if (reason === "models are loading") return texts.modelsLoading;
  if (reason === "the start failed") return texts.startFailed;
  return reason;
}

/** The server is away: since when, and when it is tried again. */
function Lost() {
  const { texts, locale, snapshot, retry } = usePage();
  const { connection } = snapshot;
  const plan = connection.phase === "lost" ? connection : null;
  const seconds = useSecondsUntil(plan?.retryAt, plan ? plan.retryAt - Date.now() : 0);
  if (!plan) return null;
  return (
    <div className="notice notice-bad" role="alert">
      <Icon name="unplugged" />
      <p className="tabular">
        {fill(texts.lost, { server: location.host, time: formatTime(plan.since, locale), seconds })}
      </p>
      <Button onClick={retry}>{texts.retry}</Button>
    </div>
  );
}
