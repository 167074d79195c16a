/** The page. */
import { PageSettingsContext } from "@stt/ui";
import { AdviceLine } from "./advice.js";
import { Configuration } from "./configuration.js";
import { Graphs } from "./graphs.js";
import { Header } from "./header.js";
import { Headline } from "./headline.js";
import { Keys } from "./keys.js";
import { Log } from "./log.js";
import { Models } from "./models.js";
import { PageContextValue, useConsole } from "./page-context.js";
import { Sessions } from "./sessions.js";
import { SignIn } from "./sign-in.js";
import { TryIt } from "./try-it.js";

export function App() {
  const page = useConsole();
  const { connection, status } = page.snapshot;
  return (
    <PageSettingsContext value={page}>
      <PageContextValue value={page}>
        <Header />
        {connection.phase === "refused" ? (
          <SignIn refusal={connection} />
        ) : (
          status && (
            <main data-stale={connection.phase === "lost" || undefined}>
              <AdviceLine />
              <Headline />
              <Graphs />
              <Sessions />
              <Models />
              <TryIt />
              <Keys />
              <Configuration />
              <Log />
              <p className="small-print">{page.texts.keys}</p>
            </main>
          )
        )}
      </PageContextValue>
    </PageSettingsContext>
  );
}
