// Any text → the value of a label between its quotes, as Prometheus reads it.

/** Escaped as the exposition format 0.0.4 has it. */
export function labelValue(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}

/** The label of a cluster, to stand behind another; null: there is one, without a name, and no label. */
export function clusterLabel(name: string | null): string {
  return name === null ? '' : `,cluster="${labelValue(name)}"`;
}
