// Any text → the value of a label between its quotes, as Prometheus reads it.

export function labelValue(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
