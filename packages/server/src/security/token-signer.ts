import { createHmac, randomBytes, randomUUID } from "node:crypto";
import { SttError } from "@stt/core";
import { errors, jwtVerify, SignJWT } from "jose";

/** What a token says of its holder. */
export interface TokenClaims {
  /** Name of the key that asked for it. */
  name: string;
  /** Tells that key from another of the same name, see {@link TokenSigner.fingerprintOf}; absent on a server without keys. */
  fingerprint?: string | undefined;
  /** The only page that may use it. @default any */
  origin?: string | undefined;
  /** One session at a time. @default false */
  singleSession?: boolean | undefined;
}

export interface VerifiedToken extends TokenClaims {
  /** Milliseconds since 1970. */
  expiresAt: number;
  id: string;
}

const ALGORITHM = "HS256";
const ISSUER = "stt";
const AUDIENCE = "stt:transcribe";
const SECRET_BYTES = 32;
const FINGERPRINT_LENGTH = 22;

/** Makes and reads short-lived tokens: signed JWTs, so that any server with the same secret can read them. */
export class TokenSigner {
  readonly #secret: Uint8Array;

  /** @param secret TOKEN_SECRET; empty makes one that nobody else has. */
  constructor(secret: string) {
    this.#secret = secret === "" ? randomBytes(SECRET_BYTES) : new TextEncoder().encode(secret);
  }

  /** @param ttlMs whole seconds, in milliseconds. */
  async sign({ name, fingerprint, origin, singleSession }: TokenClaims, ttlMs: number): Promise<string> {
    const now = Math.floor(Date.now() / 1000);
    const claims = {
      ...(fingerprint === undefined ? {} : { key: fingerprint }),
      ...(origin === undefined ? {} : { origin }),
      ...(singleSession ? { single: true } : {}),
    };
    return new SignJWT(claims)
      .setProtectedHeader({ alg: ALGORITHM })
      .setIssuer(ISSUER)
      .setAudience(AUDIENCE)
      .setSubject(name)
      .setJti(randomUUID())
      .setIssuedAt(now)
      .setExpirationTime(now + Math.ceil(ttlMs / 1000))
      .sign(this.#secret);
  }

  /** What a token says of the key that asked for it. Keyed: a hash of a weak key would let its reader guess the key. */
  fingerprintOf(keyHash: string): string {
    return createHmac("sha256", this.#secret).update(keyHash).digest("base64url").slice(0, FINGERPRINT_LENGTH);
  }

  /** @throws SttError `unauthorized` */
  async verify(token: string): Promise<VerifiedToken> {
    try {
      const { payload } = await jwtVerify(token, this.#secret, {
        algorithms: [ALGORITHM],
        issuer: ISSUER,
        audience: AUDIENCE,
        requiredClaims: ["sub", "jti", "exp"],
      });
      return {
        name: payload.sub!,
        id: payload.jti!,
        expiresAt: payload.exp! * 1000,
        singleSession: payload.single === true,
        ...(typeof payload.key === "string" ? { fingerprint: payload.key } : {}),
        ...(typeof payload.origin === "string" ? { origin: payload.origin } : {}),
      };
    } catch (cause) {
      if (cause instanceof errors.JWTExpired) {
        throw new SttError("unauthorized", "The token has expired. Ask for another one at POST /v1/tokens.");
      }
      throw new SttError("unauthorized", "The token is not one that this server or its fleet signed.");
    }
  }
}
