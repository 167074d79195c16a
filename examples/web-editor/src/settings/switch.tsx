/** What is on or off. */
import { useId } from "react";
import { usePanel } from "../panels/use-panel.js";
import type { Preferences } from "../preferences.js";

/** Preferences that are on or off. */
type SwitchName = { [K in keyof Preferences]: Preferences[K] extends boolean ? K : never }[keyof Preferences];

export function Switch({ name, ...props }: { name: SwitchName & string; label: string; hint?: string }) {
  const { preferences, prefer } = usePanel();
  return <Setting {...props} isOn={preferences[name]} onChange={(isOn) => prefer({ [name]: isOn })} />;
}

export interface SettingProps {
  label: string;
  hint?: string;
  isOn: boolean;
  onChange(isOn: boolean): void;
}

export function Setting({ label, hint, isOn, onChange }: SettingProps) {
  const hintId = useId();
  return (
    <div className="setting">
      <label className="switch">
        <input
          type="checkbox"
          checked={isOn}
          aria-describedby={hint ? hintId : undefined}
          onChange={({ target }) => onChange(target.checked)}
        />
        {label}
      </label>
      {hint && (
        <p id={hintId} className="hint">
          {hint}
        </p>
      )}
    </div>
  );
}
