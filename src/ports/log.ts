// Log events with pinned names (contract section 5).
import type { Json } from '../core/model/json.ts';

export type LogFields = { readonly [name: string]: Json };

export interface Log {
  info(event: string, fields: LogFields): void;
  warn(event: string, fields: LogFields): void;
  error(event: string, fields: LogFields): void;
}
