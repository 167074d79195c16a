export const PUBLISHED: string[];
export const PLATFORMS: string[];
export const OPT_IN_PLATFORMS: string[];
export function nativeTarball(platform: string, version: string): string;
