/** The models on disk, and what they are used for. */
import { formatBytes } from "./format.js";
import { usePage } from "./page-context.js";

export function Models() {
  const { texts, locale, snapshot } = usePage();
  const { models } = snapshot;
  return (
    <section className="panel models">
      <h2>{texts.models}</h2>
      {models.length === 0 ? (
        <p className="hint">{texts.noModels}</p>
      ) : (
        <table>
          <thead>
            <tr>
              <th>{texts.model}</th>
              <th className="number">{texts.size}</th>
              <th>{texts.usedFor}</th>
            </tr>
          </thead>
          <tbody>
            {models.map(({ name, bytes, usedFor }) => (
              <tr key={name} data-model={name}>
                <td className="mono">{name}</td>
                <td className="number tabular">{bytes === undefined ? texts.builtIn : formatBytes(bytes, locale)}</td>
                <td>{usedFor.map((use) => texts[use]).join(", ")}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
