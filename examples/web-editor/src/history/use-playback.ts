/** Plays what was kept of an utterance, and tells which word is being heard. */
import { useCallback, useEffect, useRef, useState } from "react";
import type { HistoryEntry } from "./entry.js";
import { openHistory } from "./history.js";
import { soundFromMs } from "./tape.js";

export interface Playback {
  /** Of what is being played; null while nothing is. */
  id: string | null;
  /** Index of its word that is heard now; -1 between words, and without times. */
  word: number;
  play(entry: HistoryEntry): Promise<void>;
  stop(): void;
}

const SAMPLE_RATE = 16_000;

export function usePlayback(): Playback {
  const [id, setId] = useState<string | null>(null);
  const [word, setWord] = useState(-1);
  const ending = useRef<() => void>(undefined);
  const stop = useCallback(() => ending.current?.(), []);
  useEffect(() => stop, [stop]);
  const play = useCallback(
    async (entry: HistoryEntry) => {
      stop();
      // In the click: browsers allow no sound later.
      const context = new AudioContext();
      const pcm = await (await openHistory()).sound(entry.id);
      if (!pcm) return void context.close();
      const samples = Float32Array.from(new Int16Array(pcm), (value) => value / 32_768);
      const buffer = new AudioBuffer({ length: samples.length, sampleRate: SAMPLE_RATE });
      buffer.copyToChannel(samples, 0);
      const node = new AudioBufferSourceNode(context, { buffer });
      node.connect(context.destination);
      const startedAt = context.currentTime;
      const follow = setInterval(() => {
        const ms = soundFromMs(entry.startMs) + (context.currentTime - startedAt) * 1000;
        setWord(entry.words?.findIndex(({ startMs, endMs }) => startMs <= ms && ms < endMs) ?? -1);
      }, 40);
      const end = () => {
        if (ending.current !== end) return;
        ending.current = undefined;
        clearInterval(follow);
        void context.close();
        setId(null);
        setWord(-1);
      };
      ending.current = end;
      node.onended = end;
      node.start();
      setId(entry.id);
    },
    [stop],
  );
  return { id, word, play, stop };
}
