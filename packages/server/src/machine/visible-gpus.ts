/**
 * The GPUs that this process may use, as `CUDA_VISIBLE_DEVICES` names them: one entry for each inference process.
 *
 * @param present how many the machine has.
 * @param visible the variable; unset means all, and as in CUDA everything from the first unusable entry on is ignored.
 */
export function visibleGpus(present: number, visible: string | undefined): string[] {
  if (visible === undefined) return Array.from({ length: present }, (_, index) => String(index));
  const usable: string[] = [];
  for (const entry of visible.split(",").map((part) => part.trim())) {
    const known = /^\d+$/.test(entry) ? Number(entry) < present : /^(GPU|MIG)-[\w/-]+$/.test(entry);
    if (!known || usable.includes(entry)) break;
    usable.push(entry);
  }
  return usable;
}
