/** The models: what they are used for, using others without ending a session, and fetching more. */
import { Button, fill, formatBytes, formatNumber, Icon, UNKNOWN } from "@stt/ui";
import { type MouseEvent, useState } from "react";
import { CopyButton } from "./copy-button.js";
import { DownloadCells } from "./download.js";
import { pullPath, requestProblem } from "./model-problems.js";
import { usePage } from "./page-context.js";
import type { CatalogModel, ModelPull } from "./server-types.js";

type Slot = "final" | "partial";
const SLOTS: readonly Slot[] = ["final", "partial"];

export function Models() {
  const { texts, snapshot, ask } = usePage();
  /** The model that this page is switching to. */
  const [wanted, setWanted] = useState<string | null>(null);
  /** The model that this page asked for last, and whether with the keyboard, whose place then goes with its row. */
  const [asked, setAsked] = useState<{ name: string; byKey: boolean } | null>(null);
  const [failure, setFailure] = useState<unknown>(null);
  const { models, status } = snapshot;
  // What is under way, or went wrong, stays in sight.
  const shown = models.filter((model) => model.installed || isUnderWay(model));
  const others = models.filter((model) => !shown.includes(model));
  /** As `.env` has it. */
  const lost = (status?.lostAtRestart ?? []).map(({ variable, value }) => `${variable}=${value}`);
  const problem = failure === null ? null : requestProblem(failure, texts);

  const act = async (request: Promise<unknown>) => {
    setFailure(null);
    try {
      await request;
    } catch (error) {
      setFailure(error);
      setAsked(null);
    }
  };
  const use = async (name: string, slot: Slot) => {
    setWanted(name);
    await act(ask("v1/models/active", "PUT", { [slot]: name }));
    setWanted(null);
  };
  const download = (name: string, { detail }: MouseEvent) => {
    // A click that no pointer made.
    setAsked({ name, byKey: detail === 0 });
    void act(ask(pullPath(name), "POST"));
  };
  const forget = (name: string) => {
    setAsked(null);
    void act(ask(pullPath(name), "DELETE"));
  };

  return (
    <section className="panel models">
      <h2>{texts.models}</h2>
      {problem && (
        <p className="problem" role="alert" title={problem.detail}>
          <Icon name="warning" /> {problem.sentence}
        </p>
      )}
      <table>
        <thead>
          <tr>
            <th>{texts.model}</th>
            <th className="number">{texts.size}</th>
            <th className="number">{texts.memory}</th>
            <th className="number" title={texts.speedHint}>
              {texts.speed}
            </th>
            <th className="number">{texts.atOnce}</th>
            <th>{texts.usedFor}</th>
            <th>
              <span className="visually-hidden">{texts.actions}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {shown.map((model) => (
            <tr key={model.name} data-model={model.name}>
              <NameAndSize model={model} />
              {isUnderWay(model) ? (
                <DownloadCells
                  pull={model.pull}
                  takesFocus={asked?.name === model.name && asked.byKey}
                  onRetry={(event) => download(model.name, event)}
                  onForget={() => forget(model.name)}
                />
              ) : (
                <>
                  <CostCells model={model} />
                  <td className="use row">
                    {wanted === model.name ? texts.switching : model.usedFor.map((slot) => texts[slot]).join(", ")}
                  </td>
                  <td className="actions row">
                    {status?.switchesModels &&
                      SLOTS.filter((slot) => !model.usedFor.includes(slot)).map((slot) => (
                        <Button key={slot} disabled={wanted !== null} onClick={() => void use(model.name, slot)}>
                          {slot === "final" ? texts.useForFinals : texts.useForPartials}
                        </Button>
                      ))}
                  </td>
                </>
              )}
            </tr>
          ))}
        </tbody>
      </table>
      {lost.length > 0 && (
        <p className="until-restart">
          <Icon name="warning" /> {texts.untilRestart} <CopyButton text={lost.join("\n")} hint={texts.copyEnvHint} />
        </p>
      )}
      <p className="hint">{texts.costHint}</p>
      {others.length > 0 && (
        <details>
          <summary>{fill(texts.fetchable, { n: others.length })}</summary>
          <div className="fetchable">
            <table>
              <tbody>
                {others.map((model) => (
                  <tr key={model.name} data-model={model.name}>
                    <NameAndSize model={model} />
                    <CostCells model={model} />
                    <td className="actions">
                      <Button disabled={asked?.name === model.name} onClick={(event) => download(model.name, event)}>
                        {texts.download}
                        <span className="visually-hidden"> {model.name}</span>
                      </Button>
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </details>
      )}
    </section>
  );
}

function NameAndSize({ model: { name, bytes, installed } }: { model: CatalogModel }) {
  const { texts, locale } = usePage();
  return (
    <>
      <td className="mono name">{name}</td>
      <td className="number tabular">
        {bytes === undefined ? (installed ? texts.builtIn : UNKNOWN) : formatBytes(bytes, locale)}
      </td>
    </>
  );
}

/** On this machine. */
function CostCells({ model: { memoryBytes, cost } }: { model: CatalogModel }) {
  const { texts, locale } = usePage();
  const isTooSlow = cost?.speakers === 0;
  return (
    <>
      <td className="number tabular cost" data-label={texts.memory}>
        {formatBytes(memoryBytes, locale)}
      </td>
      <td className="number tabular cost" data-label={texts.speed}>
        {cost ? `${formatNumber(cost.realtimeFactor, locale, cost.realtimeFactor < 1 ? 2 : 1)} ×` : UNKNOWN}
        {cost && <small> {cost.measured ? texts.measured : texts.estimated}</small>}
      </td>
      <td className={isTooSlow ? "number tabular cost too-slow" : "number tabular cost"} data-label={texts.atOnce}>
        {cost ? (isTooSlow ? texts.notEvenOne : formatNumber(cost.speakers, locale)) : UNKNOWN}
      </td>
    </>
  );
}

/** Being downloaded, or not to be had. */
function isUnderWay(model: CatalogModel): model is CatalogModel & { pull: ModelPull } {
  return !model.installed && model.pull !== undefined && model.pull.state !== "done";
}
