/** Which server this is and how it stands, in words; language and colours. */
import { useEffect, useState } from "react";
import { EDITOR_URL } from "./api.js";
import { formatDuration, formatTime } from "./format.js";
import { Icon, type IconName } from "./icons.js";
import { usePage } from "./page-context.js";
import type { Theme } from "./preferences.js";
import type { Status } from "./server-types.js";
import { fill, type Texts } from "./texts.js";

const NEXT_THEME: Record<Theme, Theme> = { system: "light", light: "dark", dark: "system" };
const THEME_ICONS: Record<Theme, IconName> = { system: "system", light: "sun", dark: "moon" };

export function Header() {
  const { texts, preferences, prefer, locale, apiKey, signIn, snapshot } = usePage();
  const { status } = snapshot;
  const themeText = { system: texts.themeSystem, light: texts.themeLight, dark: texts.themeDark }[preferences.theme];
  return (
    <>
      <header>
        <h1>
          {texts.heading} <span>{location.host}</span>
        </h1>
        <ServerState />
        <p className="facts tabular">{status && factsOf(status, texts)}</p>
        <nav>
          <a href={EDITOR_URL}>{texts.editor}</a>
          {apiKey !== "" && (
            <button type="button" className="quiet" onClick={() => signIn("")}>
              {texts.signOut}
            </button>
          )}
          <fieldset className="locales" aria-label={texts.language}>
            {(["en", "ru"] as const).map((each) => (
              <button
                key={each}
                type="button"
                className="quiet"
                lang={each}
                aria-pressed={locale === each}
                aria-label={each === "en" ? "English" : "Русский"}
                onClick={() => prefer({ locale: each })}
              >
                {each.toUpperCase()}
              </button>
            ))}
          </fieldset>
          <button
            type="button"
            className="quiet square"
            title={themeText}
            aria-label={themeText}
            onClick={() => prefer({ theme: NEXT_THEME[preferences.theme] })}
          >
            <Icon name={THEME_ICONS[preferences.theme]} />
          </button>
        </nav>
      </header>
      <Lost />
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
  const [tone, icon, words] = ((): [string, IconName, string] => {
    if (connection.phase === "lost") return ["bad", "unplugged", texts.disconnected];
    if (connection.phase === "refused") return ["busy", "warning", texts.keyNeeded];
    if (!status) return ["busy", "dots", fill(texts.connecting, { server: location.host })];
    if (status.state === "ready") return ["live", "check", texts.ready];
    if (status.state === "draining") return ["busy", "drain", texts.draining];
    return ["bad", "warning", fill(texts.notReady, { reason: reasonText(status.load.reason ?? "", texts) })];
  })();
  return (
    <p
      className={`pill pill-${tone}`}
      role="status"
      data-state={connection.phase === "live" ? status?.state : connection.phase}
    >
      <Icon name={icon} />
      {words}
    </p>
  );
}

function reasonText(reason: string, texts: Texts): string {
  if (reason === "models are loading") return texts.modelsLoading;
  if (reason === "the start failed") return texts.startFailed;
  return reason;
}

/** The server is away: since when, and when it is tried again. */
function Lost() {
  const { texts, locale, snapshot, retry } = usePage();
  const { connection } = snapshot;
  const isLost = connection.phase === "lost";
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    if (!isLost) return;
    const timer = setInterval(() => setNow(Date.now()), 250);
    return () => clearInterval(timer);
  }, [isLost]);
  if (!isLost) return null;
  const seconds = Math.max(0, Math.ceil((connection.retryAt - now) / 1000));
  return (
    <div className="notice" role="alert">
      <Icon name="unplugged" />
      <p className="tabular">
        {fill(texts.lost, { server: location.host, time: formatTime(connection.since, locale), seconds })}
      </p>
      <button type="button" onClick={retry}>
        {texts.retry}
      </button>
    </div>
  );
}
