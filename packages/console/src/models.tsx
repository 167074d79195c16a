/** The models: what they are used for, using others without ending a session, and fetching more. */
import { useState } from "react";
import { formatBytes, formatPercent } from "./format.js";
import { usePage } from "./page-context.js";
import type { CatalogueModel, ModelPull } from "./server-types.js";
import { fill } from "./texts.js";
import { useCatalogue } from "./use-catalogue.js";

type Slot = "final" | "partial";

export function Models() {
  const { texts, snapshot, ask } = usePage();
  const { catalogue, refresh } = useCatalogue();
  /** The model that is being switched to. */
  const [wanted, setWanted] = useState<string | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  // A server without a catalogue has a list, and nothing that can be pressed.
  const models: CatalogueModel[] = catalogue ?? snapshot.models.map((model) => ({ ...model, installed: true }));
  const installed = models.filter((model) => model.installed);
  const others = models.filter((model) => !model.installed);

  const act = async (action: () => Promise<unknown>) => {
    setFailure(null);
    try {
      await action();
    } catch (error) {
      setFailure(fill(texts.failed, { message: error instanceof Error ? error.message : String(error) }));
    }
    refresh();
  };
  const use = async (name: string, slot: Slot) => {
    setWanted(name);
    await act(() => ask("/v1/models/active", "PUT", { [slot]: name }));
    setWanted(null);
  };
  const pull = (name: string) => act(() => ask(`/v1/models/${encodeURIComponent(name)}/pull`, "POST"));

  return (
    <section className="panel models">
      <h2>{texts.models}</h2>
      {failure && (
        <p className="problem" role="alert">
          {failure}
        </p>
      )}
      <table>
        <thead>
          <tr>
            <th>{texts.model}</th>
            <th className="number">{texts.size}</th>
            <th>{texts.usedFor}</th>
            <th />
          </tr>
        </thead>
        <tbody>
          {installed.map((model) => (
            <tr key={model.name} data-model={model.name}>
              <NameAndSize model={model} />
              <td>{wanted === model.name ? texts.switching : model.usedFor.map((slot) => texts[slot]).join(", ")}</td>
              <td className="actions">
                {catalogue &&
                  (["final", "partial"] as const)
                    .filter((slot) => !model.usedFor.includes(slot))
                    .map((slot) => (
                      <button
                        key={slot}
                        type="button"
                        disabled={wanted !== null}
                        onClick={() => void use(model.name, slot)}
                      >
                        {slot === "final" ? texts.useForFinals : texts.useForPartials}
                      </button>
                    ))}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {others.length > 0 && (
        <details open={others.some((model) => isRunning(model.pull)) || undefined}>
          <summary>{fill(texts.fetchable, { n: others.length })}</summary>
          <table className="fetchable">
            <tbody>
              {others.map((model) => (
                <tr key={model.name} data-model={model.name}>
                  <NameAndSize model={model} />
                  <td className="pull">
                    <Pull pull={model.pull} />
                  </td>
                  <td className="actions">
                    <button type="button" disabled={isRunning(model.pull)} onClick={() => void pull(model.name)}>
                      {texts.fetch}
                    </button>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </details>
      )}
    </section>
  );
}

function NameAndSize({ model: { name, bytes, installed } }: { model: CatalogueModel }) {
  const { texts, locale } = usePage();
  return (
    <>
      <td className="mono">{name}</td>
      <td className="number tabular">
        {bytes === undefined ? (installed ? texts.builtIn : "") : formatBytes(bytes, locale)}
      </td>
    </>
  );
}

function isRunning(pull: ModelPull | undefined): boolean {
  return pull !== undefined && pull.state !== "done" && pull.state !== "failed";
}

/** How far a download is, or why there is none. */
function Pull({ pull }: { pull: ModelPull | undefined }) {
  const { texts, locale } = usePage();
  if (!pull || pull.state === "done") return null;
  if (pull.state === "failed") {
    return (
      <span className="problem" title={pull.message}>
        {fill(texts.failed, { message: pull.message })}
      </span>
    );
  }
  const { receivedBytes, totalBytes } = pull;
  if (!totalBytes) return <span title={pull.message}>{pull.message}</span>;
  return (
    <span className="tabular" title={pull.message}>
      <progress value={receivedBytes} max={totalBytes} /> {formatPercent(receivedBytes / totalBytes, locale)}
    </span>
  );
}
