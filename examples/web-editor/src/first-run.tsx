/** Before the browser was asked for the microphone: what will happen, and the button that makes it. */
import { Button, Icon } from "@stt/ui";
import { useEffect, useRef } from "react";
import { usePage } from "./page-context.js";

export interface FirstRunProps {
  onAllow(): void;
  onChooseFile(): void;
}

export function FirstRun({ onAllow, onChooseFile }: FirstRunProps) {
  const { texts } = usePage();
  const allow = useRef<HTMLButtonElement>(null);
  useEffect(() => allow.current?.focus(), []);
  return (
    <section className="first-run" aria-labelledby="first-run-title">
      <h1 id="first-run-title">{texts.firstTitle}</h1>
      <p>{texts.firstText}</p>
      <p className="first-run-actions">
        <Button className="primary" ref={allow} onClick={onAllow}>
          <Icon name="microphone" />
          {texts.allow}
        </Button>
        <Button className="quiet" onClick={onChooseFile}>
          {texts.orFile} {texts.chooseFile.toLowerCase()}
        </Button>
      </p>
    </section>
  );
}
