import { createHmac, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { SttError } from "@stt/core";

export interface TwilioSignatureOptions {
  /** Of the Twilio account. */
  authToken: string;
  /** The URL as it stands in `<Stream url="...">`. Empty: made of the request's `Host` and path. */
  streamUrl: string;
}

/**
 * Whether Twilio sent this request for our account (https://www.twilio.com/docs/usage/security). It signs the URL that it called.
 *
 * @throws SttError `unauthorized`
 */
export function checkTwilioSignature({ headers, url = "" }: IncomingMessage, options: TwilioSignatureOptions): void {
  const given = headers["x-twilio-signature"];
  const urls = options.streamUrl === "" ? urlsOf(String(headers.host ?? ""), url) : [options.streamUrl];
  const isSigned =
    typeof given === "string" && urls.some((each) => sameText(given, twilioSignature(options.authToken, each)));
  if (isSigned) return;
  throw new SttError(
    "unauthorized",
    "This is not signed by Twilio with TWILIO_AUTH_TOKEN for this address. Behind a proxy that changes host or path, set TWILIO_STREAM_URL.",
  );
}

/** What stands in `X-Twilio-Signature` of a request for this URL. */
export function twilioSignature(authToken: string, url: string): string {
  return createHmac("sha1", authToken).update(url).digest("base64");
}

/** With and without a slash at the end: Twilio's documentation knows both. */
function urlsOf(host: string, path: string): string[] {
  return ["wss", "https", "ws", "http"].flatMap((scheme) => {
    const url = `${scheme}://${host}${path}`;
    return [url, `${url}/`];
  });
}

function sameText(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
