/** React in a simulated page. */
import { act, StrictMode } from "react";
import { createRoot } from "react-dom/client";

(globalThis as { IS_REACT_ACT_ENVIRONMENT?: boolean }).IS_REACT_ACT_ENVIRONMENT = true;

export interface Rendered<T> {
  /** What the hook returned last. */
  readonly current: T;
  rerender(): Promise<void>;
  unmount(): Promise<void>;
}

interface HostProps {
  use(): void;
}

function Host({ use }: HostProps) {
  use();
  return null;
}

/** Runs a hook in StrictMode, where React mounts everything twice. */
export async function renderHook<T>(hook: () => T): Promise<Rendered<T>> {
  let current!: T;
  const root = createRoot(document.createElement("div"));
  const render = () =>
    act(async () =>
      root.render(
        <StrictMode>
          <Host
            use={() => {
              current = hook();
            }}
          />
        </StrictMode>,
      ),
    );
  await render();
  return {
    get current() {
      return current;
    },
    rerender: render,
    unmount: () => act(async () => root.unmount()),
  };
}
