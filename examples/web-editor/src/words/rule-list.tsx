/** Replacements in the order in which they are applied. */
import { Button, fill, Icon } from "@stt/ui";
import { flushSync } from "react-dom";
import { usePanel } from "../panels/use-panel.js";
import { REPLACEMENTS, type Rule } from "./replacements.js";
import { faultText } from "./rule-form.js";

export interface RuleListProps {
  rules: readonly Rule[];
  onChange(rule: Rule): void;
}

export function RuleList({ rules, onChange }: RuleListProps) {
  const { texts } = usePanel();
  const move = (rule: Rule, by: 1 | -1, button: HTMLElement) => {
    const hadKeyboard = document.activeElement === button;
    flushSync(() => REPLACEMENTS.move(rule, by));
    if (hadKeyboard) button.focus();
  };
  return (
    <ol className="terms rules">
      {rules.map((rule, i) => {
        const said = rule.pattern ? `/${rule.find}/` : rule.find;
        return (
          <li key={said}>
            <Button className="quiet rule" title={texts.changeRule} onClick={() => onChange(rule)}>
              <span className="term">{said}</span>
              <span className="rule-arrow"> → </span>
              <span className="rule-written">{rule.replace === "" ? texts.writesNothing : rule.replace}</span>
            </Button>
            <div className="rule-ends">
              <Button
                className="quiet"
                aria-label={fill(texts.moveUp, { title: said })}
                aria-disabled={i === 0}
                title={texts.up}
                onClick={({ currentTarget }) => move(rule, -1, currentTarget)}
              >
                <Icon name="up" />
              </Button>
              <Button
                className="quiet"
                aria-label={fill(texts.moveDown, { title: said })}
                aria-disabled={i === rules.length - 1}
                title={texts.down}
                onClick={({ currentTarget }) => move(rule, 1, currentTarget)}
              >
                <Icon name="down" />
              </Button>
              <Button
                className="quiet"
                aria-label={fill(texts.removeOf, { title: said })}
                title={texts.remove}
                onClick={() => REPLACEMENTS.remove(rule)}
              >
                <Icon name="close" />
              </Button>
            </div>
            {rule.fault !== undefined && <p className="fault">{faultText(rule.fault, texts)}</p>}
          </li>
        );
      })}
    </ol>
  );
}
