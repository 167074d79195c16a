import { createPrivateKey, X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";
import { messageOf, SttError } from "@stt/core";

/** What TLS needs, both PEM. */
export interface Certificate {
  cert: string;
  key: string;
  /** Milliseconds since 1970. */
  expiresAt: number;
}

/**
 * Reads a certificate and its key, and makes sure that they are good, current and belong together.
 *
 * @throws SttError `io_error` or `invalid_config`, naming the file and its variable.
 */
export async function readCertificate(certFile: string, keyFile: string): Promise<Certificate> {
  if (certFile === "" || keyFile === "") {
    const [given, missing] = certFile === "" ? ["TLS_KEY_FILE", "TLS_CERT_FILE"] : ["TLS_CERT_FILE", "TLS_KEY_FILE"];
    throw new SttError("invalid_config", `${given} is set and ${missing} is not: TLS needs both.`);
  }
  const cert = await readText(certFile, "TLS_CERT_FILE");
  const key = await readText(keyFile, "TLS_KEY_FILE");
  const certificate = parse(() => new X509Certificate(cert), certFile, "TLS_CERT_FILE", "a certificate");
  const privateKey = parse(() => createPrivateKey(key), keyFile, "TLS_KEY_FILE", "a private key without a passphrase");
  if (!certificate.checkPrivateKey(privateKey)) {
    throw new SttError(
      "invalid_config",
      `The key in ${keyFile} (TLS_KEY_FILE) is not the one of the certificate in ${certFile} (TLS_CERT_FILE).`,
    );
  }
  const expiresAt = Date.parse(certificate.validTo);
  if (expiresAt <= Date.now()) {
    throw new SttError(
      "invalid_config",
      `The certificate in ${certFile} (TLS_CERT_FILE) expired on ${certificate.validTo}.`,
    );
  }
  if (Date.parse(certificate.validFrom) > Date.now()) {
    throw new SttError(
      "invalid_config",
      `The certificate in ${certFile} (TLS_CERT_FILE) is good only from ${certificate.validFrom} on.`,
    );
  }
  return { cert, key, expiresAt };
}

async function readText(path: string, variable: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new SttError("io_error", `${path} (${variable}) cannot be read: ${code ?? messageOf(cause)}.`, { cause });
  }
}

/** OpenSSL's words for what is wrong help nobody. */
function parse<T>(read: () => T, path: string, variable: string, what: string): T {
  try {
    return read();
  } catch (cause) {
    throw new SttError("invalid_config", `${path} (${variable}) does not hold ${what} in PEM.`, { cause });
  }
}
