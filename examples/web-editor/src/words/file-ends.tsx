/** Where a list comes in from a file and goes out into one. */
import { Button } from "@stt/ui";
import { useRef } from "react";
import { saveFile } from "../export-file.js";
import { usePanel } from "../panels/use-panel.js";

type Kind = "txt" | "csv";

export interface FileEndsProps {
  /** Name of the files. */
  title: string;
  /** Undefined while there is nothing to write. */
  write: ((kind: Kind) => string) | undefined;
  onText(text: string, kind: Kind): void;
}

const TYPES = { txt: "text/plain", csv: "text/csv" };

export function FileEnds({ title, write, onText }: FileEndsProps) {
  const { texts } = usePanel();
  const picker = useRef<HTMLInputElement>(null);
  const take = async (file: File | undefined) => {
    if (file) onText(await file.text(), /\.csv$/i.test(file.name) ? "csv" : "txt");
  };
  return (
    <div className="history-ends">
      <Button onClick={() => picker.current?.click()}>{texts.wordsImport}</Button>
      {(["txt", "csv"] as const).map((kind) => (
        <Button
          key={kind}
          disabled={!write}
          onClick={() => {
            const blob = new Blob([write!(kind)], { type: `${TYPES[kind]};charset=utf-8` });
            saveFile(blob, `${title.toLowerCase()}.${kind}`);
          }}
        >
          {texts.wordsExport} .{kind}
        </Button>
      ))}
      <input
        ref={picker}
        type="file"
        accept=".txt,.csv,text/plain,text/csv"
        hidden
        onChange={({ target }) => {
          void take(target.files?.[0]);
          target.value = "";
        }}
      />
    </div>
  );
}
