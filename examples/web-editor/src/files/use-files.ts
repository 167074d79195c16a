import { serverUrl } from "@stt/ui";
import { useEffect, useRef, useState, useSyncExternalStore } from "react";
import type { Editor } from "../editor.js";
import { usePage } from "../page-context.js";
import type { Actions } from "../use-actions.js";
import { CANDIDATES } from "../use-speech.js";
import { type FileJob, FileQueue } from "./file-queue.js";

export interface Files {
  jobs: readonly FileJob[];
  add(files: readonly File[]): void;
  remove(id: string): void;
}

/** One file is written where the caret is when it is done; of many, each where its reader wants it. All are in the history. */
export function useFiles(editor: Editor, { setWarning }: Actions): Files {
  const { preferences } = usePage();
  const { language, key } = preferences;
  const insert = useRef<(job: FileJob) => void>(() => {});
  useEffect(() => {
    insert.current = ({ text, isOneOfMany }) => {
      if (!isOneOfMany && text !== "") editor.insert(text);
    };
  });
  const [queue] = useState(() => new FileQueue((job) => insert.current(job)));
  const jobs = useSyncExternalStore(queue.subscribe, queue.getSnapshot);
  const add = (files: readonly File[]) => {
    setWarning(null);
    queue.add(files, {
      url: serverUrl(""),
      token: key,
      language,
      languages: language === undefined ? CANDIDATES : undefined,
    });
  };
  return { jobs, add, remove: (id) => queue.remove(id) };
}
