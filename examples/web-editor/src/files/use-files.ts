import { serverUrl } from "@stt/ui";
import { useEffect, useSyncExternalStore } from "react";
import type { Editor } from "../editor.js";
import { usePage } from "../page-context.js";
import type { Actions } from "../use-actions.js";
import { CANDIDATES } from "../use-speech.js";
import { useTextWishes } from "../use-text-wishes.js";
import { type FileJob, FileQueue } from "./file-queue.js";

export interface Files {
  jobs: readonly FileJob[];
  add(files: readonly File[]): void;
  remove(id: string): void;
}

/** What is done with a file that is done: the latest page's word. */
const latest: { onDone(job: FileJob): void } = { onDone: () => {} };
/** One for all of the page's sessions: a new one ends no file. */
const QUEUE = new FileQueue((job) => latest.onDone(job));

/** One file is written where the caret is when it is done; of many, each where its reader wants it. All are in the history. */
export function useFiles(editor: Editor, { setWarning }: Actions): Files {
  const { preferences } = usePage();
  const { language, key } = preferences;
  const wishes = useTextWishes();
  useEffect(() => {
    latest.onDone = ({ text, isOneOfMany }) => {
      if (!isOneOfMany && text !== "") editor.insert(text);
    };
  });
  const jobs = useSyncExternalStore(QUEUE.subscribe, QUEUE.getSnapshot);
  const add = (files: readonly File[]) => {
    setWarning(null);
    QUEUE.add(files, {
      url: serverUrl(""),
      token: key,
      language,
      likelyLanguages: CANDIDATES,
      ...wishes,
    });
  };
  return { jobs, add, remove: (id) => QUEUE.remove(id) };
}
