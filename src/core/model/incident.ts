// What may name an incident.

const INCIDENT = /^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$/;

/** Letters, digits, ".", "_", ":" and "-", at most 64, beginning with a letter or digit (design section 3). */
export function isIncidentId(text: string): boolean {
  return INCIDENT.test(text);
}
