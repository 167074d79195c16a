/** The keys on one sheet, and what one would not guess. */
import type { Command } from "../commands.js";
import { Panel } from "../panels/panel.js";
import { usePanel } from "../panels/use-panel.js";

export default function HelpPanel({ commands, onClose }: { commands: readonly Command[]; onClose(): void }) {
  const { texts } = usePanel();
  return (
    <Panel title={texts.help} onClose={onClose}>
      <dl className="keys">
        {commands
          .filter(({ keys }) => keys)
          .map(({ id, label, keys }) => (
            <div key={id}>
              <dt>{label}</dt>
              <dd>
                <kbd>{keys}</kbd>
              </dd>
            </div>
          ))}
      </dl>
      <ul className="tips">
        {texts.tips.map((tip) => (
          <li key={tip}>{tip}</li>
        ))}
      </ul>
    </Panel>
  );
}
