/**
 * Address of something that the server has: pages lie one folder below it, whatever path a proxy puts in front.
 *
 * @param path without a slash at its beginning: `v1/stream`
 */
export function serverUrl(path: string): string {
  return new URL(`../${path}`, location.href).href;
}
