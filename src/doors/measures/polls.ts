// Who polls chats and forge, and when one last answered → Prometheus text.
import type { Polls } from '../../flow/leading.ts';
import type { Clock } from '../../ports/clock.ts';

export interface PollMeasures extends Polls {
  text(): string;
}

/** `roles`: what one gate at a time polls, at 0 until it does; '' where there is nothing. */
export function createPollMeasures(roles: readonly string[], clock: Pick<Clock, 'now'>): PollMeasures {
  const known = new Map(roles.map((role) => [role, { leads: false, answeredAt: 0 }]));
  return {
    leads: (role, is) => {
      const poll = known.get(role);
      if (poll !== undefined) poll.leads = is;
    },
    answered: (role) => {
      const poll = known.get(role);
      if (poll !== undefined) poll.answeredAt = clock.now();
    },
    text: () => {
      if (known.size === 0) return '';
      const all = [...known];
      return [
        '# HELP blastgate_poll_leading 1 where this gate is the one that polls; one gate at a time does.',
        '# TYPE blastgate_poll_leading gauge',
        ...all.map(([role, { leads }]) => `blastgate_poll_leading{peer="${role}"} ${leads ? 1 : 0}`),
        '# HELP blastgate_poll_timestamp_seconds When a poll of this gate was last answered; 0: never since it started.',
        '# TYPE blastgate_poll_timestamp_seconds gauge',
        ...all.map(
          ([role, { answeredAt }]) =>
            `blastgate_poll_timestamp_seconds{peer="${role}"} ${Math.round(answeredAt / 1000)}`,
        ),
        '',
      ].join('\n');
    },
  };
}
