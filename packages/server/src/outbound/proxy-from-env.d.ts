declare module "proxy-from-env" {
  /** @returns the proxy that the environment names for `url`; empty for none. */
  export function getProxyForUrl(url: string): string;
}
