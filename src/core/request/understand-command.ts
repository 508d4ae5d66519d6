// Whatever is proposed, text or a request, becomes what it would do.
import { understand } from '../command/understand.ts';
import type { Command, Surroundings } from '../model/command.ts';
import type { Understanding } from '../model/understanding.ts';
import { understandRequest } from './understand-request.ts';

/** What a command would do, part by part, and why it is not executable where it is not. Total. */
export function understandCommand(command: Command, surroundings: Surroundings): Understanding {
  return command.kind === 'request'
    ? understandRequest(command.request, surroundings)
    : understand(command, surroundings);
}
