/** Version of the native wire. A server refuses any other with `unsupported_protocol`. */
export const PROTOCOL_VERSION = 1;

/** WebSocket subprotocol that our clients offer and the server selects. */
export const SUBPROTOCOL = "stt.v1";

/** Prefix of the subprotocol by which a browser passes its token; the server never echoes it. */
export const BEARER_SUBPROTOCOL_PREFIX = "stt.bearer.";

/**
 * Prefix of the subprotocol by which a client that comes back names its session, so that a dead connection which still holds the
 * session's place gives it up before the upgrade is judged; never echoed either.
 */
export const RESUME_SUBPROTOCOL_PREFIX = "stt.resume.";

/** Path of the native stream. */
export const STREAM_PATH = "/v1/stream";
