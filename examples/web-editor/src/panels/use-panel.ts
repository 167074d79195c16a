/** What a panel needs: all that the page has, with the sentences that only panels speak. */
import type { Locale } from "@stt/core";
import { use, useDeferredValue, useMemo } from "react";
import { type PageContext, usePage } from "../page-context.js";
import { LOAD_PANEL_TEXTS, type PanelTexts, type Texts } from "../texts/index.js";

export interface PanelContext extends PageContext {
  texts: Texts & PanelTexts;
}

const LOADED = new Map<Locale, Promise<PanelTexts>>();

/** Suspends until the sentences are there; of another language, what is shown stays until then. */
export function usePanel(): PanelContext {
  const page = usePage();
  const panelTexts = use(load(useDeferredValue(page.locale)));
  return useMemo(() => ({ ...page, texts: { ...page.texts, ...panelTexts } }), [page, panelTexts]);
}

function load(locale: Locale): Promise<PanelTexts> {
  const texts = LOADED.get(locale) ?? LOAD_PANEL_TEXTS[locale]();
  LOADED.set(locale, texts);
  texts.catch(() => LOADED.delete(locale));
  return texts;
}
