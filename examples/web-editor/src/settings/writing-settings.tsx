/** How recognised text is written: the fields of a session that are a matter of taste. */
import type { Numerals, Redaction } from "@stt/core";
import { useId } from "react";
import { usePanel } from "../panels/use-panel.js";
import { Setting, Switch } from "./switch.js";

const REDACTIONS: readonly Redaction[] = ["email", "phone", "card"];

export function WritingSettings() {
  const { texts, preferences, prefer } = usePanel();
  const { numerals, fillers, profanity, typography, redact } = preferences;
  const numeralsId = useId();
  return (
    <section className="writing">
      <h3>{texts.writing}</h3>
      <p className="hint">{texts.writingHint}</p>
      <Switch name="spokenPunctuation" label={texts.spokenPunctuation} hint={texts.spokenPunctuationHint} />
      <div className="setting setting-row">
        <label htmlFor={numeralsId}>{texts.numerals}</label>
        <select
          id={numeralsId}
          value={numerals ?? ""}
          onChange={({ target }) => prefer({ numerals: target.value as Numerals })}
        >
          {/* A session that was told can be told otherwise, but not to forget it. */}
          {numerals === undefined && <option value="">{texts.serversNumerals}</option>}
          <option value="as_is">{texts.as_is}</option>
          <option value="figures">{texts.figures}</option>
          <option value="words">{texts.inWords}</option>
        </select>
      </div>
      <Setting
        label={texts.fillers}
        isOn={fillers === "remove"}
        onChange={(isOn) => prefer({ fillers: isOn ? "remove" : "keep" })}
      />
      <Setting
        label={texts.profanity}
        isOn={profanity === "mask"}
        onChange={(isOn) => prefer({ profanity: isOn ? "mask" : "keep" })}
      />
      <Setting label={texts.typography} isOn={typography === true} onChange={(isOn) => prefer({ typography: isOn })} />
      <fieldset className="setting">
        <legend>{texts.redact}</legend>
        {REDACTIONS.map((kind) => (
          <label key={kind} className="switch">
            <input
              type="checkbox"
              checked={redact.includes(kind)}
              onChange={({ target }) =>
                prefer({
                  redact: REDACTIONS.filter((each) => (each === kind ? target.checked : redact.includes(each))),
                })
              }
            />
            {texts[kind]}
          </label>
        ))}
      </fieldset>
    </section>
  );
}
