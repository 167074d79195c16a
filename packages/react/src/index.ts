/** `@stt/react`: the types that its hooks will speak; the hooks come with the browser's microphone. */
export type { ClientSnapshot, ClientStatus, SttClient, SttClientOptions } from "@stt/client-web";
