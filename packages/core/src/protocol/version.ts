/** Version of the native wire. A server refuses any other with `unsupported_protocol`. */
export const PROTOCOL_VERSION = 1;

/** WebSocket subprotocol that our clients offer and the server selects. */
export const SUBPROTOCOL = "stt.v1";

/** Prefix of the subprotocol by which a browser passes its token; the server never echoes it. */
export const BEARER_SUBPROTOCOL_PREFIX = "stt.bearer.";

/** Path of the native stream. */
export const STREAM_PATH = "/v1/stream";
