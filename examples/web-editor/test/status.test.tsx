/** The word for a connection that is away, beside what is lost. */
import type { UseTranscriptionResult } from "@stt/react";
import { renderToStaticMarkup } from "react-dom/server";
import { expect, it } from "vitest";
import { PageContextValue } from "../src/page-context.js";
import { Status } from "../src/status.js";
import { TEXTS } from "../src/texts.js";

function shown(hasLost: boolean, locale: "en" | "ru"): string {
  const page = { preferences: { locale, theme: "system" as const }, prefer() {}, locale, texts: TEXTS[locale] };
  const transcription = { reconnect: null, isListening: false, microphone: null } as unknown as UseTranscriptionResult;
  return renderToStaticMarkup(
    <PageContextValue value={page}>
      <Status transcription={transcription} state="reconnecting" hasLost={hasLost} />
    </PageContextValue>,
  );
}

it("promises that nothing is lost only while nothing is", () => {
  expect(shown(false, "en")).toContain("Reconnecting, nothing is lost");
  expect(shown(true, "en")).toContain("Reconnecting");
  expect(shown(true, "en")).not.toContain("nothing is lost");
  expect(shown(false, "ru")).toContain("ничего не потеряно");
  expect(shown(true, "ru")).not.toContain("ничего не потеряно");
});
