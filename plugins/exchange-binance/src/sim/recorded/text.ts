/** Ids are numbers on this venue's wire, as long as they are exact. */
export function idOf(id: string): number | string {
  const number = Number(id);
  return Number.isSafeInteger(number) ? number : id;
}
