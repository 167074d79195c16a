import { SttError } from "@stt/core";
import type { Access, Credentials, Principal, Scope } from "./access.js";
import type { ApiKey } from "./api-key.js";
import { bearerOf } from "./bearer.js";
import type { KeyStore } from "./key-store.js";
import { checkOwnOrigins, type OriginPolicy } from "./origin-policy.js";
import type { TokenSigner } from "./token-signer.js";
import type { KeyLimits, UsageLedger } from "./usage.js";

export interface KeyAccessOptions {
  keys: KeyStore;
  tokens: TokenSigner;
  origins: OriginPolicy;
  ledger: UsageLedger;
  /** Of keys that have none of their own. */
  limits: KeyLimits;
}

/** Three parts of base64url: no key of ours looks like that, and one that does is still looked up as a key first. */
const TOKEN_SHAPE = /^[\w-]+\.[\w-]+\.[\w-]+$/;
const TOKEN_SCOPES: ReadonlySet<Scope> = new Set(["transcribe"]);
const MAX_BEARER_LENGTH = 4096;

/** Lets in who shows an API key or a token. */
export class KeyAccess implements Access {
  readonly #options: KeyAccessOptions;

  constructor(options: KeyAccessOptions) {
    this.#options = options;
  }

  holds({ by, name, keyHash, scopes }: Principal): boolean {
    const { keys } = this.#options;
    if (by === "token" && keys.size === 0) return true;
    const key = keys.byName(name);
    return key !== undefined && key.hash === keyHash && [...scopes].every((scope) => key.scopes.includes(scope));
  }

  onChange(listener: () => void): () => void {
    return this.#options.keys.onChange(listener);
  }

  async authorize({ headers }: Credentials, scope: Scope): Promise<Principal> {
    const { origins, keys } = this.#options;
    origins.check(headers);
    const bearer = bearerOf(headers);
    if (bearer === undefined) {
      throw new SttError(
        "unauthorized",
        'This server asks for an API key or a token: send "Authorization: Bearer KEY", or from a browser the WebSocket subprotocol "stt.bearer.TOKEN".',
      );
    }
    if (bearer.length > MAX_BEARER_LENGTH)
      throw new SttError("unauthorized", "What was sent as a key is far too long.");
    const key = keys.find(bearer);
    if (key) checkOwnOrigins(headers, key.origins ?? [], `The key "${key.name}"`);
    const principal = key ? this.#ofKey(key) : await this.#ofToken(bearer, headers);
    if (!principal.scopes.has(scope)) {
      const what = principal.by === "token" ? "A token" : `The key "${principal.name}"`;
      throw new SttError("forbidden", `${what} may not do this: it needs a key with the scope "${scope}".`);
    }
    principal.usage?.countRequest();
    if (scope === "transcribe") principal.usage?.requireAudio();
    return principal;
  }

  #ofKey(key: ApiKey): Principal {
    return { name: key.name, scopes: new Set(key.scopes), by: "key", keyHash: key.hash, usage: this.#usageOf(key) };
  }

  async #ofToken(bearer: string, headers: Credentials["headers"]): Promise<Principal> {
    const { tokens, keys, ledger, limits } = this.#options;
    if (!TOKEN_SHAPE.test(bearer)) throw new SttError("unauthorized", "The API key is not known here, or was revoked.");
    const token = await tokens.verify(bearer);
    checkOwnOrigins(headers, token.origin === undefined ? [] : [token.origin], "The token");
    const key = keys.byName(token.name);
    const ours = key !== undefined && tokens.fingerprintOf(key.hash) === token.fingerprint;
    // A server without keys of its own stands in a fleet whose other servers mint: it goes by the signature alone.
    if (keys.size > 0 && !(ours && key.scopes.includes("transcribe"))) {
      throw new SttError(
        "unauthorized",
        `The key "${token.name}" behind this token is not known here, or was revoked.`,
      );
    }
    return {
      name: token.name,
      scopes: TOKEN_SCOPES,
      by: "token",
      expiresAt: token.expiresAt,
      ...(ours ? { keyHash: key.hash } : {}),
      ...(token.singleSession ? { singleSession: token.id } : {}),
      usage: ours ? this.#usageOf(key) : ledger.of(token.name, limits),
    };
  }

  #usageOf({ name, limits: own }: ApiKey) {
    const { ledger, limits } = this.#options;
    return ledger.of(name, {
      sessions: own?.sessions ?? limits.sessions,
      requestsPerMinute: own?.requestsPerMinute ?? limits.requestsPerMinute,
      audioMinutesPerDay: own?.audioMinutesPerDay ?? limits.audioMinutesPerDay,
    });
  }
}
