import type { Clock } from "@stt/core";

/** A client opens its two sockets within this time. */
const TOGETHER_MS = 10_000;

interface Side<Self, Other> {
  readonly item: Self;
  readonly key: string;
  readonly openedAt: number;
  partner: Side<Other, Self> | undefined;
  /** Of a control socket: it gave a command that concerns its partner, so that it is one indeed. */
  proven: boolean;
}

/**
 * Finds out which control socket and which data socket are one client's: the wire itself does not say. Those of the same
 * key (address and principal) are paired in the order of their opening, whichever of the two kinds comes first.
 */
export class Pairing<Control, Data> {
  readonly #clock: Clock;
  readonly #onPair: (control: Control, data: Data) => void;
  readonly #controls = new Map<Control, Side<Control, Data>>();
  readonly #datas = new Map<Data, Side<Data, Control>>();

  constructor(clock: Clock, onPair: (control: Control, data: Data) => void) {
    this.#clock = clock;
    this.#onPair = onPair;
  }

  controlOpened(control: Control, key: string): void {
    const side = this.#side<Control, Data>(control, key);
    this.#controls.set(control, side);
    const free = this.#alone(this.#datas, key);
    if (free) this.#pair(side, free);
  }

  dataOpened(data: Data, key: string): void {
    const side = this.#side<Data, Control>(data, key);
    this.#datas.set(data, side);
    const free = this.#alone(this.#controls, key);
    if (free) this.#pair(free, side);
  }

  /** The data socket of a control socket, if it has one. */
  dataOf(control: Control): Data | undefined {
    return this.#controls.get(control)?.partner?.item;
  }

  /**
   * A command that concerns the control socket's own data socket came in. If it has none, one whose control socket never gave
   * such a command (somebody who only looks at the server's state) is taken over.
   */
  commanded(control: Control): void {
    const side = this.#controls.get(control);
    if (!side || side.proven) return;
    side.proven = true;
    if (side.partner) return;
    const mistaken = [...this.#datas.values()].filter(({ key, partner }) => key === side.key && !partner?.proven);
    const data = mistaken.at(-1);
    if (!data) return;
    if (data.partner) data.partner.partner = undefined;
    this.#pair(side, data);
  }

  controlClosed(control: Control): void {
    const data = this.#controls.get(control)?.partner;
    this.#controls.delete(control);
    if (!data) return;
    data.partner = undefined;
    // A control socket that was only tried out may have taken the data socket from the one that stays.
    const waiting = this.#alone(this.#controls, data.key);
    if (waiting) this.#pair(waiting, data);
  }

  dataClosed(data: Data): void {
    const control = this.#datas.get(data)?.partner;
    this.#datas.delete(data);
    if (control) control.partner = undefined;
  }

  #side<Self, Other>(item: Self, key: string): Side<Self, Other> {
    return { item, key, openedAt: this.#clock.now(), partner: undefined, proven: false };
  }

  /** Of those without a partner the first that opened just now, else the last: older ones belong to clients with one socket. */
  #alone<Self, Other>(sides: ReadonlyMap<Self, Side<Self, Other>>, key: string): Side<Self, Other> | undefined {
    const alone = [...sides.values()].filter((side) => side.key === key && !side.partner);
    const now = this.#clock.now();
    return alone.find(({ openedAt }) => now - openedAt <= TOGETHER_MS) ?? alone.at(-1);
  }

  #pair(control: Side<Control, Data>, data: Side<Data, Control>): void {
    control.partner = data;
    data.partner = control;
    this.#onPair(control.item, data.item);
  }
}
