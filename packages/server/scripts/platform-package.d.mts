export function platformPackageName(options?: { cuda?: boolean; platform?: string; arch?: string }): string;
export function platformPackage(root: string, options?: { cuda?: boolean }): { addon?: string; problem?: string };
